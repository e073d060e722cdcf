/** The program: argv → subcommand → exit status. */
import { describeError, UsageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { VERSION } from "../base/version.ts";
import { BENCH, bench } from "./bench.ts";
import { tell } from "./environment.ts";
import { INVITE, invite } from "./invite.ts";
import { JOIN, join } from "./join.ts";
import { FORGET, forget, ID, id } from "./keys.ts";
import type { CommandTable } from "./option_table.ts";
import { PURGE, purge } from "./purge.ts";
import { ROTATE_KEY, rotateKey } from "./rotate_key.ts";
import { SERVE, serve } from "./serve.ts";
import { STATUS, status } from "./status.ts";
import { asksForHelp, columns, renderHelp, usageOf } from "./usage.ts";

interface Subcommand {
  readonly table: CommandTable;
  run(argv: readonly string[]): Promise<number>;
}

const SUBCOMMANDS: readonly Subcommand[] = [
  { table: SERVE, run: serve },
  { table: JOIN, run: join },
  { table: INVITE, run: invite },
  { table: STATUS, run: status },
  { table: ID, run: id },
  { table: FORGET, run: forget },
  { table: PURGE, run: purge },
  { table: ROTATE_KEY, run: rotateKey },
  { table: BENCH, run: bench },
];

/** The longest way to write a command. */
const OVERVIEW_LEFT_CHARS = 30;

/** Exit statuses. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs the program and gives its exit status. What goes wrong is one line on standard error. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    tell(`confab: ${describeError(error)}`);
    return error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined) {
    // Its columns are laid out for `confab`, as those of `confab help`.
    console.error(overview());
    return WRONG_USAGE;
  }
  if (name === "--version") {
    console.log(`confab ${VERSION}`);
  } else if (name === "help" || name === "--help" || name === "-h") {
    const [of] = rest;
    console.log(of === undefined ? overview() : helpOn(find(of)));
  } else {
    const command = find(name);
    if (!asksForHelp(rest)) return await command.run(rest);
    console.log(helpOn(command));
  }
  return DONE;
}

function helpOn({ table }: Subcommand): string {
  return renderHelp(table).trimEnd();
}

function find(name: string): Subcommand {
  const found = SUBCOMMANDS.find(({ table }) => table.name === name);
  if (found !== undefined) return found;
  const names = SUBCOMMANDS.map(({ table }) => table.name);
  const near = nearest(name, [...names, "help"]);
  const hint = near === undefined
    ? "confab --help lists them"
    : `did you mean ${near}?`;
  throw new UsageError(`there is no command ${JSON.stringify(name)}: ${hint}`);
}

function overview(): string {
  const row = (usage: string, help: string) =>
    columns(`confab ${usage}`, help, OVERVIEW_LEFT_CHARS);
  return [
    `confab ${VERSION}: a private chat in one program`,
    "",
    ...SUBCOMMANDS.map(({ table }) => row(usageOf(table), table.summary)),
    row("help COMMAND", "how one of these is used"),
    row("--version", "the version of this program"),
  ].join("\n");
}
