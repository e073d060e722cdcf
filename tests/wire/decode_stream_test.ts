/** What the stream of any parser promises; what it makes of frames is in `frame_stream_test.ts`. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { decodeStream, type PushParser } from "../../src/wire/decode_stream.ts";
import { utf8 } from "../_chunks.ts";
import { Dribble, unmeasured } from "../_dribble.ts";
import { testsOf, unless } from "../_testing.ts";

const test = testsOf("decode stream");

/** Words, each ended by a blank; what stands at the end of the input, and then `THE END`. */
class Words implements PushParser<{ word: string }> {
  text = "";
  /** What {@linkcode next} throws when it meets `!`. */
  readonly fault = new Error("a word with !");
  readonly #last = ["THE END"];
  /** Words parsed so far. */
  parsed = 0;

  push(chunk: Uint8Array): void {
    this.text += new TextDecoder().decode(chunk);
  }

  next(): { word: string } | undefined {
    const [, word, rest] = /^(\S*) (.*)$/.exec(this.text) ?? [];
    if (word === undefined) return undefined;
    if (word === "!") throw this.fault;
    this.text = rest!;
    this.parsed++;
    return { word };
  }

  end(): { word: string } | undefined {
    const word = this.text || this.#last.pop();
    this.text = "";
    return word === undefined ? undefined : { word };
  }
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(utf8(text));
}

function wordsOf(batch: Iterable<{ word: string }> = []): string[] {
  return Array.from(batch, ({ word }) => word);
}

test("ends with what the end of the input makes whole", async () => {
  const batches: string[][] = [];
  for await (const batch of decodeStream(chunks("a b ", "c"), new Words())) {
    batches.push(wordsOf(batch));
  }
  assertEquals(batches, [["a", "b"], ["c", "THE END"]]);
});

Deno.test({
  ...unless(
    unmeasured,
    "decode stream: holds nothing for each piece of what is not whole",
  ),
  permissions: "none",
  fn: async () => {
    const word = new Dribble(utf8("x".repeat(50_000) + " "));
    const parser = { push: () => {}, next: () => undefined, end: () => null };
    for await (const _ of decodeStream(word, parser));
    // A promise that waits for the next would take 100 bytes and more.
    assert(word.grownBytes < 2_000_000, `${word.grownBytes} bytes`);
  },
});

test("parses nothing before it is taken", async () => {
  const words = new Words();
  const reader = decodeStream(chunks("a b c d "), words).getReader();
  const batch = (await reader.read()).value![Symbol.iterator]();
  assertEquals([words.parsed, batch.next().value], [1, { word: "a" }]);
  assertEquals([words.parsed, batch.next().value], [1, { word: "b" }]);
  assertEquals(words.parsed, 2);
  await reader.cancel();
});

test("goes on with what was left of a read that was not gone through", async () => {
  const reader = decodeStream(chunks("a b c "), new Words()).getReader();
  for (const { word } of (await reader.read()).value!) {
    assertEquals(word, "a");
    break;
  }
  assertEquals(wordsOf((await reader.read()).value), ["b", "c"]);
  await reader.cancel();
});

test("hands out what came before a fault of the parser, and then fails with it", async () => {
  const words = new Words();
  const reader = decodeStream(chunks("a b ! c "), words).getReader();
  assertEquals(wordsOf((await reader.read()).value), ["a", "b"]);
  const error = await assertRejects(() => reader.read());
  assertStrictEquals(error, words.fault);
});
