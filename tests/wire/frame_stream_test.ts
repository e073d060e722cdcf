import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { FrameError } from "../../src/base/errors.ts";
import { FrameDecoder, frameStream } from "../../src/wire/frame.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("frame stream");
const OPTIONS = propertyOptions(200);

/** A source that counts how often it was asked, and knows whether it was ended. */
class Source implements AsyncIterableIterator<Uint8Array> {
  asked = 0;
  isEnded = false;
  readonly #chunks: Iterator<Uint8Array>;

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    this.asked++;
    return Promise.resolve(this.#chunks.next());
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.isEnded = true;
    return Promise.resolve({ done: true, value: undefined });
  }
}

function frame(text: string): Uint8Array {
  const payload = utf8(text);
  return join([Uint8Array.of(0, 0, 0, payload.length), payload]);
}

function texts(payloads: Iterable<Uint8Array> = []): string[] {
  return Array.from(payloads, (bytes) => new TextDecoder().decode(bytes));
}

/** Lets everything run that waits for nothing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

test("has as its chunks what one read brought, and then ends", async () => {
  const source = new Source([
    join([frame("a"), frame("bc")]),
    frame("d").slice(0, 2),
    join([frame("d").slice(2), frame("e").slice(0, 4)]),
    frame("e").slice(4),
  ]);
  const read: string[][] = [];
  for await (const payloads of frameStream(source)) read.push(texts(payloads));
  assertEquals(read, [["a", "bc"], ["d"], ["e"]]);
});

test("reads nothing before it is asked, and then no more than it takes", async () => {
  const source = new Source([
    frame("a").slice(0, 3),
    frame("a").slice(3),
    join([frame("b"), frame("c")]),
    frame("d"),
  ]);
  const reader = frameStream(source).getReader();
  await settle();
  assertEquals(source.asked, 0);
  assertEquals(texts((await reader.read()).value), ["a"]);
  await settle();
  assertEquals(source.asked, 2);
  assertEquals(texts((await reader.read()).value), ["b", "c"]);
  await settle();
  assertEquals(source.asked, 3);
  await reader.cancel();
});

test("hands out what came before a wrong length, and then fails", async () => {
  const broken = Uint8Array.of(0, 0, 0, 0, 1, 2, 3);
  const source = new Source([
    join([frame("a"), frame("b"), broken]),
    frame("never read"),
  ]);
  const reader = frameStream(source).getReader();
  assertEquals(texts((await reader.read()).value), ["a", "b"]);
  const error = await assertRejects(() => reader.read(), FrameError);
  assertEquals(error.lengthBytes, 0);
  await assertRejects(() => reader.read(), FrameError);
  assertEquals(source.asked, 1);
});

test("fails at once on a first length that is wrong", async () => {
  const source = new Source([Uint8Array.of(0, 1, 0, 0)]);
  const reader = frameStream(source).getReader();
  const error = await assertRejects(() => reader.read(), FrameError);
  assertEquals(error.lengthBytes, 65_536);
});

test("goes on where a decoder stands that has bytes already", async () => {
  const decoder = new FrameDecoder(3);
  decoder.push(join([frame("one"), frame("tw")]));
  assertEquals(texts([decoder.next()!]), ["one"]);
  const source = new Source([frame("four")]);
  const reader = frameStream(source, decoder).getReader();
  assertEquals(texts((await reader.read()).value), ["tw"]);
  assertEquals(source.asked, 0);
  await assertRejects(() => reader.read(), FrameError);
});

test("drops a frame that the end of the source cuts", async () => {
  const source = new Source([frame("a"), frame("cut").slice(0, 6)]);
  const reader = frameStream(source).getReader();
  assertEquals(texts((await reader.read()).value), ["a"]);
  assertEquals((await reader.read()).done, true);
});

test("ends its source when it is cancelled or left", async () => {
  const cancelled = new Source([frame("a"), frame("b")]);
  const reader = frameStream(cancelled).getReader();
  await reader.read();
  assertEquals(cancelled.isEnded, false);
  await reader.cancel();
  assertEquals(cancelled.isEnded, true);

  const left = new Source([frame("a"), frame("b")]);
  for await (const _ of frameStream(left)) break;
  assertEquals([left.isEnded, left.asked], [true, 1]);
});

test("fails as its source does", async () => {
  const gone = new Error("the cable");
  const source: AsyncIterable<Uint8Array> = {
    async *[Symbol.asyncIterator]() {
      yield frame("a");
      await Promise.reject(gone);
    },
  };
  const reader = frameStream(source).getReader();
  assertEquals(texts((await reader.read()).value), ["a"]);
  assertStrictEquals(await assertRejects(() => reader.read()), gone);
});

test("gives every payload in order however the bytes were cut", async () => {
  const text = fc.string({ minLength: 1, maxLength: 60 });
  const property = fc.asyncProperty(
    fc.array(text, { maxLength: 12 }),
    lengths,
    async (said, cuts) => {
      const source = new Source(cut(join(said.map(frame)), cuts));
      const read: string[] = [];
      for await (const payloads of frameStream(source)) {
        read.push(...texts(payloads));
      }
      assertEquals(read, said);
    },
  );
  await fc.assert(property, OPTIONS);
});
