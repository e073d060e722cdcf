import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  OUTBOX_BYTES as LIMIT_BYTES,
  OUTBOX_CHUNKS,
  OUTBOX_LOW_BYTES as LOW_BYTES,
} from "../../src/base/limits.ts";
import { Outbox } from "../../src/net/outbox.ts";
import { utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("outbox");

/** An outbox whose writes end when a test says so. */
class Bench {
  readonly events: string[] = [];
  readonly written: Uint8Array[] = [];
  readonly #ends: PromiseWithResolvers<void>[] = [];
  fault: unknown;
  readonly outbox = new Outbox({
    write: (bytes) => {
      this.written.push(bytes);
      const end = Promise.withResolvers<void>();
      this.#ends.push(end);
      return end.promise;
    },
    onDrained: () => void this.events.push("drained"),
    onProgress: () => void this.events.push("progress"),
    onFault: (error) => {
      this.fault = error;
      this.events.push("fault");
    },
  });

  get texts(): string[] {
    return this.written.map((bytes) => new TextDecoder().decode(bytes));
  }

  /** The write that is under way has gone through. */
  async sent(): Promise<void> {
    this.#ends.shift()!.resolve();
    await settle();
  }

  /** The write that is under way fails. */
  async failed(error: Error): Promise<void> {
    this.#ends.shift()!.reject(error);
    await settle();
  }
}

/** Lets everything run that waits for nothing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Whether a promise is settled once everything has run that waits for nothing. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let isDone = false;
  promise.then(() => isDone = true);
  await settle();
  return isDone;
}

test("sends nothing before it is flushed, then all in one write", async () => {
  const bench = new Bench();
  bench.outbox.push(utf8("a"));
  bench.outbox.push(utf8("b"));
  await settle();
  assertEquals(bench.texts, []);
  bench.outbox.flush();
  assertEquals(bench.texts, ["ab"]);
});

test("writes once at a time, and joins what came meanwhile", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  for (const text of ["a", "b", "c"]) {
    outbox.push(utf8(text));
    outbox.flush();
  }
  assertEquals(bench.texts, ["a"]);
  await bench.sent();
  assertEquals(bench.texts, ["a", "bc"]);
  await bench.sent();
  assertEquals(bench.texts, ["a", "bc"]);
  outbox.push(utf8("d"));
  outbox.flush();
  assertEquals(bench.texts, ["a", "bc", "d"]);
});

test("writes nothing when there is nothing", () => {
  const bench = new Bench();
  bench.outbox.flush();
  assertEquals(bench.written, []);
});

test("counts what is queued and what is being written as taken", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  assertEquals(outbox.spaceBytes, LIMIT_BYTES);
  outbox.push(new Uint8Array(1_000));
  assertEquals(outbox.spaceBytes, LIMIT_BYTES - 1_000);
  outbox.flush();
  outbox.push(new Uint8Array(24));
  assertEquals(outbox.spaceBytes, LIMIT_BYTES - 1_024);
  await bench.sent();
  assertEquals(outbox.spaceBytes, LIMIT_BYTES - 24);
  await bench.sent();
  assertEquals(outbox.spaceBytes, LIMIT_BYTES);
});

test("holds very many small pieces as few", () => {
  const bench = new Bench();
  const { outbox } = bench;
  const first = Uint8Array.of(0);
  outbox.push(first);
  const pieces = 3 * OUTBOX_CHUNKS;
  for (let n = 1; n < pieces; n++) outbox.push(Uint8Array.of(n));
  // A piece that is not held any more does not show what becomes of it.
  first[0] = 7;
  assertEquals(outbox.queuedBytes, pieces);
  outbox.flush();
  assertEquals(bench.written, [
    Uint8Array.from({ length: pieces }, (_, n) => n),
  ]);
});

test("takes more than its limit, and makes those wait who ask", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  outbox.push(new Uint8Array(LIMIT_BYTES - 1));
  assertEquals(outbox.whenSpace(), undefined);
  outbox.flush();
  outbox.push(new Uint8Array(LIMIT_BYTES));
  assertEquals(outbox.spaceBytes, 1 - LIMIT_BYTES);
  const [one, two] = [outbox.whenSpace()!, outbox.whenSpace()!];
  assertEquals(await isSettled(one), false);
  // A write that leaves it full lets nobody go on.
  await bench.sent();
  assertEquals(outbox.spaceBytes, 0);
  assertEquals(await isSettled(one), false);
  await bench.sent();
  assertEquals([await isSettled(one), await isSettled(two)], [true, true]);
  assertEquals(outbox.whenSpace(), undefined);
});

test("says that it is drained at the low mark, if it was above it", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  const cycle = async (...lengths: number[]) => {
    bench.events.length = 0;
    for (const length of lengths) {
      outbox.push(new Uint8Array(length));
      outbox.flush();
    }
    for (const _ of lengths) await bench.sent();
    return bench.events;
  };
  assertEquals(await cycle(LOW_BYTES), []);
  assertEquals(await cycle(LOW_BYTES + 1), ["progress", "drained"]);
  assertEquals(await cycle(1, LOW_BYTES), ["progress", "drained"]);
  assertEquals(
    await cycle(1, LOW_BYTES + 1),
    ["progress", "progress", "drained"],
  );
  assertEquals(await cycle(10), []);
});

test("sends in the same breath what is pushed when it is drained", async () => {
  const { written, outbox, onWrite } = pushingWhenDrained();
  outbox.push(new Uint8Array(LOW_BYTES + 1));
  outbox.flush();
  onWrite();
  await settle();
  assertEquals(written.map((bytes) => bytes.length), [LOW_BYTES + 1, 3]);
});

/** An outbox that is fed again from `onDrained`, and whose first write ends with `onWrite`. */
function pushingWhenDrained() {
  const written: Uint8Array[] = [];
  const first = Promise.withResolvers<void>();
  const outbox: Outbox = new Outbox({
    write: (bytes) => {
      written.push(bytes);
      return written.length === 1 ? first.promise : Promise.resolve();
    },
    onDrained: () => {
      outbox.push(new Uint8Array(3));
      outbox.flush();
    },
    onProgress: () => {},
    onFault: () => {},
  });
  return { written, outbox, onWrite: first.resolve };
}

test("forgets no flush, at whatever moment a write ends", async () => {
  // So many microtasks after the write has gone through.
  for (let delay = 0; delay < 12; delay++) {
    const bench = new Bench();
    bench.outbox.push(utf8("a"));
    bench.outbox.flush();
    const sent = bench.sent();
    for (let turn = 0; turn < delay; turn++) await Promise.resolve();
    bench.outbox.push(utf8("b"));
    bench.outbox.flush();
    await sent;
    await settle();
    assertEquals(bench.texts, ["a", "b"], `${delay}`);
  }
});

test("is flushed when nothing is queued and nothing under way", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  assertEquals(await isSettled(outbox.flushed()), true);
  outbox.push(utf8("a"));
  const flushed = outbox.flushed();
  outbox.push(utf8("b"));
  assertEquals(await isSettled(flushed), false);
  await bench.sent();
  assertEquals(bench.texts, ["a", "b"]);
  assertEquals(await isSettled(flushed), false);
  await bench.sent();
  assertEquals(await isSettled(flushed), true);
});

