import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FrameError } from "../../src/base/errors.ts";
import { encodeFrame, FrameDecoder } from "../../src/wire/frame.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("frame");
const OPTIONS = propertyOptions(200);

/** A frame written by hand: the length as four bytes, then the payload. */
function frame(payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, payload.length);
  return join([header, payload]);
}

/** What the decoder has now, each payload copied. */
function taken(decoder: FrameDecoder): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (;;) {
    const payload = decoder.next();
    if (payload === null) return payloads;
    payloads.push(payload.slice());
  }
}

/** The longest array of bytes that `run` makes. */
function largestAllocation(run: () => void): number {
  const original = globalThis.Uint8Array;
  let largest = 0;
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, args, newTarget) {
      if (typeof args[0] === "number") largest = Math.max(largest, args[0]);
      return Reflect.construct(target, args, newTarget);
    },
  });
  try {
    run();
  } finally {
    globalThis.Uint8Array = original;
  }
  return largest;
}

test("is its length in four bytes, big-endian, and its payload", () => {
  assertEquals([...encodeFrame(utf8("hi"))], [0, 0, 0, 2, 0x68, 0x69]);
  const long = encodeFrame(new Uint8Array(0x1234));
  assertEquals([...long.subarray(0, 5)], [0, 0, 0x12, 0x34, 0]);
  assertEquals(long.length, 4 + 0x1234);
  assertEquals(
    [...encodeFrame(new Uint8Array(65_535)).subarray(0, 4)],
    [0, 0, 0xff, 0xff],
  );
});

test("is not made of an empty payload or of one over 65,535 bytes", () => {
  for (const length of [0, 65_536]) {
    const error = assertThrows(
      () => encodeFrame(new Uint8Array(length)),
      FrameError,
    );
    assertEquals([error.code, error.lengthBytes], ["frame", length]);
  }
});

test("is read one byte at a time", () => {
  const decoder = new FrameDecoder();
  const read: string[] = [];
  for (const byte of join([frame(utf8("one")), frame(utf8("2"))])) {
    decoder.push(Uint8Array.of(byte));
    for (const payload of taken(decoder)) {
      read.push(new TextDecoder().decode(payload));
    }
  }
  assertEquals(read, ["one", "2"]);
  assertEquals(decoder.pendingBytes, 0);
});

test("is read with many others from one chunk", () => {
  const payloads = Array.from({ length: 500 }, (_, i) => utf8(`number ${i}`));
  const decoder = new FrameDecoder();
  decoder.push(join(payloads.map(frame)));
  assertEquals(taken(decoder), payloads);
});

test("comes out whole however the bytes were cut", () => {
  const payload = fc.uint8Array({ minLength: 1, maxLength: 600 });
  fc.assert(
    fc.property(fc.array(payload), lengths, (payloads, cuts) => {
      const decoder = new FrameDecoder();
      const read: Uint8Array[] = [];
      for (const chunk of cut(join(payloads.map(frame)), cuts)) {
        decoder.push(chunk);
        read.push(...taken(decoder));
        // Whoever read the chunk uses its buffer for the next.
        chunk.fill(0xee);
      }
      assertEquals(read, payloads.map((bytes) => new Uint8Array(bytes)));
      assertEquals(decoder.pendingBytes, 0);
    }),
    OPTIONS,
  );
});

test("comes out whole at either end of the lengths that are allowed", () => {
  for (const length of [1, 251, 252, 253, 65_534, 65_535]) {
    for (const cuts of [[], [1], [3, 1, 4_096], [65_536]]) {
      const payload = new Uint8Array(length).map((_, at) => at * 7);
      const decoder = new FrameDecoder();
      const read: Uint8Array[] = [];
      for (const chunk of cut(join([frame(payload), frame(payload)]), cuts)) {
        decoder.push(chunk);
        read.push(...taken(decoder));
      }
      assertEquals(read, [payload, payload]);
    }
  }
});

test("takes chunks that come before the ones before them were asked for", () => {
  const decoder = new FrameDecoder();
  const stream = join([frame(utf8("first")), frame(utf8("second"))]);
  for (const chunk of cut(stream, [3, 5, 0, 4])) decoder.push(chunk);
  assertEquals(taken(decoder), [utf8("first"), utf8("second")]);
});

test("has its length judged before any of its payload is there", () => {
  const headers: [number[], number][] = [
    [[0, 0, 0, 0], 0],
    [[0, 1, 0, 0], 65_536],
    [[0x7f, 0xff, 0xff, 0xff], 0x7fff_ffff],
    [[0xff, 0xff, 0xff, 0xff], 0xffff_ffff],
  ];
  for (const [header, length] of headers) {
    const decoder = new FrameDecoder();
    decoder.push(Uint8Array.from(header.slice(0, 3)));
    assertEquals(decoder.next(), null);
    decoder.push(Uint8Array.from(header.slice(3)));
    const error = assertThrows(() => decoder.next(), FrameError);
    assertEquals(error.lengthBytes, length);
    // The stream cannot be followed any further, however often one asks.
    assertThrows(() => decoder.next(), FrameError);
  }
});

test("says in its error how long it was and what is allowed", () => {
  const decoder = new FrameDecoder(1_024);
  decoder.push(Uint8Array.of(0, 0, 4, 1));
  assertEquals(
    assertThrows(() => decoder.next(), FrameError).message,
    "reading a frame: its length is 1025 bytes, allowed are 1 to 1024",
  );
});

test("costs no memory for a payload that was only announced", () => {
  const chunks = [Uint8Array.of(0, 0, 0xff, 0xff), new Uint8Array(100)];
  const decoder = new FrameDecoder();
  const largest = largestAllocation(() => {
    for (const chunk of chunks) {
      decoder.push(chunk);
      assertEquals(decoder.next(), null);
    }
  });
  assertEquals(largest, 256);
  assertEquals(decoder.pendingBytes, 104);
});

test("costs no memory at all when its length is over the limit", () => {
  const chunk = Uint8Array.of(0, 0, 0xff, 0xff, 1, 2, 3);
  const decoder = new FrameDecoder(1_024);
  const largest = largestAllocation(() => {
    decoder.push(chunk);
    assertThrows(() => decoder.next(), FrameError);
  });
  assertEquals(largest, 0);
});

test("is judged by the limit that holds when it is its turn", () => {
  const decoder = new FrameDecoder(4);
  decoder.push(join([frame(utf8("four")), frame(utf8("fives"))]));
  assertEquals(decoder.next()?.slice(), utf8("four"));
  assertThrows(() => decoder.next(), FrameError);
  decoder.maxBytes = 5;
  assertEquals(decoder.next()?.slice(), utf8("fives"));
  decoder.maxBytes = 4;
  decoder.push(frame(utf8("fives")));
  assertThrows(() => decoder.next(), FrameError);
});

test("is a view of the chunk that brought it whole", () => {
  const chunk = frame(utf8("whole"));
  const decoder = new FrameDecoder();
  decoder.push(chunk);
  assertEquals(decoder.next()?.buffer, chunk.buffer);
});

test("holds until the next bytes are pushed, others of its chunk too", () => {
  const decoder = new FrameDecoder();
  const stream = join(["ab", "cd", "ef"].map((text) => frame(utf8(text))));
  decoder.push(stream.slice(0, 5));
  assertEquals(decoder.next(), null);
  decoder.push(stream.slice(5));
  const views = [decoder.next()!, decoder.next()!, decoder.next()!];
  assertEquals(decoder.next(), null);
  assertEquals(views.map((view) => new TextDecoder().decode(view)), [
    "ab",
    "cd",
    "ef",
  ]);
});
