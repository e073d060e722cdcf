import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import type { Why } from "../../src/delivery/sink.ts";
import { TerminalCodec } from "../../src/gateway/terminal.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import {
  hear,
  hearBytewise,
  hearEnd,
  linesOf,
  type Said,
  shown,
} from "./_codec.ts";

const test = testsOf("terminal codec");

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

const HELLO = { type: "hello" };
const BYE = { type: "bye", code: "closed", text: "goodbye" } as const;

/** The codec of a guest. */
function ofGuest(): TerminalCodec {
  const codec = new TerminalCodec();
  assertEquals(hear(codec, "\n"), [HELLO]);
  shown(codec, WELCOME);
  return codec;
}

function assertShown(
  why: Why,
  rows: [ServerMessage, string | undefined][],
): void {
  for (const [message, lines] of rows) {
    assertEquals(shown(ofGuest(), message, why), lines, message.type);
  }
}

/** The last words to a client that says this. */
function lastWords(codec: TerminalCodec, given: string | Uint8Array): string {
  const error = assertThrows(() => hear(codec, given), ProtocolError);
  return linesOf(codec.encodeFault(error));
}

function says(txt: string): Said {
  return { type: "chat", txt };
}

test("begins with any line, which counts like the others", () => {
  const rows: [string, ...Said[]][] = [
    ["hello", says("hello")],
    [""],
    ["exit", "goodbye"],
    ["/list", says("/list")],
    [" /password word", says(" /password word")],
  ];
  for (const [line, ...said] of rows) {
    const all = [HELLO, ...said];
    assertEquals(hear(new TerminalCodec(), `${line}\n`), all, line);
    assertEquals(hearBytewise(new TerminalCodec(), `${line}\r\n`), all, line);
  }
});

test("begins with the password where there is one", () => {
  const rows: [string, string][] = [
    ["/password word", "word"],
    ["/password  two words ", "two words"],
    ["/PASSWORD word", "word"],
    ["/password pa\u0308", "pä"],
  ];
  for (const [line, password] of rows) {
    const said = [{ type: "hello", password }, says("/password again")];
    const given = `${line}\n/password again\n`;
    assertEquals(hear(new TerminalCodec(), given), said);
  }
  for (const line of ["/password", "/password ", "/passwords are dull"]) {
    const said = [HELLO, says(line)];
    assertEquals(hear(new TerminalCodec(), `${line}\n`), said);
  }
});

test("does not begin with a password that is too long", () => {
  assertEquals(
    lastWords(new TerminalCodec(), `/password ${"p".repeat(257)}\n`),
    "! hello: password must be a string of at most 256 characters",
  );
});

test("is greeted, and answers no pings", () => {
  const { dialect, entry, hasHeartbeat } = new TerminalCodec();
  assertEquals([dialect, entry, hasHeartbeat], ["terminal", "greeted", false]);
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
    assertEquals(shown(new TerminalCodec(), { ...WELCOME, room }), line);
  }
});

test("tells how to give a password that is missing", () => {
  const codec = new TerminalCodec();
  const error = { type: "error", text: "why" } as const;
  assertEquals(
    shown(codec, { ...error, code: "password-required" }),
    "! this server needs a password: connect again, and say /password WORD first",
  );
  assertEquals(shown(codec, { ...error, code: "password-wrong" }), "! why");
  assertEquals(
    shown(ofGuest(), { ...error, code: "password-required" }),
    "! why",
  );
});

test("says lines, carries out commands, and ends at a bare word", () => {
  const rows: [string, ...Said[]][] = [
    ["hello", says("hello")],
    [""],
    ["/me waves", says("/me waves")],
    ["//me", says("//me")],
    ["exit", "goodbye"],
    ["quit", "goodbye"],
    [" exit ", "goodbye"],
    ["Exit", says("Exit")],
    ["exit now", says("exit now")],
    ["HELLO ann", says("HELLO ann")],
    ["/users", says("/users")],
    [`/me ${"a".repeat(3_997)}`, "fault too-large"],
    [`${"a".repeat(3_999)} b`, says("a".repeat(3_999)), says("b")],
  ];
  for (const [line, ...said] of rows) {
    assertEquals(hear(ofGuest(), `${line}\n`), said, line);
    assertEquals(hearBytewise(ofGuest(), `${line}\r\n`), said, line);
  }
});

