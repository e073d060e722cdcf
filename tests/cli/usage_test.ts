import { assertEquals } from "@std/assert";
import { INVITE } from "../../src/cli/invite.ts";
import { ID } from "../../src/cli/keys.ts";
import { type CommandTable, CONFIG_ROW } from "../../src/cli/option_table.ts";
import { PURGE } from "../../src/cli/purge.ts";
import { ROTATE_KEY } from "../../src/cli/rotate_key.ts";
import { SERVE } from "../../src/cli/serve.ts";
import { asksForHelp, renderHelp } from "../../src/cli/usage.ts";

const JOIN: CommandTable = {
  name: "join",
  summary: "Join a server",
  positionals: [{ value: "HOST[:PORT]", help: "the server" }],
  options: {
    name: { kind: "string", value: "NAME", help: "your name" },
    room: {
      kind: "string",
      value: "ROOM",
      help: "where to begin",
      default: "lobby",
    },
    history: {
      kind: "integer",
      value: "N",
      min: 0,
      max: 100,
      help: "messages to show first",
      default: 50,
    },
    "log-format": {
      kind: "choice",
      value: "FORMAT",
      choices: ["text", "json"],
      help: "how to log",
      default: "text",
    },
    "a-very-long-option": { kind: "list", value: "WORDS", help: "words" },
    "trust-new": { kind: "flag", help: "take a first key" },
    password: {
      kind: "string",
      value: "WORD",
      help: "the password",
      secret: true,
    },
    config: CONFIG_ROW,
  },
};

Deno.test({
  name: "usage: is made from the table of a command",
  permissions: "none",
  fn: () => {
    assertEquals(
      renderHelp(JOIN),
      `usage: confab join [OPTION…] [HOST[:PORT]]
Join a server

  HOST[:PORT]                 the server

  --name NAME                 your name
  --room ROOM                 where to begin (default lobby)
  --history N                 messages to show first (0 to 100; default 50)
  --log-format FORMAT         how to log (text or json; default text)
  --a-very-long-option WORDS  words (may be repeated)
  --trust-new                 take a first key
  --config FILE               take options from a YAML or JSON file

  CONFAB_PASSWORD             the password

Every option may also be set in the environment (CONFAB_NAME) or in the file of
--config ("name").
`,
    );
  },
});

Deno.test({
  name: "usage: fits 80 columns, and what goes on does so under its column",
  permissions: "none",
  fn: () => {
    const row = { kind: "flag", help: `${"four ".repeat(13)}end` } as const;
    assertEquals(
      renderHelp({ ...JOIN, positionals: [], options: { slow: row } })
        .split("\n").slice(3, 5),
      [
        `  --slow                      ${"four ".repeat(10).trimEnd()}`,
        `                              ${"four ".repeat(3)}end`,
      ],
    );
    for (const table of [SERVE, INVITE, ID, PURGE, ROTATE_KEY]) {
      const long = renderHelp(table).split("\n").filter((line) =>
        line.length > 80
      );
      assertEquals(long, []);
    }
  },
});

Deno.test({
  name: "usage: of a command without options is a line",
  permissions: "none",
  fn: () => {
    const value = "HOST:PORT-AND-SOMETHING-LONG";
    assertEquals(
      renderHelp({
        name: "forget",
        summary: "Drop a pinned server key",
        positionals: [{ value, help: "the server", required: true }],
        options: {},
      }),
      `usage: confab forget ${value}
Drop a pinned server key

  ${value}
                              the server
`,
    );
  },
});

Deno.test({
  name: "usage: is asked for by --help or -h, but not after --",
  permissions: "none",
  fn: () => {
    assertEquals(asksForHelp(["--port", "1", "--help"]), true);
    assertEquals(asksForHelp(["-h"]), true);
    assertEquals(asksForHelp(["help"]), false);
    assertEquals(asksForHelp(["--", "--help"]), false);
  },
});
