import { assertEquals, assertThrows } from "@std/assert";
import type { Decoder } from "../../src/gateway/dialect.ts";
import { Units } from "../../src/gateway/units.ts";
import { utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("units");

/** Each chunk is a unit. */
class Chunks implements Decoder<string> {
  readonly pushed: string[] = [];

  push(chunk: Uint8Array): void {
    this.pushed.push(new TextDecoder().decode(chunk));
  }

  next(): string | null {
    return this.pushed.shift() ?? null;
  }
}

/** Units of these chunks, and a function that reads once. */
function unitsOf(chunks: Iterable<string | Error>, decoder = new Chunks()) {
  async function* client(): AsyncGenerator<Uint8Array, undefined> {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk;
      yield await Promise.resolve(utf8(chunk));
    }
  }
  let onRead = () => {};
  const units = new Units({
    client: client(),
    decoder,
    onRead: () => onRead(),
  });
  const read = () =>
    new Promise<void>((resolve) => {
      onRead = resolve;
      units.read();
    });
  return { units, read };
}

test("come when they are asked for, until the input ends", async () => {
  const { units, read } = unitsOf(["one", "two"]);
  assertEquals(units.next(), undefined);
  await read();
  assertEquals([units.next(), units.next()], ["one", undefined]);
  await read();
  assertEquals([units.next(), units.hasEnded], ["two", false]);
  await read();
  assertEquals([units.next(), units.hasEnded], [undefined, true]);
});

test("may be made whole by the end of the input", async () => {
  const decoder = Object.assign(new Chunks(), {
    rest: ["a rest"],
    end(): string | null {
      return this.rest.pop() ?? null;
    },
  });
  const { units, read } = unitsOf(["one"], decoder);
  await read();
  assertEquals([units.next(), units.next()], ["one", undefined]);
  await read();
  assertEquals([units.next(), units.next()], ["a rest", undefined]);
});

test("are read, and kept nowhere, when nobody looks at them any more", async () => {
  const decoder = new Chunks();
  const { units, read } = unitsOf(["one", "two"], decoder);
  units.discard();
  await read();
  await read();
  assertEquals(decoder.pushed, []);
  await read();
  assertEquals(units.hasEnded, true);
});

test("end with the fault of the carrier", async () => {
  const { units, read } = unitsOf([new Error("broken")]);
  await read();
  assertEquals(units.hasEnded, true);
  assertThrows(() => units.next(), Error, "broken");
});
