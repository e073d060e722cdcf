import { assertEquals, assertStrictEquals } from "@std/assert";
import { FRAMES, LINES } from "../../src/gateway/framing.ts";
import { JsonCodec } from "../../src/gateway/json.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";
import { FULL, MINIMAL } from "../wire/_server_messages.ts";
import { ack, BYE, CHAT, ofScript, say, saying, WELCOME } from "./_clients.ts";
import { frame, got, hear, text } from "./_codec.ts";

const test = testsOf("guest's JSON");

const HELLO = { type: "hello" };

test("echoes a chat when it is acknowledged, as it was said", () => {
  const rows: [string, string][] = [
    ["hi", "hi"],
    ["  two\n lines\t", "  two\n lines\t"],
    ["e\u0301", "\u00e9"],
    ["a\u0007b\u202e", "ab"],
    ["//list", "/list"],
  ];
  for (const [given, txt] of rows) {
    assertEquals(
      saying(given).encode(ack("gateway 1"), "asked"),
      frame(JSON.stringify({ type: "chat", txt })),
    );
  }
  const codec = new JsonCodec(LINES, "any");
  hear(codec, '{"type":"chat","txt":"a\\nb"}\n');
  assertEquals(
    text(codec.encode(ack("gateway 1"), "asked")!),
    '{"type":"chat","txt":"a\\nb"}\n',
  );
});

test("echoes the id that the client chose", () => {
  const codec = ofScript();
  const chat = { type: "chat", txt: "hi", id: "a" };
  say(codec, chat);
  assertEquals(got(codec, ack("a")), [chat]);
  // The same sent again: the same acknowledgement, and the same echo.
  say(codec, chat);
  assertEquals(got(codec, ack("a")), [chat]);
});

test("echoes in the order of the acknowledgements, and not what was refused", () => {
  const codec = saying("one");
  say(codec, { type: "chat", txt: "two" });
  say(codec, { type: "chat", txt: "three" });
  assertEquals(got(codec, ack("gateway 1")), [{ type: "chat", txt: "one" }]);
  const error = { type: "error", code: "muted", text: "hush" } as const;
  assertEquals(got(codec, { ...error, id: "gateway 2" }), [error]);
  assertEquals(got(codec, ack("gateway 3", 2)), [
    { type: "chat", txt: "three" },
  ]);
});

test("forgets a chat that was refused, so that its id may be used for another", () => {
  const codec = ofScript();
  const error = {
    type: "error",
    code: "muted",
    text: "hush",
    id: "a",
  } as const;
  say(codec, { type: "chat", txt: "one", id: "a" });
  assertEquals(got(codec, error), [error]);
  const two = { type: "chat", txt: "two", id: "a" };
  say(codec, two);
  assertEquals(got(codec, ack("a")), [two]);
});

test("hands on what others say, and each own message once", () => {
  const codec = saying("one");
  assertEquals(got(codec, CHAT), [CHAT]);
  assertEquals(got(codec, ack("gateway 1", 8)), [{ type: "chat", txt: "one" }]);
  // As one that fell behind is fed it.
  const own = { ...CHAT, from: "guest-1", txt: "one", seq: 8 };
  assertEquals(got(codec, own, "unasked"), []);
  const elsewhere = { ...CHAT, room: "dev", seq: 8 };
  assertEquals(got(codec, elsewhere, "unasked"), [elsewhere]);
});

test("knows the last 512 of its own messages", () => {
  const codec = ofScript();
  for (let seq = 1; seq <= 513; seq++) {
    say(codec, { type: "chat", txt: `${seq}` });
    assertEquals(got(codec, ack(`gateway ${seq}`, seq)).length, 1);
  }
  const shown = [1, 2, 513].map((seq) =>
    got(codec, { ...CHAT, seq }, "unasked").length
  );
  assertEquals(shown, [1, 0, 0]);
});

test("hands on answers, with no id but one that the client chose", () => {
  const rooms = {
    type: "rooms",
    rooms: [{ name: "lobby", people: 1 }],
  } as const;
  const users = {
    type: "users",
    room: "lobby",
    users: [{ name: "bob" }],
  } as const;
  const history = {
    type: "history",
    room: "lobby",
    messages: [CHAT],
    more: false,
  };
  const found = {
    type: "found",
    room: "lobby",
    query: "hi",
    messages: [CHAT],
  };
  const error = { type: "error", code: "unknown-type", text: "unknown" };
  const rows: [object, object][] = [
    [rooms, rooms],
    [users, users],
    [{ ...users, id: "a" }, { ...users, id: "a" }],
    [history, history],
    [{ ...history, id: "a" }, { ...history, id: "a" }],
    [found, found],
    [{ type: "notice", text: "you are ann" }, {
      type: "notice",
      text: "you are ann",
    }],
    [{ type: "ack", id: "a" }, { type: "ack", id: "a" }],
    [{ type: "pong", t: 1 }, { type: "pong", t: 1 }],
    [error, error],
    [{ ...error, id: "gateway 1" }, error],
    [{ ...error, id: "a" }, { ...error, id: "a" }],
    [{ type: "bye", code: "restart", text: "back soon" }, {
      type: "bye",
      code: "restart",
      text: "back soon",
    }],
    [BYE, BYE],
  ];
  for (const [message, shown] of rows) {
    assertEquals(got(ofScript(), message as ServerMessage), [shown]);
  }
});

/** What a guest never hears of, and what it hears of only when it asks. */
const UNTOLD: ServerMessage[] = [
  WELCOME,
  { type: "here", room: "lobby" },
  { type: "joined", room: "lobby", name: "bob", at: 1 },
  { type: "left", room: "lobby", name: "bob", at: 1, reason: "cut" },
  { type: "renamed", from: "bob", name: "cy", at: 1 },
  { type: "presence", room: "lobby", count: 300 },
  { type: "typing", name: "bob" },
  { type: "read", room: "lobby", seq: 1 },
];
const UNASKED: ServerMessage[] = [
  { type: "users", room: "lobby", users: [{ name: "bob" }] },
  { type: "history", room: "lobby", messages: [CHAT], more: false },
];

test("says nothing of what nobody asked", () => {
  for (const message of UNTOLD) {
    for (const why of ["asked", "unasked"] as const) {
      assertEquals(got(ofScript(), message, why), [], message.type);
    }
  }
  for (const message of UNASKED) {
    assertEquals(got(ofScript(), message, "unasked"), [], message.type);
    assertEquals(got(ofScript(), message, "asked"), [message]);
  }
});

test("shares with other guests what others say", () => {
  for (const framing of [FRAMES, LINES]) {
    const [codec, other, full] = [0, 1, 2].map(() =>
      new JsonCodec(framing, "any")
    );
    const said = { type: "chat", txt: "hi" };
    const write = (message: object) =>
      framing === FRAMES
        ? frame(JSON.stringify(message))
        : `${JSON.stringify(message)}\n`;
    hear(codec!, write(said));
    hear(other!, write(said));
    hear(full!, write(HELLO));
    const { shared } = codec!;
    assertStrictEquals(shared, other!.shared);
    assertEquals(shared === full!.shared, false);
    const chat = framing.encode(CHAT);
    assertEquals(shared.encodeShared(CHAT), chat);
    for (const message of [...UNTOLD, ...UNASKED]) {
      assertEquals(shared.encodeShared(message), undefined, message.type);
    }
    for (const message of [...MINIMAL, ...FULL] as ServerMessage[]) {
      const alone = codec!.encode(message, "unasked");
      assertEquals(shared.encodeShared(message), alone, message.type);
    }
  }
});
