import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../../src/base/errors.ts";
import { readClientMessage } from "../../src/wire/client.ts";
import { join, utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("client faults");

function faultOf(payload: Uint8Array): ProtocolError {
  return assertThrows(() => readClientMessage(payload), ProtocolError);
}

function faultOfMessage(message: unknown): ProtocolError {
  return faultOf(utf8(JSON.stringify(message)));
}

/** Each of `messages`, which are wrong in one way, is a bad message, and says so with its id. */
function assertBad(messages: Record<string, unknown>[]): void {
  for (const message of messages) {
    const fault = faultOfMessage({ ...message, id: "the id" });
    const said = JSON.stringify(message);
    assertEquals([fault.code, fault.id], ["bad-message", "the id"], said);
    assertEquals(faultOfMessage(message).id, undefined, said);
  }
}

test("a payload that is no JSON object in UTF-8 is a bad message", () => {
  const payloads = [
    "",
    " ",
    "hello",
    "{",
    '{"type":"bye"}{',
    '{"type":"bye",}',
    "{'type':'bye'}",
    "null",
    "true",
    "1",
    '"bye"',
    "[]",
    '[{"type":"bye"}]',
    "[".repeat(65_535),
  ].map(utf8);
  payloads.push(
    join([utf8('{"type":"chat","txt":"'), Uint8Array.of(0xff), utf8('"}')]),
    join([
      utf8('{"type":"chat","txt":"'),
      Uint8Array.of(0xed, 0xa0, 0x80),
      utf8('"}'),
    ]),
  );
  for (const payload of payloads) {
    const fault = faultOf(payload);
    assertEquals([fault.code, fault.id], ["bad-message", undefined]);
  }
});

test("a type that is no string is a bad message", () => {
  assertBad(
    [null, 1, true, ["bye"], { type: "bye" }].map((type) => ({ type })),
  );
});

test("a type that is not known or missing is answered with unknown and the id", () => {
  const types = [
    "",
    "Hello",
    "shout",
    "welcome",
    "toString",
    "constructor",
    "__proto__",
    undefined,
  ];
  for (const type of types) {
    const fault = faultOfMessage({ type, id: "7" });
    assertEquals([fault.code, fault.message, fault.id], [
      "unknown-type",
      "unknown",
      "7",
    ]);
    assertEquals(faultOfMessage({ type }).id, undefined);
  }
});

test("a field of another type than it must have is a bad message", () => {
  assertBad([
    { type: "hello", name: 1 },
    { type: "hello", name: null },
    { type: "hello", room: ["lobby"] },
    { type: "hello", password: 1234 },
    { type: "hello", invite: {} },
    { type: "hello", client: false },
    { type: "chat", txt: 5 },
    { type: "chat", txt: null },
    { type: "chat", txt: "hi", room: 1 },
    { type: "chat", txt: "hi", to: {} },
    { type: "command", name: 0 },
    { type: "command", name: "join", args: ["tea"] },
    { type: "history", room: 1 },
    { type: "history", room: "lobby", before: "1" },
    { type: "history", room: "lobby", after: null },
    { type: "history", room: "lobby", limit: "ten" },
    { type: "typing", room: 1 },
    { type: "read", room: "lobby", seq: "1" },
    { type: "read", room: {}, seq: 1 },
    { type: "ping", t: "now" },
    { type: "pong", t: null },
  ]);
});

test("a field that is missing is a bad message", () => {
  assertBad([
    { type: "chat" },
    { type: "command" },
    { type: "history" },
    { type: "read", room: "lobby" },
    { type: "read", seq: 1 },
    { type: "ping" },
    { type: "pong" },
  ]);
});

test("a number out of its range is a bad message", () => {
  assertBad([
    { type: "read", room: "lobby", seq: -1 },
    { type: "read", room: "lobby", seq: 0.5 },
    { type: "read", room: "lobby", seq: 9_007_199_254_740_992 },
    { type: "history", room: "lobby", before: -1 },
    { type: "history", room: "lobby", limit: 0 },
    { type: "history", room: "lobby", limit: 101 },
  ]);
  const infinite = faultOf(utf8('{"type":"ping","t":1e999,"id":"i"}'));
  assertEquals([infinite.code, infinite.id], ["bad-message", "i"]);
});

test("a text that has nothing left when it is clean is a bad message", () => {
  assertBad([
    { type: "chat", txt: "" },
    { type: "chat", txt: "\x00\u202e" },
    { type: "chat", txt: "hi", room: "" },
    { type: "chat", txt: "hi", to: "\x07" },
    { type: "command", name: "" },
    { type: "history", room: "" },
    { type: "typing", to: "" },
    { type: "read", room: "\n", seq: 1 },
  ]);
});

test("a lone surrogate is a bad message wherever text is read", () => {
  assertBad([
    { type: "chat", txt: "a\ud800" },
    { type: "chat", txt: "\udc00\ud800" },
    { type: "chat", txt: "hi", room: "\udfff" },
    { type: "chat", txt: "hi", to: "\ud800" },
    { type: "command", name: "list", args: "\ud83d" },
    { type: "hello", name: "\ude00" },
    { type: "hello", password: "\ud800" },
    { type: "hello", resume: { "\ud800": 1 } },
  ]);
  const fault = faultOfMessage({ type: "chat", txt: "hi", id: "\ud800" });
  assertEquals([fault.code, fault.id], ["bad-message", undefined]);
});

test("an id that is none is a bad message, and is not repeated", () => {
  for (const id of ["", "i".repeat(65), "😀".repeat(65), 7, null, {}]) {
    const fault = faultOfMessage({ type: "chat", txt: "hi", id });
    assertEquals([fault.code, fault.id], ["bad-message", undefined]);
  }
});

test("fields that exclude each other are a bad message", () => {
  assertBad([
    { type: "chat", txt: "hi", room: "lobby", to: "ann" },
    { type: "typing" },
    { type: "typing", room: "lobby", to: "ann" },
    { type: "history", room: "lobby", before: 9, after: 1 },
  ]);
});

test("a resume of another form is a bad message", () => {
  const rooms = Array.from({ length: 129 }, (_, i) => [`r${i}`, i]);
  const points = [null, "5", -1, 1.5, true, [5], {}, { at: 5 }, { seq: "5" }];
  assertBad([
    ...[null, 5, "lobby", ["lobby"]].map((resume) => ({
      type: "hello",
      resume,
    })),
    ...points.map((lobby) => ({ type: "hello", resume: { lobby } })),
    { type: "hello", resume: { lobby: { seq: 5, at: -1 } } },
    { type: "hello", resume: { lobby: { seq: 5, at: null } } },
    { type: "hello", resume: { "": 5 } },
    { type: "hello", resume: Object.fromEntries(rooms) },
  ]);
});

test("a name or a secret of more than 256 code points is a bad message", () => {
  const long = "😀".repeat(257);
  assertBad([
    { type: "hello", name: long },
    { type: "hello", room: long },
    { type: "hello", password: long },
    { type: "hello", invite: long },
    { type: "hello", client: long },
    { type: "chat", txt: "hi", to: long },
    { type: "command", name: "me", args: "x".repeat(4_201) },
  ]);
});

test("a text of 4,001 code points is too large, and says what to do", () => {
  const fault = faultOfMessage({
    type: "chat",
    txt: "😀".repeat(4_001),
    id: "long",
  });
  assertEquals([fault.code, fault.id], ["too-large", "long"]);
  assertEquals(
    fault.message,
    "a text of 4001 characters is too long, at most 4000 are allowed: say it in parts",
  );
});

test("a fault names the field and what it must be, not what was sent", () => {
  const fault = faultOfMessage({ type: "read", room: "lobby", seq: "\x1b[2J" });
  assertEquals(
    fault.message,
    "read: seq must be a whole number from 0 to 9007199254740991",
  );
});
