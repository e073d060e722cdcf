/** The last messages of a room: as many as are allowed, and never with a gap. */
import { assert, assertEquals } from "@std/assert";
import { RING_BYTES, RING_MESSAGES } from "../../src/base/limits.ts";
import { RoomBuffer } from "../../src/delivery/room_buffer.ts";
import type { Entry } from "../../src/store/store.ts";
import { testsOf } from "../_testing.ts";
import { range } from "./_stage.ts";

const test = testsOf("a room buffer");

function entry(seq: number, length = 1): Entry {
  const body = "x".repeat(length);
  return { room: "den", seq, at: seq, from: "ann", kind: "text", body };
}

/** The seqs that are kept up to the head. */
function keptOf(buffer: RoomBuffer): number[] {
  for (let from = 1;; from++) {
    const kept = buffer.kept(from, Infinity);
    if (kept !== undefined) return kept.map(({ seq }) => seq);
  }
}

test("keeps the last messages that it is given, and gives them from a seq on", () => {
  const buffer = new RoomBuffer("den", "den", 40);
  assertEquals(buffer.kept(41, 9), []);
  assertEquals(buffer.kept(40, 9), undefined);
  for (const seq of range(41, 45)) buffer.append(entry(seq));
  assertEquals(buffer.head, 45);
  assertEquals(buffer.kept(40, 9), undefined);
  assertEquals(buffer.kept(42, 2), [entry(42), entry(43)]);
  assertEquals(buffer.kept(44, 9), [entry(44), entry(45)]);
});

test("keeps so many messages, and at most twice as many until it is trimmed", () => {
  const buffer = new RoomBuffer("den", "den", 0);
  let most = 0;
  for (const seq of range(1, 2_000)) {
    buffer.append(entry(seq));
    most = Math.max(most, keptOf(buffer).length);
    assert(keptOf(buffer).length >= Math.min(seq, RING_MESSAGES));
  }
  assertEquals(most, 2 * RING_MESSAGES);
  assertEquals(keptOf(buffer).at(-1), 2_000);
});

test("keeps so many bytes: from the first on as it is primed, else up to twice as many", () => {
  const primed = new RoomBuffer("den", "den", 100);
  primed.prime(range(1, 100).map((seq) => entry(seq, 4_000)));
  // 15 of 4,240 bytes are 63,600.
  assertEquals(keptOf(primed), range(86, 100));
  const grown = new RoomBuffer("den", "den", 0);
  for (const seq of range(1, 100)) {
    grown.append(entry(seq, 4_000));
    const { length } = keptOf(grown);
    assert(length * 4_240 <= 2 * RING_BYTES);
    assert(length >= Math.min(seq, 15));
    assertEquals(keptOf(grown).at(-1), seq);
  }
});

test("counts two bytes for each character of a text that is not all Latin", () => {
  const said = range(1, 20).map((seq) => entry(seq, 4_000));
  const buffer = new RoomBuffer("den", "den", 20);
  buffer.prime(said.map((one) => ({ ...one, body: `${one.body}\u20ac` })));
  // 7 of 8,242 bytes are 57,694.
  assertEquals(keptOf(buffer), range(14, 20));
});

test("keeps its last message, however long that is", () => {
  const buffer = new RoomBuffer("den", "den", 2);
  buffer.prime([entry(1), entry(2, 2 * RING_BYTES)]);
  assertEquals(keptOf(buffer), [2]);
});

test("is primed with nothing but its last messages", () => {
  const buffer = new RoomBuffer("den", "den", 10);
  buffer.prime(range(1, 9).map((seq) => entry(seq)));
  assertEquals(buffer.kept(9, 9), undefined);
  buffer.prime(range(1, 10).map((seq) => entry(seq)));
  assertEquals(keptOf(buffer), range(1, 10));
  buffer.append(entry(11));
  buffer.prime(range(5, 11).map((seq) => entry(seq)));
  assertEquals(keptOf(buffer), range(1, 11));
});

test("keeps nothing across a gap", () => {
  const buffer = new RoomBuffer("den", "den", 0);
  for (const seq of range(1, 5)) buffer.append(entry(seq));
  buffer.skipTo(8);
  assertEquals(buffer.kept(8, 9), undefined);
  buffer.append(entry(9));
  assertEquals(keptOf(buffer), [9]);
});
