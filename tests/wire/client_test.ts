import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ConfabError, ProtocolError } from "../../src/base/errors.ts";
import { readClientMessage, readClientObject } from "../../src/wire/client.ts";
import { utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("client messages");
const OPTIONS = propertyOptions(200);

/** Reads a message as it comes over the wire. */
function read(message: unknown): unknown {
  return readClientMessage(utf8(JSON.stringify(message)));
}

const MINIMAL = [
  { type: "hello" },
  { type: "chat", txt: "hi" },
  { type: "command", name: "list" },
  { type: "history", room: "lobby" },
  { type: "typing", room: "lobby" },
  { type: "typing", to: "ann" },
  { type: "read", room: "lobby", seq: 0 },
  { type: "ping", t: 1 },
  { type: "pong", t: 1 },
  { type: "bye" },
];

const FULL = [
  {
    type: "hello",
    name: "ann",
    room: "tea",
    password: "open, sesame",
    invite: "x7",
    client: "other 1.0",
  },
  { type: "hello", name: "", room: "" },
  { type: "chat", txt: "hi", id: "1", room: "lobby" },
  { type: "chat", txt: "line\n\tand line", id: "1", to: "ann" },
  { type: "command", name: "msg", args: "ann hello\nthere", id: "2" },
  { type: "history", room: "@ann", before: 90, limit: 100, id: "3" },
  { type: "history", room: "lobby", after: 0, limit: 1, id: "4" },
  { type: "read", room: "@ann", seq: 9_007_199_254_740_991 },
  { type: "ping", t: -1.5e300 },
];

test("of every type are read, with their least and with all their fields", () => {
  for (const message of [...MINIMAL, ...FULL]) {
    assertEquals(read(message), message);
  }
});

test("lose the fields that their type does not know", () => {
  for (const message of MINIMAL) {
    const more = { extra: { deep: ["\ud800"] }, fault: 1, ...message, x: null };
    assertEquals(read(more), message);
  }
  const named = '{"type":"bye","__proto__":{"txt":"x"},"constructor":1}';
  assertEquals(
    readClientMessage(utf8(named)) as unknown,
    { type: "bye" },
  );
});

test("are read from an object that was parsed elsewhere, too", () => {
  assertEquals(readClientObject({ type: "chat", txt: "a\x07", x: 1 }), {
    type: "chat",
    txt: "a",
  });
});

test("resume with a seq, or with a seq and its time", () => {
  const resume = { lobby: 5, "@ann": { seq: 0, at: 1_700_000_000_000 } };
  assertEquals(read({ type: "hello", resume }), {
    type: "hello",
    resume: new Map([
      ["lobby", { seq: 5 }],
      ["@ann", { seq: 0, at: 1_700_000_000_000 }],
    ]),
  });
});

test("resume with a seq in an object when its time is not known", () => {
  assertEquals(read({ type: "hello", resume: { lobby: { seq: 5, x: 1 } } }), {
    type: "hello",
    resume: new Map([["lobby", { seq: 5 }]]),
  });
});

test("resume no rooms or as many as 128, named canonically", () => {
  const rooms = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, i]));
  const resumed = (resume: unknown) =>
    (read({ type: "hello", resume }) as { resume: Map<string, unknown> })
      .resume;
  assertEquals(resumed({}).size, 0);
  assertEquals(resumed(rooms(128)).size, 128);
  assertEquals([...resumed({ "cafe\u0301\x00": 1 }).keys()], ["caf\u00e9"]);
  const proto = '{"type":"hello","resume":{"__proto__":3,"toString":4}}';
  assertEquals(readClientMessage(utf8(proto)) as unknown, {
    type: "hello",
    resume: new Map([["__proto__", { seq: 3 }], ["toString", { seq: 4 }]]),
  });
});

