import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import type { Why } from "../../src/delivery/sink.ts";
import { HelloCodec } from "../../src/gateway/hello.ts";
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
  WELCOME,
} from "./_codec.ts";

const test = testsOf("HELLO codec");

/** A moment that is 12:03 wherever the test runs. */
const AT = new Date(2025, 5, 15, 12, 3).getTime();
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

const HELLO = { type: "hello", name: "ann" };
const BYE = { type: "bye", code: "closed", text: "goodbye" } as const;

/** The codec of somebody who is ann. */
function ofAnn(): HelloCodec {
  const codec = new HelloCodec();
  assertEquals(hear(codec, "HELLO ann\n"), [HELLO]);
  assertEquals(shown(codec, WELCOME), "OK ann");
  return codec;
}

/** What ann is shown of each message. */
function assertShown(
  why: Why,
  rows: [ServerMessage, string | undefined][],
): void {
  for (const [message, lines] of rows) {
    assertEquals(shown(ofAnn(), message, why), lines, JSON.stringify(message));
  }
}

/** The last words to a client that says this. */
function lastWords(codec: HelloCodec, given: string | Uint8Array): string {
  const error = assertThrows(() => hear(codec, given), ProtocolError);
  return linesOf(codec.encodeFault(error));
}

test("begins with a name, and perhaps a password", () => {
  const rows: [string, Record<string, string>][] = [
    ["HELLO ann", { name: "ann" }],
    ["HELLO  ann", { name: "ann" }],
    ["HELLO ann ", { name: "ann" }],
    ["HELLO ann open sesame", { name: "ann", password: "open sesame" }],
    ["HELLO ann  two ", { name: "ann", password: " two " }],
    ["HELLO zoë pässwort", { name: "zoë", password: "pässwort" }],
    ["HELLO zoe\u0308 pa\u0308", { name: "zoë", password: "pä" }],
    ["HELLO a\u202en\u0007n", { name: "ann" }],
  ];
  for (const [line, hello] of rows) {
    const said = [{ type: "hello", ...hello }];
    assertEquals(hear(new HelloCodec(), `${line}\n`), said, line);
    assertEquals(hearBytewise(new HelloCodec(), `${line}\r\n`), said, line);
  }
});

test("begins with nothing else", () => {
  const rows: [string, string][] = [
    ["HELLO", "ERR USERNAME_INVALID"],
    ["HELLO ", "ERR USERNAME_INVALID"],
    ["HELLO\tann", "ERR USERNAME_INVALID"],
    ["HELLO \t", "ERR USERNAME_INVALID"],
    ["hello ann", "ERR USERNAME_INVALID"],
    ["", "ERR USERNAME_INVALID"],
    [`HELLO ${"n".repeat(257)}`, "ERR USERNAME_INVALID"],
    [`HELLO ann ${"p".repeat(257)}`, "ERR PASSWORD_WRONG"],
  ];
  for (const [line, words] of rows) {
    assertEquals(lastWords(new HelloCodec(), `${line}\nhi\n`), words, line);
  }
});

test("is greeted, and answers no pings", () => {
  const { dialect, entry, hasHeartbeat } = new HelloCodec();
  assertEquals([dialect, entry, hasHeartbeat], ["hello", "greeted", false]);
});

test("says in a word why somebody is not let in", () => {
  const rows: [string, string][] = [
    ["name-taken", "ERR USERNAME_TAKEN"],
    ["name-invalid", "ERR USERNAME_INVALID"],
    ["password-required", "ERR PASSWORD_REQUIRED"],
    ["password-wrong", "ERR PASSWORD_WRONG"],
    ["banned", "ERR BANNED why"],
  ];
  for (const [code, words] of rows) {
    const codec = new HelloCodec();
    hear(codec, "HELLO ann\n");
    assertEquals(shown(codec, { type: "error", code, text: "why" }), words);
  }
});

test("has three verbs, in capitals; any other line is said", () => {
  const says = (txt: string) => ({ type: "chat", txt });
  const notYou = "answer ERR NOT_YOU\n";
  const twice = "answer ERR BAD_MESSAGE hello was said already\n";
  const rows: [string, ...Said[]][] = [
    ["hello all", says("hello all")],
    ["MSG ann hello", says("hello")],
    ["MSG ann  two spaces", says(" two spaces")],
    ["MSG ann a\rb", says("ab")],
    ["MSG ann a\u2028b", says("ab")],
    ["MSG ann /list", says("//list")],
    ["MSG ann"],
    ["MSG ann "],
    ["MSG bob hello", notYou],
    ["MSG Ann hello", notYou],
    ["MSG", notYou],
    ["MSG ", notYou],
    ["BYE", "goodbye"],
    ["BYE ann", "goodbye"],
    ["BYE bob", notYou],
    ["HELLO bob", twice],
    ["HELLO", twice],
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
    [""],
  ];
  for (const [line, ...said] of rows) {
    const what = JSON.stringify(line);
    assertEquals(hear(ofAnn(), `${line}\n`), said, what);
    assertEquals(hearBytewise(ofAnn(), `${line}\r\n`), said, what);
  }
});

test("says what is too long for one message in parts, but no command", () => {
  const [first, second] = ["a".repeat(3_999), "b".repeat(3_999)];
  assertEquals(hear(ofAnn(), `MSG ann ${first} ${second}\n`), [
    { type: "chat", txt: first },
    { type: "chat", txt: second },
  ]);
  assertEquals(hear(ofAnn(), `/me ${first}\nhi\n`), [
    "fault too-large",
    { type: "chat", txt: "hi" },
  ]);
});

