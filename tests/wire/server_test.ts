import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FrameError } from "../../src/base/errors.ts";
import { encodeMessage, readServerMessage } from "../../src/wire/server.ts";
import { join, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { FULL, MINIMAL } from "./_server_messages.ts";

const test = testsOf("server messages");
const OPTIONS = propertyOptions(200);

/** Reads a message as it comes over the wire. */
function read(message: unknown): unknown {
  return readServerMessage(utf8(JSON.stringify(message)));
}

/** C0 but what `txt` may have, DEL, C1, the separators of lines and paragraphs, bidi controls. */
const HARMFUL =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Every string in a value. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object"
    ? Object.values(value).flatMap(stringsOf)
    : [];
}

test("of every type are read, with their least and with all their fields", () => {
  for (const message of [...MINIMAL, ...FULL]) {
    assertEquals(read(message), message, JSON.stringify(message));
  }
});

test("lose the fields that their type does not know", () => {
  for (const message of MINIMAL) {
    assertEquals(read({ extra: ["\ud800"], fault: 1, ...message }), message);
  }
});

test("lack nothing of what their type must have", () => {
  for (const message of MINIMAL) {
    for (const field of Object.keys(message)) {
      const { [field]: _, ...rest } = message as Record<string, unknown>;
      assertEquals(read(rest), undefined, `${message.type} without ${field}`);
      const wrong = { ...message, [field]: { "": null } };
      assertEquals(read(wrong), undefined, `${message.type}, wrong ${field}`);
    }
  }
});

test("are none when they are no object in UTF-8, or have no type", () => {
  const payloads = [
    ...["", "{", "null", "[]", '"bye"', "1", "{}", '{"type":1}'].map(utf8),
    join([
      utf8('{"type":"notice","text":"'),
      Uint8Array.of(0xff),
      utf8('"}'),
    ]),
    utf8("[".repeat(65_535)),
    utf8('{"type":"notice","text":"\\ud800"}'),
  ];
  for (const payload of payloads) {
    assertEquals(readServerMessage(payload), undefined);
  }
});

test("are made fit for display, whatever the server sent", () => {
  const dirty = "e\u0301\x1b[2J\u202e\u2028\x85!\n";
  const line = "\u00e9[2J!";
  const text = `${line}\n`;
  assertEquals(
    read({
      type: "chat",
      room: dirty,
      from: dirty,
      txt: dirty,
      seq: 1,
      at: 2,
      id: dirty,
    }),
    {
      type: "chat",
      room: line,
      from: line,
      txt: text,
      seq: 1,
      at: 2,
      id: line,
    },
  );
  const users = [{ name: dirty, role: dirty, away: dirty, key: dirty }];
  assertEquals(read({ type: "users", room: dirty, users }), {
    type: "users",
    room: line,
    users: [{ name: line, role: line, away: line, key: line }],
  });
  for (const type of ["error", "bye"]) {
    assertEquals(read({ type, code: dirty, text: dirty }), {
      type,
      code: line,
      text,
    });
  }
  assertEquals(read({ type: "notice", text: dirty }), { type: "notice", text });
  assertEquals(
    read({ type: "topic", room: dirty, text: dirty, by: dirty, at: 1 }),
    { type: "topic", room: line, text: line, by: line, at: 1 },
  );
});

test("have bounds: names are refused, texts shortened, times and waits made possible", () => {
  const long = "\u{1f300}".repeat(128);
  assertEquals(read({ type: "here", room: long }), {
    type: "here",
    room: long,
  });
  assertEquals(read({ type: "here", room: `${long}x` }), undefined);
  const text = "x".repeat(16_385);
  assertEquals(read({ type: "notice", text }), {
    type: "notice",
    text: `${"x".repeat(16_383)}…`,
  });
  const topic = { type: "topic", room: "a", by: "b", at: 8.64e15 };
  assertEquals(read({ ...topic, text: text.slice(1), at: 1e300 }), {
    ...topic,
    text: text.slice(1),
  });
  assertEquals(read({ ...topic, text: "", at: -1.5 }), {
    ...topic,
    text: "",
    at: 0,
  });
  assertEquals(read({ ...topic, text: "", at: "now" }), undefined);
  const bye = { type: "bye", code: "restart", text: "" };
  assertEquals(read({ ...bye, reconnectAfterMs: 2 ** 31 }), {
    ...bye,
    reconnectAfterMs: 300_000,
  });
});

test("have names of one word for people and rooms", () => {
  assertEquals(
    read({ type: "renamed", from: "the key of ann", name: "b\u3000c", at: 1 }),
    { type: "renamed", from: "the_key_of_ann", name: "b_c", at: 1 },
  );
});