test("have texts that are NFC and without what moves a cursor", () => {
  const dirty = "e\u0301\x1b[2J\u202e\u2028\x85!";
  const clean = "\u00e9[2J!";
  const pairs = [
    [{ type: "chat", txt: dirty }, { type: "chat", txt: clean }],
    [
      { type: "chat", txt: "a\r\n\tb", room: dirty },
      { type: "chat", txt: "a\n\tb", room: clean },
    ],
    [
      { type: "chat", txt: "x", to: `${dirty}\n` },
      { type: "chat", txt: "x", to: clean },
    ],
    [
      { type: "command", name: dirty, args: `${dirty}\n` },
      { type: "command", name: clean, args: `${clean}\n` },
    ],
    [
      { type: "hello", name: dirty, room: dirty, client: dirty },
      { type: "hello", name: clean, room: clean, client: clean },
    ],
    [{ type: "typing", to: dirty }, { type: "typing", to: clean }],
    [
      { type: "read", room: dirty, seq: 1 },
      { type: "read", room: clean, seq: 1 },
    ],
  ];
  for (const [given, expected] of pairs) assertEquals(read(given), expected);
});

test("have secrets that are NFC and else as they were typed", () => {
  assertEquals(read({ type: "hello", password: "e\u0301\t\x07 " }), {
    type: "hello",
    password: "\u00e9\t\x07 ",
  });
});

test("have ids of 1 to 64 characters, just as they came", () => {
  for (const id of ["x", "i".repeat(64), "😀".repeat(64), "e\u0301\x00"]) {
    assertEquals(read({ type: "command", name: "list", id }), {
      type: "command",
      name: "list",
      id,
    });
  }
});

test("have texts of up to 4,000 code points, counted when they are clean", () => {
  const emoji = "😀".repeat(4_000);
  assertEquals(read({ type: "chat", txt: emoji }), {
    type: "chat",
    txt: emoji,
  });
  assertEquals(read({ type: "chat", txt: "e\u0301\x00".repeat(4_000) }), {
    type: "chat",
    txt: "\u00e9".repeat(4_000),
  });
});

test("are nothing but a message or a ProtocolError, whatever the bytes are", () => {
  const outcome = (payload: Uint8Array) => {
    try {
      return typeof readClientMessage(payload).type;
    } catch (error) {
      if (error instanceof ProtocolError) return error.code;
      throw error;
    }
  };
  const codes = ["string", "bad-message", "too-large", "unknown-type"];
  const judge = (payload: Uint8Array) =>
    assertEquals(codes.includes(outcome(payload)), true);
  const types = fc.constantFrom(...MINIMAL.map(({ type }) => type));
  const shaped = fc.record({
    type: types,
    txt: fc.jsonValue(),
    id: fc.jsonValue(),
    name: fc.jsonValue(),
    room: fc.jsonValue(),
    resume: fc.jsonValue(),
    seq: fc.jsonValue(),
    t: fc.jsonValue(),
  }, { requiredKeys: ["type"] });
  fc.assert(fc.property(fc.uint8Array(), judge), OPTIONS);
  fc.assert(fc.property(fc.json(), (json) => judge(utf8(json))), OPTIONS);
  fc.assert(
    fc.property(shaped, (value) => judge(utf8(JSON.stringify(value)))),
    OPTIONS,
  );
});

test("are the same when they are read again", () => {
  const message = fc.record({
    type: fc.constant("chat"),
    txt: fc.string({ unit: "binary", minLength: 1 }),
    id: fc.string({ minLength: 1, maxLength: 64 }),
    room: fc.string({ unit: "binary", minLength: 1, maxLength: 64 }),
  }, { requiredKeys: ["type", "txt"] });
  fc.assert(
    fc.property(message, (given) => {
      let once: unknown;
      try {
        once = read(given);
      } catch (error) {
        // A text of control characters only is none.
        assertEquals((error as ConfabError).code, "bad-message");
        return;
      }
      assertEquals(read(once), once);
    }),
    OPTIONS,
  );
});
