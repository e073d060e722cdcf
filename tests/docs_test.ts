/** What pages in `docs/` list by hand is complete, and what they name is there. */
import { assert, assertEquals } from "@std/assert";
import * as serverInvites from "../src/chat/commands/server_invites.ts";
import * as serverModeration from "../src/chat/commands/server_moderation.ts";
import * as serverRunning from "../src/chat/commands/server_running.ts";
import type { Subcommand } from "../src/chat/commands/command.ts";
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
import { PURGE } from "../src/cli/purge.ts";
import { ROTATE_KEY } from "../src/cli/rotate_key.ts";
import { SERVE } from "../src/cli/serve.ts";
import { STATUS } from "../src/cli/status.ts";
import { WIRE_ERROR_CODES } from "../src/base/errors.ts";
import { SHAPES as OF_CLIENTS } from "../src/wire/client.ts";
import type { Shape } from "../src/wire/schema.ts";
import {
  type ByeCode,
  type LeftReason,
  SHAPES as OF_SERVERS,
} from "../src/wire/server.ts";
import { NUMBERS, NUMBERS_IF_KNOWN, SERIES } from "../src/wire/watched.ts";
import {
  names,
  page,
  ROOT,
  rowsUnder,
  section,
  sources,
  tableRows,
} from "./_docs.ts";

