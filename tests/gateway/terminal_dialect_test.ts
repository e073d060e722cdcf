import { assertEquals } from "@std/assert";
import { ProtocolError } from "../../src/base/errors.ts";
import { TerminalDialect } from "../../src/gateway/terminal_dialect.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("terminal dialect");

/** A moment that is 12:03 wherever the test runs. */
const AT = new Date(2025, 5, 15, 12, 3).getTime();
const WELCOME = {
  type: "welcome",
  name: "guest-1",
  server: "confab",
  version: "1",
  room: "lobby",
} as const;
const CHAT = {
  type: "chat",
  room: "lobby",
  from: "bob",
  txt: "hi",
  seq: 1,
  at: AT,
} as const;
const USERS = {
  type: "users",
  room: "lobby",
  users: [{ name: "bob" }, { name: "guest-1" }],
} as const;

/** The dialect of a guest. */
function ofGuest(): TerminalDialect {
  const dialect = new TerminalDialect();
  dialect.open("");
  dialect.show(WELCOME);
  return dialect;
}

function assertShown(rows: [ServerMessage, string | undefined][]): void {
  for (const [message, shown] of rows) {
    assertEquals(ofGuest().show(message), shown, JSON.stringify(message));
  }
}

test("begins with any line, which counts like the others", () => {
  for (const line of ["hello", "", "exit", "/list", " /password word"]) {
    assertEquals(new TerminalDialect().open(line), { hello: {}, rest: line });
  }
});

test("begins with the password where there is one", () => {
  const rows: [string, string][] = [
    ["/password word", "word"],
    ["/password  two words ", "two words"],
    ["/PASSWORD word", "word"],
  ];
  for (const [line, password] of rows) {
    assertEquals(new TerminalDialect().open(line), { hello: { password } });
  }
  for (const line of ["/password", "/password ", "/passwords are dull"]) {
    assertEquals(new TerminalDialect().open(line), { hello: {}, rest: line });
  }
});

test("welcomes by name", () => {
  const rows: [string, string][] = [
    [
      "lobby",
      "* welcome to confab: you are guest-1 in lobby (/help lists the commands, exit leaves)",
    ],
    [
      "",
      "* welcome to confab: you are guest-1 (/help lists the commands, exit leaves)",
    ],
  ];
  for (const [room, line] of rows) {
    assertEquals(new TerminalDialect().show({ ...WELCOME, room }), line);
  }
});

test("tells how to give a password that is missing", () => {
  const dialect = new TerminalDialect();
  const error = { type: "error", text: "why" } as const;
  assertEquals(
    dialect.show({ ...error, code: "password-required" }),
    "! this server needs a password: connect again, and say /password WORD first",
  );
  assertEquals(dialect.show({ ...error, code: "password-wrong" }), "! why");
  assertEquals(
    ofGuest().show({ ...error, code: "password-required" }),
    "! why",
  );
});

test("says lines, carries out commands, and ends at a bare word", () => {
  const says = (txt: string) => ({ messages: [{ type: "chat", txt }] });
  const rows: [string, object][] = [
    ["hello", says("hello")],
    ["", { messages: [] }],
    ["/me waves", says("/me waves")],
    ["//me", says("//me")],
    ["exit", { leaves: true }],
    ["quit", { leaves: true }],
    [" exit ", { leaves: true }],
    ["Exit", says("Exit")],
    ["exit now", says("exit now")],
    ["HELLO ann", says("HELLO ann")],
    ["/users", { messages: [{ type: "chat", txt: "/users", id: "1" }] }],
  ];
  for (const [line, received] of rows) {
    assertEquals(ofGuest().receive(line), received, line);
  }
});

test("shows what a person would read", () => {
  assertShown([
    [CHAT, "[12:03] bob: hi"],
    [{ ...CHAT, txt: "waves", action: true }, "[12:03] * bob waves"],
    [
      { type: "joined", room: "lobby", name: "bob", at: AT },
      "* bob joined lobby",
    ],
    [{ type: "notice", text: "you are in dev" }, "* you are in dev"],
    [{ type: "error", code: "muted", text: "hush" }, "! hush"],
    [
      { ...USERS, users: [...USERS.users], id: "1" },
      "* in lobby: bob, guest-1",
    ],
    [{ type: "bye", code: "closed", text: "goodbye" }, "* goodbye"],
  ]);
});

test("lets no text pass for a line", () => {
  assertShown([
    [
      { ...CHAT, txt: "hi\n[12:04] ann: ha\n* ann left" },
      "[12:03] bob: hi\n        [12:04] ann: ha\n        * ann left",
    ],
    [
      { type: "error", code: "muted", text: "a\n* ann left" },
      "! a\n        * ann left",
    ],
  ]);
});

test("shows on entering what was said there, and then who is there", () => {
  const dialect = ofGuest();
  const history = {
    type: "history",
    room: "lobby",
    messages: [CHAT, { ...CHAT, txt: "there", seq: 2 }],
  } as const;
  const users = { ...USERS, users: [...USERS.users] };
  const page = { ...history, messages: [...history.messages] };
  assertEquals(dialect.show(users), undefined);
  assertEquals(
    dialect.show({ ...page, more: true }),
    "[12:03] bob: hi\n[12:03] bob: there",
  );
  assertEquals(
    dialect.show({ ...page, messages: [], more: false }),
    "* in lobby: bob, guest-1",
  );
  // One who goes away changes the list, and nobody asked for it.
  assertEquals(dialect.show(users), undefined);
});

test("says nothing of what is between the programs, nor every second how many are there", () => {
  assertShown([
    [{ type: "presence", room: "lobby", count: 300 }, undefined],
    [{ type: "typing", name: "bob" }, undefined],
    [{ type: "read", room: "lobby", seq: 1 }, undefined],
    [{ type: "ack", id: "1" }, undefined],
  ]);
});

test("says what is wrong with a line", () => {
  const error = new ProtocolError("bad-message", "a line is text in UTF-8");
  assertEquals(ofGuest().fault(error), "! a line is text in UTF-8");
});
