/** The program: argv → subcommand → exit status. */
import { describeError, UsageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { VERSION } from "../base/version.ts";
import { tell } from "./environment.ts";
import { FORGET, forget } from "./forget.ts";
import { ID, id } from "./id.ts";
import { JOIN, join } from "./join.ts";
import type { CommandTable } from "./option_table.ts";
import { SERVE, serve } from "./serve.ts";
import { asksForHelp, renderHelp } from "./usage.ts";

interface Subcommand {
  readonly table: CommandTable;
  run(argv: readonly string[]): Promise<number>;
}

const SUBCOMMANDS: readonly Subcommand[] = [
  { table: SERVE, run: serve },
  { table: JOIN, run: join },
  { table: ID, run: id },
  { table: FORGET, run: forget },
];

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
    tell(overview());
    return WRONG_USAGE;
  }
  if (name === "--version") {
    console.log(`confab ${VERSION}`);
    return DONE;
  }
  if (name === "help" || name === "--help" || name === "-h") {
    console.log(
      rest[0] === undefined
        ? overview()
        : renderHelp(find(rest[0]).table).trimEnd(),
    );
    return DONE;
  }
  const { table, run } = find(name);
  if (!asksForHelp(rest)) return await run(rest);
  console.log(renderHelp(table).trimEnd());
  return DONE;
}

function find(name: string): Subcommand {
  const found = SUBCOMMANDS.find(({ table }) => table.name === name);
  if (found !== undefined) return found;
  const near = nearest(name, [
    ...SUBCOMMANDS.map(({ table }) => table.name),
    "help",
  ]);
  const hint = near === undefined
    ? "confab --help lists them"
    : `did you mean ${near}?`;
  throw new UsageError(`there is no command ${JSON.stringify(name)}: ${hint}`);
}

function overview(): string {
  const rows = SUBCOMMANDS.map(({ table }) => {
    const args = table.positionals.map(({ value, ...row }) =>
      "required" in row ? value : `[${value}]`
    ).join(" ");
    return `  confab ${
      `${table.name} ${args}`.trimEnd().padEnd(24)
    } ${table.summary}`;
  });
  return [
    `confab ${VERSION}: a private chat in one program`,
    "",
    ...rows,
    `  confab ${"help COMMAND".padEnd(24)} how one of these is used`,
    `  confab ${"--version".padEnd(24)} the version of this program`,
  ].join("\n");
}