test("hands on a fault once, sends no more, and lets everyone go", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  outbox.push(new Uint8Array(LIMIT_BYTES));
  outbox.flush();
  outbox.push(utf8("never sent"));
  const [waiting, flushed] = [outbox.whenSpace()!, outbox.flushed()];
  const gone = new Error("gone");
  await bench.failed(gone);
  assertStrictEquals(bench.fault, gone);
  assertEquals(bench.events, ["fault"]);
  assertEquals(await isSettled(waiting), true);
  assertEquals(await isSettled(flushed), true);
  outbox.push(utf8("nor this"));
  outbox.flush();
  await outbox.flushed();
  assertEquals(bench.written.length, 1);
});

test("drops what is queued when it is closed, and takes no more", async () => {
  const bench = new Bench();
  const { outbox } = bench;
  outbox.push(new Uint8Array(LIMIT_BYTES));
  outbox.flush();
  outbox.push(utf8("never sent"));
  const waiting = outbox.whenSpace()!;
  outbox.close();
  assertEquals(await isSettled(waiting), true);
  assertEquals(outbox.whenSpace(), undefined);
  outbox.push(utf8("nor this"));
  outbox.flush();
  await bench.sent();
  assertEquals(bench.written.length, 1);
  assertEquals(await isSettled(outbox.flushed()), true);
  outbox.close();
});

test("ends by a fault where it is told of its writes, and nobody waits for it", async () => {
  for (const at of ["onProgress", "onDrained", "write"] as const) {
    const faults: unknown[] = [];
    const fault = new Error(at);
    const outbox = new Outbox({
      write: () => Promise.resolve(),
      onDrained: () => {},
      onProgress: () => {},
      onFault: (error) => void faults.push(error),
      [at]: () => {
        throw fault;
      },
    });
    outbox.push(new Uint8Array(LOW_BYTES + 1));
    outbox.flush();
    outbox.push(utf8("more"));
    await outbox.flushed();
    assertEquals(faults, [fault], at);
    assertStrictEquals(outbox.whenSpace(), undefined);
  }
});

test("waits for its pace, and writes in one piece what came until then", async () => {
  const written: string[] = [];
  const waiting: { begin(): void }[] = [];
  const outbox = new Outbox({
    write: (bytes) => {
      written.push(new TextDecoder().decode(bytes));
      return Promise.resolve();
    },
    onDrained: () => {},
    onProgress: () => {},
    onFault: () => {},
    pace: { add: (writer) => void waiting.push(writer) },
  });
  outbox.push(utf8("a"));
  outbox.flush();
  outbox.push(utf8("b"));
  outbox.flush();
  assertEquals([waiting.length, written.length], [1, 0]);
  waiting[0]!.begin();
  assertEquals(written, ["ab"]);
  await outbox.flushed();
  outbox.push(utf8("c"));
  outbox.flush();
  outbox.close();
  waiting[1]!.begin();
  await outbox.flushed();
  assertEquals(written, ["ab"]);
});
