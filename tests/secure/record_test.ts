import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { ChannelError } from "../../src/base/errors.ts";
import { type AeadFactory, subtleAead } from "../../src/secure/aead.ts";
import { nativeAead } from "../../src/secure/aead_native.ts";
import { CipherState } from "../../src/secure/noise.ts";
import { RecordOpener, RecordSealer } from "../../src/secure/record.ts";
import { join } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import {
  pattern,
  payloadsOf,
  plaintextOf,
  rawOpen,
  rawSeal,
} from "./_records.ts";

const test = testsOf("record");
const OPTIONS = propertyOptions(100);

const AEADS: Record<string, AeadFactory> = {
  "crypto.subtle": subtleAead,
  "node:crypto": nativeAead,
};
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

for (const [name, aead] of Object.entries(AEADS)) {
  test(`is its length, its data and the fewest zeros, sealed by ${name}`, async () => {
    const sealer = new RecordSealer(new CipherState(KEY, aead));
    for (const [counter, [dataBytes, plaintextBytes]] of SIZES.entries()) {
      const data = pattern(dataBytes);
      const frames = payloadsOf(await sealer.seal(data));
      assertEquals(frames.length, 1);
      assertEquals(frames[0]!.length, plaintextBytes + 16);
      const plaintext = await rawOpen(KEY, counter, frames[0]!);
      assert(
        plaintext.toHex() === plaintextOf(data, plaintextBytes).toHex(),
        `${dataBytes} bytes`,
      );
    }
  });

  test(`is opened by ${name} to just its data`, async () => {
    const opener = new RecordOpener(new CipherState(KEY, aead));
    for (const [counter, [dataBytes, plaintextBytes]] of SIZES.entries()) {
      const data = pattern(dataBytes);
      const record = await rawSeal(
        KEY,
        counter,
        plaintextOf(data, plaintextBytes),
      );
      const opened = await opener.open(record);
      assert(opened.toHex() === data.toHex(), `${dataBytes} bytes`);
    }
  });

  test(`is one of several by ${name} when there is more data than it holds`, async () => {
    const cases: [dataBytes: number, recordBytes: number[]][] = [
      [65_471, [65_488, 80]],
      [130_940, [65_488, 65_488]],
      [200_000, [65_488, 65_488, 65_488, 3_664]],
    ];
    for (const [dataBytes, recordBytes] of cases) {
      const data = pattern(dataBytes);
      const sealer = new RecordSealer(new CipherState(KEY, aead));
      const opener = new RecordOpener(new CipherState(KEY, aead));
      const records = payloadsOf(await sealer.seal(data));
      assertEquals(records.map(({ length }) => length), recordBytes);
      const opened: Uint8Array[] = [];
      for (const record of records) opened.push(await opener.open(record));
      assert(join(opened).toHex() === data.toHex());
    }
  });

  test(`with any fault is opened by ${name} no more than with any other`, async () => {
    const cipher = new CipherState(KEY, aead);
    const opener = new RecordOpener(cipher);
    const good = await rawSeal(KEY, 0, plaintextOf(pattern(20), 64));
    const said = new Set<string>();
    for (const record of await faultyRecords(good)) {
      const error = await assertRejects(
        async () => await opener.open(record),
        ChannelError,
      );
      said.add([error.name, error.code, error.message, error.cause].join());
      assertEquals(cipher.counter, 0);
    }
    assertEquals(said.size, 1);
    // The counter stayed where it was: the true record is still the next.
    assertEquals((await opener.open(good)).toHex(), pattern(20).toHex());
    assertEquals(cipher.counter, 1);
  });
}

/** What is no first record: `good` changed on its way, and what a faulty peer seals. */
async function faultyRecords(good: Uint8Array): Promise<Uint8Array[]> {
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
    ...await Promise.all([...sealed, otherCounter]),
  ];
}

test("is the same bytes by either way, and either opens the other's", async () => {
  const length = fc.oneof(
    fc.integer({ min: 1, max: 400 }),
    fc.integer({ min: 4_000, max: 70_000 }),
  );
  const lengths = fc.array(length, { minLength: 1, maxLength: 5 });
  const sameBytes = fc.asyncProperty(lengths, async (lengths) => {
    const sealers = [subtleAead, nativeAead].map((aead) =>
      new RecordSealer(new CipherState(KEY, aead), 3)
    );
    const openers = [nativeAead, subtleAead].map((aead) =>
      new RecordOpener(new CipherState(KEY, aead), 3)
    );
    for (const bytes of lengths) {
      const data = pattern(bytes);
      const made = [
        await sealers[0]!.seal(data),
        await sealers[1]!.seal(data),
      ] as const;
      assert(made[0].toHex() === made[1].toHex());
      for (const opener of openers) {
        const opened: Uint8Array[] = [];
        for (const record of payloadsOf(made[0])) {
          opened.push(await opener.open(record));
        }
        assert(join(opened).toHex() === data.toHex());
      }
    }
  });
  await fc.assert(sameBytes, OPTIONS);
});

test("with any bit flipped is refused, whatever it holds", async () => {
  const refused = fc.asyncProperty(
    fc.integer({ min: 1, max: 20_000 }),
    fc.nat(),
    fc.constantFrom(subtleAead, nativeAead),
    async (length, at, aead) => {
      const sealer = new RecordSealer(new CipherState(KEY, aead));
      const [record] = payloadsOf(await sealer.seal(pattern(length)));
      const bit = at % (8 * record!.length);
      record![bit >> 3]! ^= 1 << (bit & 7);
      const opener = new RecordOpener(new CipherState(KEY, aead));
      await assertRejects(
        async () => await opener.open(record!),
        ChannelError,
      );
    },
  );
  await fc.assert(refused, OPTIONS);
});