test("brings what others say and who comes and goes", () => {
  assertShown("asked", [
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
  assertShown("asked", [
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
  assertShown("asked", [
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
  const other = { type: "renamed", from: "bob", name: "cy", at: AT } as const;
  const lines = "* bob is now cy\nBYE bob\nJOIN cy";
  assertShown("unasked", [[other, lines]]);
  const codec = ofAnn();
  const own = { type: "renamed", from: "ann", name: "zoë", at: AT } as const;
  assertEquals(shown(codec, own), "OK zoë");
  assertEquals(hear(codec, "MSG ann hi\n"), ["answer ERR NOT_YOU\n"]);
  const hi = { type: "chat", txt: "hi" };
  assertEquals(hear(codec, "MSG zoe\u0308 hi\n"), [hi]);
  assertEquals(
    shown(codec, { ...PRIVATE, from: "zoë", to: "bob" }),
    [
      "* private to bob: hi",
    ].join("\n"),
  );
});

test("says nothing of what nobody asked", () => {
  const users = [{ name: "ann" }];
  assertShown("unasked", [
    [{ type: "users", room: "lobby", users }, undefined],
    [
      { type: "history", room: "lobby", messages: [CHAT], more: false },
      undefined,
    ],
    [{ type: "presence", room: "lobby", count: 300 }, undefined],
    [{ type: "here", room: "lobby" }, undefined],
    [{ type: "typing", name: "bob" }, undefined],
    [{ type: "read", room: "lobby", seq: 1 }, undefined],
    [{ type: "ack", id: "1" }, undefined],
    [BYE, undefined],
  ]);
});

test("shares with others what is the same for all", () => {
  const renamed = { type: "renamed", from: "bob", name: "cy", at: AT } as const;
  const messages: ServerMessage[] = [
    CHAT,
    { ...CHAT, txt: "waves\nJOIN eve", action: true },
    { type: "joined", room: "lobby", name: "bob", at: AT },
    { type: "left", room: "lobby", name: "bob", at: AT, reason: "cut" },
    renamed,
    { type: "topic", room: "lobby", text: "tea", by: "bob", at: AT },
    { type: "notice", text: "tea is ready" },
    { type: "presence", room: "lobby", count: 300 },
    { type: "users", room: "lobby", users: [{ name: "ann" }] },
    { type: "history", room: "lobby", messages: [CHAT], more: false },
    { type: "typing", name: "bob" },
    { type: "bye", code: "restart", text: "back soon" },
  ];
  const { shared } = ofAnn();
  assertStrictEquals(shared, new HelloCodec().shared);
  for (const message of messages) {
    const alone = ofAnn().encode(message, "unasked");
    assertEquals(shared.encodeShared(message), alone, message.type);
    // It remembers nothing.
    assertEquals(shared.encodeShared(message), alone, message.type);
  }
  assertEquals(linesOf(shared.encodeShared(CHAT)!), "MSG bob hi");
});

test("says what is wrong with a line, after what came before", () => {
  const long = `${"x".repeat(16_385)}\nand more\n`;
  const tooLong =
    "ERR TOO_LARGE a line has more than 16384 bytes: say it in parts";
  const noText = "ERR BAD_MESSAGE a line is text in UTF-8";
  const bad = Uint8Array.of(0x61, 0xff, 0x0a);
  assertEquals(lastWords(ofAnn(), long), tooLong);
  assertEquals(lastWords(ofAnn(), bad), noText);
  assertEquals(lastWords(new HelloCodec(), `HELLO ${long}`), tooLong);
  const name = join([utf8("HELLO "), bad]);
  assertEquals(lastWords(new HelloCodec(), name), noText);
  const codec = ofAnn();
  codec.push(join([utf8("hi\n"), bad]));
  assertEquals(codec.next()?.kind, "message");
  assertThrows(() => codec.next(), ProtocolError);
});

test("ends without a word when its input does", () => {
  const codec = ofAnn();
  assertEquals(hear(codec, "hi\n/history 2"), [{ type: "chat", txt: "hi" }]);
  const last = { type: "chat", txt: "/history 2" };
  assertEquals(hearEnd(codec), [last, "goodbye"]);
  assertEquals(hearEnd(codec), []);
  assertEquals(shown(codec, { ...BYE, code: "restart" }), undefined);
});

test("enters also when its input ends with the first line", () => {
  const codec = new HelloCodec();
  assertEquals(hear(codec, "HELLO ann"), []);
  assertEquals(hearEnd(codec), [HELLO, "goodbye"]);
});

test("hears the same however the bytes are cut", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "MSG ann hi",
      "MSG bob hi",
      "BYE bob",
      "/list",
      "",
      "HELLO",
    ),
    fc.string({ unit: "binary", maxLength: 300 })
      .map((text) => text.toWellFormed().replace(/[\r\n]/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lengths, (given, sizes) => {
      const bytes = utf8(given.map((text) => `${text}\n`).join(""));
      const pieces = cut(bytes, sizes);
      assertEquals(hear(ofAnn(), ...pieces), hear(ofAnn(), bytes));
    }),
    propertyOptions(100),
  );
});

test("lets nothing begin a line but its own words, whatever is said", () => {
  const text = fc.string({ unit: "binary", maxLength: 60 })
    .map((said) => `${said}\nJOIN eve\n\nOK eve`);
  fc.assert(
    fc.property(text, (txt) => {
      const messages: ServerMessage[] = [
        { ...CHAT, txt },
        { ...PRIVATE, txt },
        { type: "notice", text: txt },
        {
          type: "history",
          room: "lobby",
          messages: [{ ...CHAT, txt }],
          more: false,
        },
      ];
      for (const message of messages) {
        for (const line of shown(ofAnn(), message)!.split("\n")) {
          assertEquals(/^(?:MSG bob |\* )/.test(line), true, line);
        }
      }
    }),
    propertyOptions(100),
  );
});
