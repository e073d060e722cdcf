import { assertEquals, assertThrows } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { FRAMES, LINES } from "../../src/gateway/framing.ts";
import { JsonCodec } from "../../src/gateway/json.ts";
import { join } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import { ack, BYE, ofScript, say, saying } from "./_clients.ts";
import {
  frame,
  got,
  hear,
  hearBytewise,
  hearEnd,
  messagesOf,
  type Said,
  text,
} from "./_codec.ts";

const test = testsOf("guest's JSON");

const HELLO = { type: "hello" };

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
  const codec = ofScript();
  const rows: [Record<string, unknown>, object][] = [
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
    assertEquals(say(ofScript(), message), message);
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
    const codec = ofScript();
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
