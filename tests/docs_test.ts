/** What pages in `docs/` list by hand is complete: options, log events, error codes, commands. */
import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../src/chat/commands/table.ts";
import { BENCH } from "../src/cli/bench.ts";
import { INVITE } from "../src/cli/invite.ts";
import { JOIN } from "../src/cli/join.ts";
import { FORGET, ID } from "../src/cli/keys.ts";
import {
  type CommandTable,
  environmentName,
  isSecret,
  type OptionRow,
} from "../src/cli/option_table.ts";
import { ROTATE_KEY } from "../src/cli/rotate_key.ts";
import { SERVE } from "../src/cli/serve.ts";
import { WIRE_ERROR_CODES } from "../src/base/errors.ts";

const ROOT = new URL("../", import.meta.url);

function page(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** As a person writes it: a secret is no flag. */
function written([name, row]: [string, OptionRow]): string {
  return isSecret(row) ? environmentName(name) : `--${name}`;
}

/** The rows of a table under a heading, as their cells. */
function rowsUnder(text: string, heading: string): string[][] {
  const section = text.split(/^#+ /m).find((part) => part.startsWith(heading));
  assert(section !== undefined, `there is no section "${heading}"`);
  return section.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Names in backquotes, without what follows them there. */
function names(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`\s]+)[^`]*`/g), ([, name]) => name!);
}

function* sources(directory: URL): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), directory);
    if (entry.isDirectory) yield* sources(url);
    else yield Deno.readTextFileSync(url);
  }
}

Deno.test("operations.md has a row for every option of serve, and no other", () => {
  const rows = rowsUnder(page("docs/operations.md"), "Options of");
  assertEquals(
    rows.map(([option]) => names(option!)[0]).sort(),
    Object.entries(SERVE.options).map(written).sort(),
  );
});

Deno.test("operations.md gives the defaults of serve's options", () => {
  const rows = rowsUnder(page("docs/operations.md"), "Options of");
  for (const entry of Object.entries<OptionRow>(SERVE.options)) {
    const [name, row] = entry;
    if (!("default" in row)) continue;
    const cells = rows.find(([option]) => names(option!)[0] === written(entry));
    const given = cells![1]!.replaceAll("`", "").replaceAll(",", "");
    assertEquals(given, String(row.default), `the default of ${name}`);
  }
});

Deno.test("operations.md names every option of the other commands", () => {
  const rows = rowsUnder(page("docs/operations.md"), "Environment and file");
  const tables: readonly CommandTable[] = [
    ...[JOIN, INVITE, ID, FORGET, ROTATE_KEY, BENCH],
  ];
  for (const table of tables) {
    const cells = rows.find(([command]) =>
      command!.startsWith(`\`confab ${table.name}`)
    );
    assert(cells !== undefined, `there is no row for confab ${table.name}`);
    assertEquals(
      names(cells[1]!).sort(),
      Object.entries(table.options).map(written).sort(),
      `the options of confab ${table.name}`,
    );
  }
});

Deno.test("operations.md explains every event of the log", () => {
  const log = rowsUnder(page("docs/operations.md"), "Log")
    .flatMap(([event]) =>
      Array.from(event!.matchAll(/`([^`]+)`/g), ([, text]) => text)
    );
  const events = new Set(
    Array.from(sources(new URL("src/", ROOT))).flatMap((text) =>
      Array.from(
        text.matchAll(
          /(?:\blog\.(?:debug|info|warn|error)\(|: Repeated = \{\s*event:)\s*"([^"]+)"/g,
        ),
        ([, event]) => event,
      )
    ),
  );
  assertEquals(log.toSorted(), [...events].sort());
});

Deno.test("protocol.md says when each error comes", () => {
  const rows = rowsUnder(page("docs/protocol.md"), "Error codes");
  assertEquals(
    rows.flatMap(([codes]) => names(codes!)).sort(),
    WIRE_ERROR_CODES.toSorted(),
  );
});

Deno.test("protocol.md and README.md list every command with its aliases", () => {
  const all = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
  const protocol = rowsUnder(page("docs/protocol.md"), "Commands")
    .flatMap(([command]) => names(command!));
  assertEquals([...new Set(protocol)].sort(), all.toSorted());
  const readme = rowsUnder(page("README.md"), "Commands")
    .flatMap(([command]) => names(command!))
    .map((name) => name.replace(/^\//, ""));
  assertEquals([...new Set(readme)].sort(), all.toSorted());
});