test("shows what a person would read", () => {
  assertShown("asked", [
    [CHAT, "[12:03] bob: hi"],
    [{ ...CHAT, txt: "waves", action: true }, "[12:03] * bob waves"],
    [
      { type: "joined", room: "lobby", name: "bob", at: AT },
      "* bob joined lobby",
    ],
    [{ type: "notice", text: "you are in dev" }, "* you are in dev"],
    [{ type: "error", code: "muted", text: "hush" }, "! hush"],
    [
      { ...USERS, users: [...USERS.users] },
      "* in lobby: bob, guest-1",
    ],
    [BYE, "* goodbye"],
  ]);
});

test("lets no text pass for a line", () => {
  assertShown("asked", [
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
  const codec = ofGuest();
  const history = {
    type: "history",
    room: "lobby",
    messages: [CHAT, { ...CHAT, txt: "there", seq: 2 }],
  } as const;
  const users = { ...USERS, users: [...USERS.users] };
  const page = { ...history, messages: [...history.messages] };
  const unasked = (message: ServerMessage) => shown(codec, message, "unasked");
  assertEquals(unasked(users), undefined);
  assertEquals(
    unasked({ ...page, more: true }),
    "[12:03] bob: hi\n[12:03] bob: there",
  );
  assertEquals(
    unasked({ ...page, messages: [], more: false }),
    "* in lobby: bob, guest-1",
  );
  // One who goes away changes the list, and nobody asked for it.
  assertEquals(unasked(users), undefined);
});

test("shows nothing on entering a room where nothing was said before who is there", () => {
  const codec = ofGuest();
  const users = { ...USERS, room: "dev", users: [{ name: "guest-1" }] };
  const empty = {
    type: "history",
    room: "dev",
    messages: [],
    more: false,
  } as const;
  assertEquals(shown(codec, users, "unasked"), undefined);
  const page = { ...empty, messages: [] };
  assertEquals(shown(codec, page, "unasked"), "* in dev: guest-1");
  const other = { ...page, room: "lobby" };
  assertEquals(shown(codec, other, "unasked"), undefined);
});

test("shows on entering who is there, whatever else was asked meanwhile", () => {
  const codec = ofGuest();
  const users = { ...USERS, users: [...USERS.users] };
  const dev = { ...users, room: "dev" };
  assertEquals(shown(codec, dev, "unasked"), undefined);
  assertEquals(shown(codec, users), "* in lobby: bob, guest-1");
  const page: ServerMessage = {
    type: "history",
    room: "dev",
    messages: [],
    more: false,
  };
  assertEquals(shown(codec, page, "unasked"), "* in dev: bob, guest-1");
});

test("shows pages that were asked for without who is there", () => {
  const codec = ofGuest();
  shown(codec, { ...USERS, users: [...USERS.users] }, "unasked");
  const page: ServerMessage = {
    type: "history",
    room: "lobby",
    messages: [CHAT],
    more: false,
  };
  assertEquals(shown(codec, page), "[12:03] bob: hi");
  assertEquals(
    shown(codec, { ...page, messages: [] }),
    "* nothing was said in lobby yet",
  );
});

test("says nothing of what is between the programs, nor every second how many are there", () => {
  for (const why of ["asked", "unasked"] as const) {
    assertShown(why, [
      [{ type: "presence", room: "lobby", count: 300 }, undefined],
      [{ type: "here", room: "lobby" }, undefined],
      [{ type: "typing", name: "bob" }, undefined],
      [{ type: "read", room: "lobby", seq: 1 }, undefined],
      [{ type: "ack", id: "1" }, undefined],
      [{ type: "pong", t: 1 }, undefined],
    ]);
  }
});

test("shares with others what is the same for all", () => {
  const messages: ServerMessage[] = [
    CHAT,
    { ...CHAT, txt: "waves\nat all", action: true },
    { type: "joined", room: "lobby", name: "bob", at: AT },
    { type: "left", room: "lobby", name: "bob", at: AT, reason: "cut" },
    { type: "renamed", from: "bob", name: "cy", at: AT },
    { type: "topic", room: "lobby", text: "tea", by: "bob", at: AT },
    { type: "notice", text: "tea is ready" },
    { type: "presence", room: "lobby", count: 300 },
    { ...USERS, users: [...USERS.users] },
    { type: "typing", name: "bob" },
    { type: "bye", code: "restart", text: "back soon" },
  ];
  const { shared } = ofGuest();
  assertStrictEquals(shared, new TerminalCodec().shared);
  for (const message of messages) {
    const alone = ofGuest().encode(message, "unasked");
    assertEquals(shared.encodeShared(message), alone, message.type);
  }
  assertEquals(linesOf(shared.encodeShared(CHAT)!), "[12:03] bob: hi");
});

test("remembers nothing of what is shared", () => {
  const codec = ofGuest();
  const users = { ...USERS, users: [...USERS.users] };
  assertEquals(codec.shared.encodeShared(users), undefined);
  const page: ServerMessage = {
    type: "history",
    room: "lobby",
    messages: [CHAT],
    more: false,
  };
  assertEquals(codec.shared.encodeShared(page), undefined);
  assertEquals(shown(codec, page, "unasked"), "[12:03] bob: hi");
});

test("says what is wrong with a line, after what came before", () => {
  const tooLong = "! a line has more than 16384 bytes: say it in parts";
  const long = `${"x".repeat(16_385)}\nand more\n`;
  assertEquals(lastWords(new TerminalCodec(), long), tooLong);
  assertEquals(lastWords(ofGuest(), long), tooLong);
  const bad = Uint8Array.of(0xc3, 0x0a);
  const noText = "! a line is text in UTF-8";
  assertEquals(lastWords(new TerminalCodec(), bad), noText);
  assertEquals(lastWords(ofGuest(), bad), noText);
  const codec = ofGuest();
  codec.push(join([utf8("hi\n"), bad]));
  assertEquals(codec.next()?.kind, "message");
  assertThrows(() => codec.next(), ProtocolError);
});

test("says goodbye to who leaves, and nothing to one whose input ends", () => {
  const leaving = ofGuest();
  assertEquals(hear(leaving, "hi\nexit\n"), [says("hi"), "goodbye"]);
  assertEquals(shown(leaving, BYE), "* goodbye");
  const ending = ofGuest();
  assertEquals(hear(ending, "hi\nthere"), [says("hi")]);
  assertEquals(hearEnd(ending), [says("there"), "goodbye"]);
  assertEquals(hearEnd(ending), []);
  assertEquals(shown(ending, BYE), undefined);
  assertEquals(shown(ending, CHAT, "unasked"), "[12:03] bob: hi");
});

test("says goodbye also to who leaves with a last line that has no end", () => {
  const codec = ofGuest();
  assertEquals(hear(codec, "exit"), []);
  codec.push(new Uint8Array(0));
  assertEquals(codec.end(), { kind: "goodbye" });
  assertEquals(shown(codec, BYE), "* goodbye");
});

test("enters also with a first line that has no end", () => {
  for (const [line, ...said] of [["hi", says("hi")], ["\r"], [" "]] as const) {
    const codec = new TerminalCodec();
    assertEquals(hear(codec, line as string), []);
    assertEquals(hearEnd(codec), [HELLO, ...said, "goodbye"]);
  }
});

test("hears the same however the bytes are cut", () => {
  const line = fc.oneof(
    fc.constantFrom("hi", "/list", "//", "", "HELLO ann"),
    fc.string({ unit: "binary", maxLength: 300 })
      .map((text) => text.toWellFormed().replace(/[\r\n]/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lengths, (given, sizes) => {
      const bytes = utf8(given.map((text) => `${text}\n`).join(""));
      const pieces = cut(bytes, sizes);
      const codec = new TerminalCodec();
      assertEquals(hear(codec, ...pieces), hear(new TerminalCodec(), bytes));
    }),
    propertyOptions(100),
  );
});
