import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { HelloCodec } from "../../src/gateway/hello.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { assertShown, AT, BYE, CHAT, ofAnn } from "./_clients.ts";
import { hear, linesOf, shown } from "./_codec.ts";

const test = testsOf("HELLO codec");

const PRIVATE = {
  type: "private",
  from: "bob",
  to: "ann",
  txt: "hi",
  seq: 1,
  at: AT,
} as const;

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

test("brings what others say and who comes and goes", () => {
  assertShown(ofAnn, "asked", [
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
  assertShown(ofAnn, "asked", [
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
  assertShown(ofAnn, "asked", [
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
  assertShown(ofAnn, "unasked", [[other, lines]]);
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
  assertShown(ofAnn, "unasked", [
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
