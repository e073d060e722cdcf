import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ChannelError } from "../../src/base/errors.ts";
import {
  RecordOpener,
  RecordSealer,
  sealRecords,
} from "../../src/secure/record.ts";
import { join } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import {
  cipherOf,
  pattern,
  payloadsOf,
  plaintextOf,
  rawOpen,
  rawSeal,
  seal,
} from "./_records.ts";

const test = testsOf("record");
const OPTIONS = propertyOptions(100);

const KEY = pattern(32);

/** The wire: 2 bytes of length, the data, and zeros up to a multiple of 64. */
const SIZES: readonly [dataBytes: number, plaintextBytes: number][] = [
  [1, 64],
  [61, 64],
  [62, 64],
  [63, 128],
  [126, 128],
  [127, 192],
  [255, 320],
  [256, 320],
  [65_406, 65_408],
  [65_407, 65_472],
  [65_470, 65_472],
];

test("is its length, its data and the fewest zeros", () => {
  const sealer = new RecordSealer(cipherOf(KEY));
  for (const [counter, [dataBytes, plaintextBytes]] of SIZES.entries()) {
    const data = pattern(dataBytes);
    const frames = payloadsOf(seal(sealer, data));
    assertEquals(frames.length, 1);
    assertEquals(frames[0]!.length, plaintextBytes + 16);
    const plaintext = rawOpen(KEY, counter, frames[0]!);
    assert(
      plaintext.toHex() === plaintextOf(data, plaintextBytes).toHex(),
      `${dataBytes} bytes`,
    );
  }
});

test("is opened to just its data", () => {
  const opener = new RecordOpener(cipherOf(KEY));
  for (const [counter, [dataBytes, plaintextBytes]] of SIZES.entries()) {
    const data = pattern(dataBytes);
    const record = rawSeal(
      KEY,
      counter,
      plaintextOf(data, plaintextBytes),
    );
    const opened = opener.open(record);
    assert(opened.toHex() === data.toHex(), `${dataBytes} bytes`);
  }
});

test("is one of several when there is more data than it holds", () => {
  const cases: [dataBytes: number, recordBytes: number[]][] = [
    [65_471, [65_488, 80]],
    [130_940, [65_488, 65_488]],
    [200_000, [65_488, 65_488, 65_488, 3_664]],
  ];
  for (const [dataBytes, recordBytes] of cases) {
    const data = pattern(dataBytes);
    const sealer = new RecordSealer(cipherOf(KEY));
    const opener = new RecordOpener(cipherOf(KEY));
    const records = payloadsOf(seal(sealer, data));
    assertEquals(records.map(({ length }) => length), recordBytes);
    const opened: Uint8Array[] = [];
    for (const record of records) opened.push(opener.open(record));
    assert(join(opened).toHex() === data.toHex());
  }
});

test("with any fault is opened no more than with any other", () => {
  const cipher = cipherOf(KEY);
  const opener = new RecordOpener(cipher);
  const good = rawSeal(KEY, 0, plaintextOf(pattern(20), 64));
  const said = new Set<string>();
  for (const record of faultyRecords(good)) {
    const error = assertThrows(() => opener.open(record), ChannelError);
    said.add([error.name, error.code, error.message, error.cause].join());
    assertEquals(cipher.counter, 0);
  }
  assertEquals(said.size, 1);
  // The counter stayed where it was: the true record is still the next.
  assertEquals((opener.open(good)).toHex(), pattern(20).toHex());
  assertEquals(cipher.counter, 1);
});

/** What is no first record: `good` changed on its way, and what a faulty peer seals. */
function faultyRecords(good: Uint8Array): Uint8Array[] {
  const flipped = Array.from({ length: 8 * good.length }, (_, bit) => {
    const record = good.slice();
    record[bit >> 3]! ^= 1 << (bit & 7);
    return record;
  });
  const cut = [0, 1, 15, 16, 17, 63, 64, 79].map((to) => good.slice(0, to));
  const longer = join([good, new Uint8Array(64)]);
  const stained = [22, 40, 63].map((at) => {
    const plaintext = plaintextOf(pattern(20), 64);
    plaintext[at] = 1;
    return plaintext;
  });
  const claims = (length: number, plaintextBytes: number) => {
    const plaintext = new Uint8Array(plaintextBytes);
    new DataView(plaintext.buffer).setUint16(0, length);
    return plaintext;
  };
  const plaintexts = [
    ...stained,
    // Padding that is longer than it must be.
    plaintextOf(pattern(1), 128),
    plaintextOf(pattern(62), 128),
    plaintextOf(pattern(100), 65_472),
    // A length that is 0, beyond the plaintext, or over 65,470.
    claims(0, 64),
    claims(63, 64),
    claims(65_535, 64),
    claims(65_471, 65_472),
    claims(65_535, 65_472),
    claims(65_471, 65_536),
    // A length that is no multiple of 64, or nothing.
    new Uint8Array(0),
    new Uint8Array(1),
    ...[2, 22, 63, 65, 100].map((bytes) => claims(1, bytes)),
  ];
  const sealed = plaintexts.map((plaintext) => rawSeal(KEY, 0, plaintext));
  const otherCounter = rawSeal(KEY, 1, plaintextOf(pattern(20), 64));
  return [
    ...flipped,
    ...cut,
    longer,
    ...sealed,
    otherCounter,
  ];
}

test("is for each of many what it would be for one alone", () => {
  const sizes = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(65_470, 65_471, 140_000),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const alike = fc.property(
    fc.integer({ min: 1, max: 9 }),
    sizes,
    (many, sizes) => {
      const keys = Array.from({ length: many }, (_, i) => pattern(32 + i))
        .map((bytes) => bytes.slice(-32));
      // They have not sealed equally much before.
      const sealers = keys.map((key, i) => {
        const sealer = new RecordSealer(cipherOf(key), 3);
        for (let count = 0; count < i; count++) seal(sealer, pattern(1));
        return sealer;
      });
      const alone = keys.map((key, i) => {
        const sealer = new RecordSealer(cipherOf(key), 3);
        for (let count = 0; count < i; count++) seal(sealer, pattern(1));
        return sealer;
      });
      for (const size of sizes) {
        const data = pattern(size);
        const frames = sealRecords(sealers, data);
        assertEquals(frames.length, many);
        for (const [i, sealer] of alone.entries()) {
          assert(frames[i]!.toHex() === seal(sealer, data).toHex());
        }
      }
    },
  );
  fc.assert(alike, OPTIONS);
});

test("with any bit flipped is refused, whatever it holds", () => {
  const refused = fc.property(
    fc.integer({ min: 1, max: 20_000 }),
    fc.nat(),
    (length, at) => {
      const sealer = new RecordSealer(cipherOf(KEY));
      const [record] = payloadsOf(seal(sealer, pattern(length)));
      const bit = at % (8 * record!.length);
      record![bit >> 3]! ^= 1 << (bit & 7);
      const opener = new RecordOpener(cipherOf(KEY));
      assertThrows(() => opener.open(record!), ChannelError);
    },
  );
  fc.assert(refused, OPTIONS);
});

test("is sealed for nobody when one of them has no key any more", () => {
  const sealers = [new RecordSealer(cipherOf(KEY))];
  sealers.push(new RecordSealer(cipherOf(pattern(33).slice(1))));
  sealers[1]!.cipher.wipe();
  assertEquals(sealers.map(({ canSeal }) => canSeal), [true, false]);
  assertThrows(() => sealRecords(sealers, pattern(5)), ChannelError);
  assertEquals(sealers[0]!.cipher.counter, 0);
});
