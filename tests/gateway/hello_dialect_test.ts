import { assertEquals } from "@std/assert";
import { ProtocolError } from "../../src/base/errors.ts";
import { HelloDialect } from "../../src/gateway/hello_dialect.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("HELLO dialect");

/** A moment that is 12:03 wherever the test runs. */
const AT = new Date(2025, 5, 15, 12, 3).getTime();
const WELCOME = {
  type: "welcome",
  name: "ann",
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
const PRIVATE = {
  type: "private",
  from: "bob",
  to: "ann",
  txt: "hi",
  seq: 1,
  at: AT,
} as const;

/** The dialect of somebody who is ann. */
function ofAnn(): HelloDialect {
  const dialect = new HelloDialect();
  dialect.open("HELLO ann");
  assertEquals(dialect.show(WELCOME), "OK ann");
  return dialect;
}

/** What ann is shown of each message. */
function assertShown(rows: [ServerMessage, string | undefined][]): void {
  for (const [message, shown] of rows) {
    assertEquals(ofAnn().show(message), shown, JSON.stringify(message));
  }
}

test("begins with a name, and perhaps a password", () => {
  const rows: [string, Record<string, string>][] = [
    ["HELLO ann", { name: "ann" }],
    ["HELLO  ann", { name: "ann" }],
    ["HELLO ann ", { name: "ann" }],
    ["HELLO ann open sesame", { name: "ann", password: "open sesame" }],
    ["HELLO ann  two ", { name: "ann", password: " two " }],
    ["HELLO zoë pässwort", { name: "zoë", password: "pässwort" }],
  ];
  for (const [line, hello] of rows) {
    assertEquals(new HelloDialect().open(line), { hello }, line);
  }
});

test("begins with nothing else", () => {
  const invalid = { refusal: "ERR USERNAME_INVALID" };
  for (const line of ["HELLO", "HELLO ", "HELLO\tann", "HELLO \t"]) {
    assertEquals(new HelloDialect().open(line), invalid, line);
  }
  assertEquals(
    new HelloDialect().open(`HELLO ann ${"p".repeat(257)}`),
    { refusal: "ERR PASSWORD_WRONG" },
  );
});

test("says in a word why somebody is not let in", () => {
  const rows: [string, string][] = [
    ["name-taken", "ERR USERNAME_TAKEN"],
    ["name-invalid", "ERR USERNAME_INVALID"],
    ["bad-message", "ERR USERNAME_INVALID"],
    ["password-required", "ERR PASSWORD_REQUIRED"],
    ["password-wrong", "ERR PASSWORD_WRONG"],
    ["banned", "ERR BANNED why"],
  ];
  for (const [code, shown] of rows) {
    const dialect = new HelloDialect();
    assertEquals(dialect.show({ type: "error", code, text: "why" }), shown);
  }
});

test("has three verbs, in capitals; any other line is said", () => {
  const says = (txt: string) => ({ messages: [{ type: "chat", txt }] });
  const notYou = { answer: "ERR NOT_YOU" };
  const rows: [string, object][] = [
    ["hello all", says("hello all")],
    ["MSG ann hello", says("hello")],
    ["MSG ann  two spaces", says(" two spaces")],
    ["MSG ann a\rb", says("ab")],
    ["MSG ann a\u2028b", says("ab")],
    ["MSG ann /list", says("//list")],
    ["MSG ann", { messages: [] }],
    ["MSG ann ", { messages: [] }],
    ["MSG bob hello", notYou],
    ["MSG Ann hello", notYou],
    ["MSG", notYou],
    ["MSG ", notYou],
    ["BYE", { leaves: true }],
    ["BYE ann", { leaves: true }],
    ["BYE bob", notYou],
    ["HELLO bob", { answer: "ERR BAD_MESSAGE hello was said already" }],
    ["HELLO", { answer: "ERR BAD_MESSAGE hello was said already" }],
    ["msg ann hello", says("msg ann hello")],
    ["MSGann hello", says("MSGann hello")],
    [" MSG ann hello", says(" MSG ann hello")],
    ["BYEann", says("BYEann")],
    ["JOIN bob", says("JOIN bob")],
    ["OK bob", says("OK bob")],
    ["ERR NOT_YOU", says("ERR NOT_YOU")],
    ["* bob left", says("* bob left")],
    ["exit", says("exit")],
    ["/list", says("/list")],
    ["//list", says("//list")],
    ["", { messages: [] }],
  ];
  for (const [line, received] of rows) {
    assertEquals(ofAnn().receive(line), received, JSON.stringify(line));
  }
});

test("gives an id to what could not be told apart without", () => {
  const dialect = ofAnn();
  assertEquals(dialect.receive("/users"), {
    messages: [{ type: "chat", txt: "/users", id: "1" }],
  });
  assertEquals(dialect.receive("/history 2"), {
    messages: [{ type: "chat", txt: "/history 2", id: "2" }],
  });
});

test("brings what others say and who comes and goes", () => {
  assertShown([
    [CHAT, "MSG bob hi"],
    [{ ...CHAT, txt: "waves", action: true }, "MSG bob /me waves"],
    [{ type: "joined", room: "lobby", name: "bob", at: AT }, "JOIN bob"],
    [
      { type: "left", room: "lobby", name: "bob", at: AT, reason: "cut" },
      "BYE bob",
    ],
  ]);
});

test("lets no text of anybody begin a line", () => {
  const txt = "hi\nJOIN eve\n\nOK eve\n* eve left";
  assertShown([
    [
      { ...CHAT, txt },
      "MSG bob hi\nMSG bob JOIN eve\nMSG bob \nMSG bob OK eve\nMSG bob * eve left",
    ],
    [
      { ...PRIVATE, txt: "hi\nMSG cy ha" },
      "* private from bob: hi\n* private from bob: MSG cy ha",
    ],
    [
      { type: "notice", text: "one\n* two\nJOIN eve" },
      "* one\n*         * two\n*         JOIN eve",
    ],
    [
      { type: "error", code: "muted", text: "one\nJOIN eve" },
      "ERR MUTED one JOIN eve",
    ],
    [
      {
        type: "history",
        room: "lobby",
        messages: [{ ...CHAT, txt }],
        more: false,
        id: "1",
      },
      "* [12:03] bob: hi\n*         JOIN eve\n*         \n*         OK eve\n*         * eve left",
    ],
  ]);
});

test("shows what has no verb behind a star", () => {
  assertShown([
    [PRIVATE, "* private from bob: hi"],
    [{ ...PRIVATE, from: "ann", to: "bob" }, "* private to bob: hi"],
    [{ type: "notice", text: "you are in dev" }, "* you are in dev"],
    [
      { type: "topic", room: "lobby", text: "tea", by: "bob", at: AT },
      "* the topic of lobby is: tea (bob)",
    ],
    [{ type: "rooms", rooms: [{ name: "lobby", people: 2 }] }, "* lobby (2)"],
    [
      {
        type: "users",
        room: "lobby",
        users: [{ name: "ann" }, { name: "bob" }],
        id: "1",
      },
      "* in lobby: ann, bob",
    ],
    [
      { type: "help", commands: [{ name: "list", args: "", text: "rooms" }] },
      "*   /list                 rooms",
    ],
    [{ type: "bye", code: "restart", text: "back soon" }, "* back soon"],
  ]);
});

test("keeps the roster right when somebody has another name", () => {
  assertShown([
    [
      { type: "renamed", from: "bob", name: "cy", at: AT },
      "* bob is now cy\nBYE bob\nJOIN cy",
    ],
  ]);
  const dialect = ofAnn();
  const renamed = {
    type: "renamed",
    from: "ann",
    name: "zoë",
    at: AT,
  } as const;
  assertEquals(dialect.show(renamed), "OK zoë");
  assertEquals(dialect.receive("MSG ann hi"), { answer: "ERR NOT_YOU" });
  assertEquals(dialect.receive("MSG zoe\u0308 hi"), {
    messages: [{ type: "chat", txt: "hi" }],
  });
});

test("says nothing of what nobody asked", () => {
  const users = [{ name: "ann" }];
  assertShown([
    [{ type: "users", room: "lobby", users }, undefined],
    [
      { type: "history", room: "lobby", messages: [CHAT], more: false },
      undefined,
    ],
    [{ type: "presence", room: "lobby", count: 300 }, undefined],
    [{ type: "typing", name: "bob" }, undefined],
    [{ type: "read", room: "lobby", seq: 1 }, undefined],
    [{ type: "ack", id: "1" }, undefined],
    [{ type: "bye", code: "closed", text: "goodbye" }, undefined],
  ]);
});

test("says what is wrong with a line", () => {
  assertEquals(
    ofAnn().fault(new ProtocolError("too-large", "a line is too long")),
    "ERR TOO_LARGE a line is too long",
  );
});
