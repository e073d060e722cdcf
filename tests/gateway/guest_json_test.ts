import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import type { Codec } from "../../src/gateway/codec.ts";
import { FRAMES, LINES } from "../../src/gateway/framing.ts";
import { JsonCodec } from "../../src/gateway/json.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { join } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import { FULL, MINIMAL } from "../wire/_server_messages.ts";
import {
  frame,
  got,
  hear,
  hearBytewise,
  hearEnd,
  messagesOf,
  type Said,
  text,
  WELCOME,
} from "./_codec.ts";

const test = testsOf("guest's JSON");

const HELLO = { type: "hello" };
const BYE = { type: "bye", code: "closed", text: "goodbye" } as const;
const CHAT = {
  type: "chat",
  room: "lobby",
  from: "bob",
  txt: "hi",
  seq: 7,
  at: 1_000,
} as const;

/** A codec whose client has shown itself as a guest, with a ping. */
function ofGuest(): Codec {
  const codec = new JsonCodec(FRAMES, "any");
  const ping = { type: "ping", t: 1 };
  assertEquals(hear(codec, frame(ping)), [HELLO, ping]);
  return codec;
}

function say(codec: Codec, message: object): Said {
  const [said, ...rest] = hear(codec, frame(message as Record<string, string>));
  assertEquals(rest, []);
  return said!;
}

/** A codec whose client has said `txt`, which the session has under `gateway 1`. */
function saying(txt: string): Codec {
  const codec = ofGuest();
  say(codec, { type: "chat", txt });
  return codec;
}

function ack(id: string, seq = 1): ServerMessage {
  return { type: "ack", id, room: "lobby", seq, at: 1_000 };
}

test("is of who says anything but hello first, and is greeted before that counts", () => {
  const rows: [string, Said][] = [
    ['{"type":"chat","txt":"hi"}', {
      type: "chat",
      txt: "hi",
      id: "gateway 1",
    }],
    ['{"type":"history","room":"lobby"}', { type: "history", room: "lobby" }],
    ['{"type":"bye"}', { type: "bye" }],
    ['{"type":"nonsense"}', "fault unknown-type"],
    ['{"type":["hello"]}', "fault bad-message"],
    ["{}", "fault unknown-type"],
    ['{"type":"hello"', "fault bad-message"],
  ];
  for (const [first, said] of rows) {
    for (const hearing of [hear, hearBytewise]) {
      const framed = new JsonCodec(FRAMES, "any");
      assertEquals(hearing(framed, frame(first)), [HELLO, said], first);
      const lined = new JsonCodec(LINES, "any");
      assertEquals(hearing(lined, `${first}\n`), [HELLO, said], first);
      for (const { entry, hasHeartbeat } of [framed, lined]) {
        assertEquals([entry, hasHeartbeat], ["greeted", false]);
      }
      assertEquals(framed.dialect, "guest json");
      assertEquals(lined.dialect, "guest json lines");
    }
  }
});

test("is not of who says hello first, whatever else is wrong with it", () => {
  for (
    const [first, said] of [
      ['{"type":"hello"}', HELLO],
      ['{"type":"hello","name":1}', "fault bad-message"],
    ] as const
  ) {
    const codec = new JsonCodec(LINES, "any");
    assertEquals(hear(codec, `${first}\n{"type":"bye"}\n`), [
      said,
      { type: "bye" },
    ]);
    assertEquals([codec.entry, codec.dialect], ["itself", "json lines"]);
  }
});

test("is not of who comes through a sealed channel", () => {
  const codec = new JsonCodec(FRAMES, "full");
  const chat = { type: "chat", txt: "hi" };
  assertEquals(hear(codec, frame(chat)), [chat]);
  assertEquals([codec.entry, codec.hasHeartbeat], ["itself", true]);
});