/** As a person writes it: a secret is no flag. */
function written([name, row]: [string, OptionRow]): string {
  return isSecret(row) ? environmentName(name) : `--${name}`;
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
    ...[JOIN, INVITE, STATUS, ID, FORGET, PURGE, ROTATE_KEY, BENCH],
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

Deno.test("every error code is one that the program gives", () => {
  const others = Array.from(sources(new URL("src/", ROOT)))
    .filter((text) => !text.includes("WIRE_ERROR_CODES ="));
  const unused = WIRE_ERROR_CODES.filter((code) =>
    !others.some((text) => text.includes(`"${code}"`))
  );
  assertEquals(unused, []);
});

/** A row of types, and of what they have: names of fields, those that may be missing with a `?`. */
function fieldsOf([types, fields]: string[]): [string, string[]][] {
  const listed = Array.from(
    fields!.matchAll(/`(\w+\??): [^`]+`/g),
    ([, field]) => field!,
  );
  return names(types!).map((type) => [type, listed]);
}

function assertFields(
  rows: string[][],
  shapes: Readonly<Record<string, Shape>>,
): void {
  const told = Object.fromEntries(rows.flatMap(fieldsOf));
  assertEquals(Object.keys(told).sort(), Object.keys(shapes).sort());
  for (const [type, shape] of Object.entries(shapes)) {
    const fields = told[type]!.map((field) => field.replace("?", ""));
    assertEquals(fields.sort(), Object.keys(shape).sort(), type);
    // One of two is written without a mark: either may be missing.
    const missing = told[type]!.filter((field) => field.endsWith("?"))
      .filter((field) => !shape[field.slice(0, -1)]!.isOptional);
    assertEquals(missing, [], `${type}: what must be there is marked with ?`);
  }
}

Deno.test("protocol.md has every message of a client and of the server, with its fields", () => {
  const protocol = page("docs/protocol.md");
  assertFields(rowsUnder(protocol, "From a client"), OF_CLIENTS);
  assertFields(rowsUnder(protocol, "From the server"), OF_SERVERS);
});

Deno.test("protocol.md says what each number of a status is, and which have a history", () => {
  const protocol = page("docs/protocol.md");
  const told = rowsUnder(protocol, "Watching").map(([name]) => names(name!)[0]);
  assertEquals(told.sort(), [...NUMBERS, ...NUMBERS_IF_KNOWN].sort());
  const history = section(protocol, "Watching")
    .split("There are `messages")[1]!.split(": rates and quantiles")[0]!;
  assertEquals(names(`\`messages${history}`), [...SERIES]);
});

Deno.test("protocol.md has every reason of left and code of bye", () => {
  const reasons: Record<LeftReason, 1> = {
    left: 1,
    closed: 1,
    cut: 1,
    kicked: 1,
  };
  const codes: Record<ByeCode, 1> = {
    ...{ closed: 1, restart: 1, kicked: 1, banned: 1, idle: 1, refused: 1 },
  };
  const told = section(page("docs/protocol.md"), "From the server");
  const left = rowsUnder(told, "From the server")
    .find(([type]) => type === "`left`")![1]!.split("`reason: string`:")[1]!;
  assertEquals(names(left).sort(), Object.keys(reasons).sort());
  const bye = told.split("`bye` codes in use:")[1]!.split("After any")[0]!;
  assertEquals(names(bye).sort(), Object.keys(codes).sort());
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

Deno.test("README.md gives each command as /help does, and who may use it", () => {
  const rows = rowsUnder(page("README.md"), "Commands");
  const wrong = COMMANDS.filter(({ name, args, who }) => {
    const usage = `\`${`/${name} ${args}`.trim()}\``;
    const row = rows.find(([commands]) => commands!.includes(usage));
    return row === undefined || (who !== undefined && row[2] !== who);
  });
  assertEquals(wrong.map(({ name }) => name), []);
});

Deno.test("protocol.md lists every command of /server", () => {
  const protocol = page("docs/protocol.md");
  const told = ["Commands", "`/server`"]
    .flatMap((heading) => rowsUnder(protocol, heading))
    .map(([cell]) => cell!.match(/^`server ([a-z]+)/)?.[1])
    .filter((name) => name !== undefined);
  const all = [serverInvites, serverModeration, serverRunning]
    .flatMap((module) => Object.values<unknown>(module))
    .filter((one): one is Subcommand => typeof one === "object");
  assertEquals([...new Set(told)].sort(), all.map(({ name }) => name).sort());
});

Deno.test("flags that pages name are there", () => {
  const tables: readonly CommandTable[] = [
    ...[SERVE, JOIN, INVITE, STATUS, ID, FORGET, PURGE, ROTATE_KEY, BENCH],
  ];
  const known = new Set([
    ...tables.flatMap(({ options }) => Object.entries(options).map(written)),
    ...["--help", "--version"],
    // Of Deno, and of those who make executables with it.
    ...["--allow-sys", "--filter", "--v8-flags", "--expose-gc", "--plugin"],
  ]);
  for (const path of ["README.md", "docs/operations.md", "docs/security.md"]) {
    const told = page(path).match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? [];
    assertEquals(told.filter((flag) => !known.has(flag)), [], path);
  }
});

// ---- What security.md says is shown by tests ----

/** How a text names tests: a file, and behind it what they are called there. */
const NAMED = /`(tests\/[\w/]+_test\.ts)`: ("[^"]+"(?:, "[^"]+")*)/g;

function* testsNamed(text: string): Generator<[string, string]> {
  for (const [, path, list] of text.matchAll(NAMED)) {
    for (const [, name] of list!.matchAll(/"([^"]+)"/g)) yield [path!, name!];
  }
}

/** Whether a file has a test of that name; `…` stands for what a template puts in. */
function hasTest(path: string, name: string): boolean {
  const written = name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll("…", "\\$\\{[^}]+\\}");
  const code = page(path).replace(/^\s*\/\/.*$/gm, "");
  return new RegExp(`(["\`])${written}\\1\\)?\\s*[,:]`).test(code);
}

Deno.test("each test that security.md names is there under that name", () => {
  const security = page("docs/security.md");
  const missing = Array.from(testsNamed(security))
    .filter(([path, name]) => !hasTest(path, name));
  assertEquals(missing, []);
  for (const [, path] of security.matchAll(/`(tests\/[^`]*)`/g)) page(path!);
});

Deno.test("each row of the threats in security.md names a test", () => {
  const threats = page("docs/security.md").split(/^## /m)
    .find((part) => part.startsWith("Threats\n"));
  const rows = tableRows(threats!);
  assert(rows.length > 40);
  const bare = rows.filter((cells) =>
    !/^#(; #)*$/.test(cells[3]!.replace(NAMED, "#"))
  );
  assertEquals(bare, []);
});
