import { assertEquals } from "@std/assert";
import { FrameError } from "../../src/base/errors.ts";
import { FramedDialect } from "../../src/gateway/framed_dialect.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("framed dialect");

const CHAT = {
  type: "chat",
  room: "lobby",
  from: "bob",
  txt: "hi",
  seq: 7,
  at: 1_000,
} as const;

/** What a message of the client becomes: the object that the session gets, or its own text as it came. */
function forSession(dialect: FramedDialect, text: string): unknown {
  const { messages = [] } = dialect.receive(utf8(text));
  assertEquals(messages.length, 1);
  const [message] = messages;
  return message instanceof Uint8Array
    ? new TextDecoder().decode(message)
    : message;
}

/** A dialect whose client has said `txt`, which the session has under `gateway 1`. */
function saying(txt: string): FramedDialect {
  const dialect = new FramedDialect();
  forSession(dialect, JSON.stringify({ type: "chat", txt }));
  return dialect;
}

function ack(id: string, seq = 1): ServerMessage {
  return { type: "ack", id, room: "lobby", seq, at: 1_000 };
}

test("enters as a guest, whatever it says first", () => {
  const first = utf8(`{"type":"chat","txt":"hi"}`);
  assertEquals(new FramedDialect().open(first), { hello: {}, rest: first });
});

test("gives an id to each chat, and to what could not be told apart without", () => {
  const dialect = new FramedDialect();
  const rows: [string, unknown][] = [
    [`{"type":"chat","txt":"hi"}`, {
      type: "chat",
      txt: "hi",
      id: "gateway 1",
    }],
    [`{"type":"chat","txt":"hi","id":"a","room":"dev","x":1}`, {
      type: "chat",
      txt: "hi",
      id: "a",
      room: "dev",
    }],
    [`{"type":"chat","txt":"/users"}`, {
      type: "chat",
      txt: "/users",
      id: "gateway 2",
    }],
    [`{"type":"history","room":"lobby","id":"b"}`, {
      type: "history",
      room: "lobby",
      id: "b",
    }],
  ];
  for (const [given, message] of rows) {
    assertEquals(forSession(dialect, given), message);
  }
});

test("leaves all else to the session as it came", () => {
  for (
    const given of [
      `{"type":"chat","txt":"/list"}`,
      `{"type":"chat","txt":"/me waves","id":"a"}`,
      `{"type":"command","name":"list"}`,
      `{"type":"ping","t":1}`,
      `{"type":"bye"}`,
      `{"type":"hello"}`,
      `{"type":"nonsense","id":"a"}`,
      `{"type":"chat"}`,
      `{"type":"chat","txt":""}`,
      `{"txt":"hi"}`,
      `[]`,
      `{`,
    ]
  ) {
    assertEquals(forSession(new FramedDialect(), given), given);
  }
});

test("echoes a chat when it is acknowledged, as it was said", () => {
  const rows: [string, string][] = [
    ["hi", "hi"],
    ["  two\n lines\t", "  two\n lines\t"],
    ["e\u0301", "\u00e9"],
    ["a\u0007b\u202e", "ab"],
    ["//list", "/list"],
  ];
  for (const [given, txt] of rows) {
    const echo = saying(given).show(ack("gateway 1"));
    assertEquals(JSON.stringify(echo), JSON.stringify({ type: "chat", txt }));
  }
});

test("echoes the id that the client chose", () => {
  const dialect = new FramedDialect();
  forSession(dialect, `{"type":"chat","txt":"hi","id":"a"}`);
  assertEquals(dialect.show(ack("a")), { type: "chat", txt: "hi", id: "a" });
  // The same sent again: the same acknowledgement, and the same echo.
  forSession(dialect, `{"type":"chat","txt":"hi","id":"a"}`);
  assertEquals(dialect.show(ack("a")), { type: "chat", txt: "hi", id: "a" });
});

test("echoes in the order of the acknowledgements, and not what was refused", () => {
  const dialect = saying("one");
  forSession(dialect, `{"type":"chat","txt":"two"}`);
  forSession(dialect, `{"type":"chat","txt":"three"}`);
  assertEquals(dialect.show(ack("gateway 1")), { type: "chat", txt: "one" });
  const error = { type: "error", code: "muted", text: "hush" } as const;
  assertEquals(dialect.show({ ...error, id: "gateway 2" }), error);
  assertEquals(dialect.show(ack("gateway 3", 2)), {
    type: "chat",
    txt: "three",
  });
});

test("hands on what others say, and each own message once", () => {
  const dialect = saying("one");
  assertEquals(dialect.show(CHAT), CHAT);
  dialect.show(ack("gateway 1", 8));
  // As one that fell behind is fed it, or a server that echoes sends it.
  const own = { ...CHAT, from: "guest-1", txt: "one", seq: 8 };
  assertEquals(dialect.show(own), undefined);
  const elsewhere = { ...CHAT, room: "dev", seq: 8 };
  assertEquals(dialect.show(elsewhere), elsewhere);
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
    messages: [{ ...CHAT }],
    more: false,
  };
  const found = {
    type: "found",
    room: "lobby",
    query: "hi",
    messages: [{ ...CHAT }],
  };
  const rows: [object, object][] = [
    [rooms, rooms],
    [{ ...users, id: "gateway 1" }, users],
    [{ ...users, id: "a" }, { ...users, id: "a" }],
    [{ ...history, id: "gateway 1" }, history],
    [{ ...found, id: "gateway 1" }, found],
    [{ type: "notice", text: "you are ann" }, {
      type: "notice",
      text: "you are ann",
    }],
    [{ type: "ack", id: "a" }, { type: "ack", id: "a" }],
    [{ type: "pong", t: 1 }, { type: "pong", t: 1 }],
    [{ type: "error", code: "unknown-type", text: "unknown" }, {
      type: "error",
      code: "unknown-type",
      text: "unknown",
    }],
    [{ type: "bye", code: "restart", text: "back soon" }, {
      type: "bye",
      code: "restart",
      text: "back soon",
    }],
  ];
  for (const [message, shown] of rows) {
    assertEquals(new FramedDialect().show(message as ServerMessage), shown);
  }
});

test("says nothing of what nobody asked", () => {
  const welcome = { name: "guest-1", server: "confab", version: "1" };
  const messages: ServerMessage[] = [
    { type: "welcome", room: "lobby", ...welcome },
    { type: "users", room: "lobby", users: [{ name: "bob" }] },
    { type: "history", room: "lobby", messages: [CHAT], more: false },
    { type: "joined", room: "lobby", name: "bob", at: 1 },
    { type: "left", room: "lobby", name: "bob", at: 1, reason: "cut" },
    { type: "renamed", from: "bob", name: "cy", at: 1 },
    { type: "presence", room: "lobby", count: 300 },
    { type: "typing", name: "bob" },
    { type: "read", room: "lobby", seq: 1 },
  ];
  for (const message of messages) {
    assertEquals(new FramedDialect().show(message), undefined, message.type);
  }
});

test("says what is wrong with a frame", () => {
  const rows: [number, string][] = [[0, "bad-message"], [
    65_536,
    "too-large",
  ]];
  for (const [length, code] of rows) {
    assertEquals(new FramedDialect().fault(new FrameError(length, 65_535)), {
      type: "error",
      code,
      text:
        `reading a frame: its length is ${length} bytes, allowed are 1 to 65535`,
    });
  }
});