test("gives an id to each chat", () => {
  const codec = ofGuest();
  const rows: [object, object][] = [
    [{ type: "chat", txt: "hi" }, {
      type: "chat",
      txt: "hi",
      id: "gateway 1",
    }],
    [{ type: "chat", txt: "hi", id: "a", room: "dev", x: 1 }, {
      type: "chat",
      txt: "hi",
      id: "a",
      room: "dev",
    }],
    [{ type: "chat", txt: "//users" }, {
      type: "chat",
      txt: "//users",
      id: "gateway 2",
    }],
  ];
  for (const [given, said] of rows) assertEquals(say(codec, given), said);
});

test("leaves all else as it is", () => {
  for (
    const message of [
      { type: "chat", txt: "/users" },
      { type: "chat", txt: "/me waves", id: "a" },
      { type: "command", name: "list" },
      { type: "history", room: "lobby", id: "b" },
      { type: "ping", t: 1 },
      { type: "bye" },
      { type: "hello" },
    ]
  ) {
    assertEquals(say(ofGuest(), message), message);
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
  const codec = ofGuest();
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
  const codec = ofGuest();
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
  const codec = ofGuest();
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
    assertEquals(got(ofGuest(), message as ServerMessage), [shown]);
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
      assertEquals(got(ofGuest(), message, why), [], message.type);
    }
  }
  for (const message of UNASKED) {
    assertEquals(got(ofGuest(), message, "unasked"), [], message.type);
    assertEquals(got(ofGuest(), message, "asked"), [message]);
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

test("ends when its input does, without another word", () => {
  const codec = saying("one");
  assertEquals(hear(codec, frame({ type: "chat", txt: "two" })).length, 1);
  assertEquals(hearEnd(codec), ["goodbye"]);
  assertEquals(got(codec, ack("gateway 1")), [{ type: "chat", txt: "one" }]);
  assertEquals(got(codec, ack("gateway 2")), [{ type: "chat", txt: "two" }]);
  assertEquals(got(codec, BYE), []);
});

test("ends behind the line that the end of its input makes whole", () => {
  const codec = new JsonCodec(LINES, "any");
  assertEquals(hear(codec, '{"type":"chat","txt":"hi"}'), []);
  assertEquals(hearEnd(codec), [
    HELLO,
    { type: "chat", txt: "hi", id: "gateway 1" },
    "goodbye",
  ]);
  assertEquals(codec.encode(BYE, "asked"), undefined);
});

test("is of nobody who ends within a first frame", () => {
  const codec = new JsonCodec(FRAMES, "any");
  const half = frame({ type: "chat", txt: "hi" }).subarray(0, 9);
  assertEquals(hear(codec, half), []);
  assertEquals(hearEnd(codec), []);
});

test("says in one error what is wrong with a frame", () => {
  const rows: [number[], string, number][] = [
    [[0, 0, 0, 0], "bad-message", 0],
    [[0, 1, 0, 0], "too-large", 65_536],
  ];
  for (const [header, code, length] of rows) {
    const codec = ofGuest();
    const chat = frame({ type: "chat", txt: "hi" });
    codec.push(join([chat, Uint8Array.from(header)]));
    assertEquals(codec.next()?.kind, "message");
    const error = assertThrows(() => codec.next(), ConfabError);
    assertEquals(messagesOf(codec.encodeFault(error)), [{
      type: "error",
      code,
      text:
        `reading a frame: its length is ${length} bytes, allowed are 1 to 65535`,
    }]);
  }
});

test("says in an error and a bye that a line is too long", () => {
  const codec = new JsonCodec(LINES, "any");
  assertEquals(hear(codec, "{}\n").length, 2);
  const error = assertThrows(
    () => hear(codec, "x".repeat(65_536)),
    ConfabError,
  );
  const words = text(codec.encodeFault(error)).trimEnd().split("\n");
  assertEquals(
    words.map((word) => JSON.parse(word)).map(({ type, code }) => [type, code]),
    [["error", "too-large"], ["bye", "refused"]],
  );
});
