/** What the rings of all rooms take together, and what is read to begin them. */
import { assert, assertEquals } from "@std/assert";
import { RING_BYTES } from "../../src/base/limits.ts";
import { readLast, Ring } from "../../src/delivery/ring.ts";
import { Rings } from "../../src/delivery/rings.ts";
import type { Entry } from "../../src/store/store.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { range } from "./_stage.ts";

const test = testsOf("the rings of all rooms");

/** Of 4,240 bytes. */
function long(seq: number, room = "den"): Entry {
  const body = "x".repeat(4_000);
  return { room, seq, at: seq, from: "ann", kind: "text", body };
}

test("stay under their limit together, and empty those that were used longest ago", () => {
  const limitBytes = 1_000_000;
  const rings = new Rings(limitBytes);
  const rooms = range(1, 256).map(() => new Ring());
  let most = 0;
  const sum = () => rooms.reduce((all, { bytes }) => all + bytes, 0);
  for (const seq of range(1, 40)) {
    for (const ring of rooms) {
      ring.push(long(seq));
      rings.count(ring);
      assertEquals(rings.totalBytes, sum());
      most = Math.max(most, sum());
    }
  }
  assert(most <= limitBytes && most > limitBytes - 2 * RING_BYTES, `${most}`);
  // Those that were used last have the newest; before them there is nothing.
  assert(rooms.at(-1)!.length > 0);
  assertEquals(rooms[0]!.length, 0);
});

test("do not count those that are not needed any more", () => {
  const rings = new Rings(10_000);
  const [gone, left, other] = [new Ring(), new Ring(), new Ring()];
  for (const ring of [gone, left]) {
    ring.push(long(1));
    rings.count(ring);
  }
  rings.remove(gone);
  rings.remove(gone);
  assertEquals(rings.totalBytes, 4_240);
  other.push(long(1));
  rings.count(other);
  left.clear();
  rings.count(left);
  assertEquals([rings.totalBytes, other.length], [4_240, 1]);
});

async function written(texts: readonly string[]): Promise<TestStore> {
  const store = new TestStore();
  const entries = texts.map((body, at) => ({ ...long(at + 1), body }));
  await store.commit({
    appends: [{ room: "den", expectedHead: 0, entries }],
    writes: [],
  });
  return store;
}

test("begin with as many messages as fit, and no more are read", async () => {
  const seqs = async (store: TestStore, head: number) =>
    (await readLast(store, "den", head)).map(({ seq }) => seq);
  const short = await written(Array(300).fill("hello"));
  assertEquals(await seqs(short, 300), range(201, 300));
  assertEquals(await seqs(short, 5), range(1, 5));
  assertEquals(await seqs(await written([]), 3), []);
  const wide = await written(Array(100).fill("\u{1f600}".repeat(4_000)));
  // Each takes 16,240 bytes: four fit, and the eight that tell so are here already.
  wide.reads.length = 0;
  assertEquals(await seqs(wide, 100), range(93, 100));
  assertEquals(wide.reads, [["den", 93, 8]]);
  const middling = await written(Array(100).fill("x".repeat(4_000)));
  assertEquals(await seqs(middling, 100), range(86, 100));
});