test("of a type to come are skipped, but their seq counts", () => {
  assertEquals(
    read({ type: "poll", room: "lobby", seq: 7, question: "tea?" }),
    { type: "unknown", room: "lobby", seq: 7 },
  );
  for (const type of ["", "Chat", "toString", "__proto__", "unknown"]) {
    assertEquals(read({ type }), { type: "unknown" });
  }
});

test("of a type to come may use a room or a seq for something else", () => {
  assertEquals(read({ type: "merged", room: { from: "a" }, seq: "last" }), {
    type: "unknown",
  });
  assertEquals(read({ type: "merged", room: ["a", "b"], seq: 3 }), {
    type: "unknown",
    seq: 3,
  });
});

test("of a history may be of types to come", () => {
  const chat = MINIMAL.find(({ type }) => type === "chat")!;
  const history = { type: "history", room: "lobby", more: true };
  const poll = { type: "poll", seq: 2, room: "lobby", text: "tea?" };
  assertEquals(read({ ...history, messages: [chat, poll, { type: "x" }] }), {
    ...history,
    messages: [
      chat,
      { type: "unknown", room: "lobby", seq: 2 },
      { type: "unknown" },
    ],
  });
  for (const wrong of [{ ...chat, txt: 1 }, { seq: 1 }, null, "hi", [chat]]) {
    assertEquals(read({ ...history, messages: [wrong] }), undefined);
  }
});

test("hold at most 100 messages in a page", () => {
  const chat = MINIMAL.find(({ type }) => type === "chat")!;
  const page = (count: number) =>
    read({
      type: "history",
      room: "lobby",
      messages: new Array(count).fill(chat),
      more: false,
    });
  assertEquals((page(100) as { messages: unknown[] }).messages.length, 100);
  assertEquals(page(101), undefined);
});

test("have whole numbers from 0 for what is counted", () => {
  for (const seq of [-1, 1.5, 9_007_199_254_740_992, "1", null]) {
    assertEquals(read({ type: "read", room: "lobby", seq }), undefined);
  }
  assertEquals(read({ type: "presence", room: "a", count: -1 }), undefined);
});

test("are encoded as a frame of JSON in UTF-8", () => {
  const json = '{"type":"notice","text":"café ☕"}';
  const message = { type: "notice", text: "café ☕" } as const;
  assertEquals(
    new TextDecoder().decode(encodeMessage(message).subarray(4)),
    json,
  );
  const payload = utf8(json);
  assertEquals(
    encodeMessage(message),
    join([Uint8Array.of(0, 0, 0, payload.length), payload]),
  );
  assertThrows(
    () => encodeMessage({ type: "notice", text: "x".repeat(65_536) }),
    FrameError,
  );
});

test("come back canonical when they are encoded and read", () => {
  const line = fc.string({ unit: "binary", maxLength: 20 });
  const count = fc.nat();
  const message = fc.oneof(
    fc.record({
      type: fc.constant("chat"),
      room: line,
      from: line,
      txt: line,
      seq: count,
      at: count,
      id: line,
      action: fc.constant(true),
    }, { requiredKeys: ["type", "room", "from", "txt", "seq", "at"] }),
    fc.record({
      type: fc.constant("whois"),
      name: line,
      rooms: fc.array(line, { maxLength: 5 }),
      since: count,
      idleMs: count,
      away: line,
    }, { requiredKeys: ["type", "name", "rooms", "since", "idleMs"] }),
  );
  const canonical = fc.property(message, (given) => {
    const once = readServerMessage(encodeMessage(given).subarray(4));
    const unfit = stringsOf(once).filter((text) =>
      HARMFUL.test(text) || text !== text.normalize("NFC")
    );
    assertEquals(unfit, []);
    assertEquals(Object.keys(once!).sort(), Object.keys(given).sort());
    assertEquals(readServerMessage(encodeMessage(once!).subarray(4)), once);
  });
  fc.assert(canonical, OPTIONS);
});

test("never throw, whatever the bytes or the JSON", () => {
  const judge = (payload: Uint8Array) => {
    const message = readServerMessage(payload);
    assertEquals(typeof message?.type, message ? "string" : "undefined");
  };
  const types = [...MINIMAL.map(({ type }) => type), "poll"];
  const value = fc.jsonValue();
  const shaped = fc.record({
    type: fc.constantFrom(...types),
    room: value,
    messages: value,
    users: value,
    text: value,
    at: value,
  }, { requiredKeys: ["type"] });
  fc.assert(fc.property(fc.uint8Array(), judge), OPTIONS);
  fc.assert(fc.property(fc.json(), (json) => judge(utf8(json))), OPTIONS);
  fc.assert(
    fc.property(shaped, (given) => judge(utf8(JSON.stringify(given)))),
    OPTIONS,
  );
});
