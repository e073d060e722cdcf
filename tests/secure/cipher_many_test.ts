import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ChannelError } from "../../src/base/errors.ts";
import {
  CipherKey,
  type Recipient,
  sealMany,
} from "../../src/secure/cipher.ts";
import { propertyOptions, testsOf, unless } from "../_testing.ts";
import {
  bytesOf,
  lengths,
  NO_BYTES,
  nonceOf,
  type Seal,
  sealByNoble,
  sealByNode,
  textOf,
  whyNotNode,
} from "./_cipher.ts";

const test = testsOf("cipher for many");
const OPTIONS = propertyOptions(150);

/** Recipients, with their keys as bytes: each key begins with its number. */
function peopleOf(
  seed: Uint8Array,
  counters: readonly number[],
): (Recipient & { readonly bytes: Uint8Array })[] {
  return counters.map((counter, i) => {
    const bytes = new Uint8Array(seed);
    new DataView(bytes.buffer).setUint32(0, i);
    return { bytes, key: new CipherKey(bytes), counter };
  });
}

/** `sealMany` and `seal` against somebody else's cipher. */
function compare(sealByOther: Seal): void {
  const counters = fc.array(
    fc.oneof(fc.nat(), fc.nat(Number.MAX_SAFE_INTEGER)),
    { maxLength: 14 },
  );
  const same = fc.property(
    bytesOf(32),
    fc.uint8Array({ maxLength: 16 }),
    lengths,
    counters,
    (seed, head, length, counters) => {
      const people = peopleOf(seed, counters);
      const plaintext = textOf(seed, length);
      const results = sealMany(people, plaintext, head);
      assertEquals(results.length, people.length);
      for (const [i, { key, counter, bytes }] of people.entries()) {
        const nonce = nonceOf(counter);
        const expected = sealByOther(bytes, nonce, NO_BYTES, plaintext).toHex();
        const [before, sealed] = [
          results[i]!.subarray(0, head.length),
          results[i]!.subarray(head.length),
        ];
        assertEquals(before.toHex(), head.toHex());
        assert(sealed.toHex() === expected, `recipient ${i}`);
        assert(key.seal(nonce, NO_BYTES, plaintext).toHex() === expected);
        const withAd = sealByOther(bytes, nonce, seed, plaintext).toHex();
        assert(key.seal(nonce, seed, plaintext).toHex() === withAd);
        key.wipe();
      }
    },
  );
  fc.assert(same, OPTIONS);
}

test("gives the bytes of @noble/ciphers, whatever is sealed for how many", () => {
  compare(sealByNoble);
});

Deno.test({
  ...unless(
    whyNotNode(),
    "cipher for many: gives the bytes of node:crypto, whatever is sealed for how many",
  ),
  permissions: "none",
  fn: () => compare(sealByNode),
});

test("every length near a block, for every rest of four", () => {
  const seed = new Uint8Array(32).fill(1);
  const everybody = peopleOf(seed, [0, 1, 2, 3, 4, 5, 6, 7]);
  for (const around of [16, 64, 128, 192, 256, 448, 512, 640, 704, 768]) {
    for (let length = around - 1; length <= around + 1; length++) {
      const plaintext = textOf(seed, length);
      const expected = everybody.map(({ bytes, counter }) =>
        sealByNoble(bytes, nonceOf(counter), NO_BYTES, plaintext).toHex()
      );
      for (let count = 0; count <= everybody.length; count++) {
        const some = everybody.slice(0, count);
        const made = sealMany(some, plaintext, NO_BYTES);
        assertEquals(
          made.map((bytes) => bytes.toHex()),
          expected.slice(0, count),
        );
      }
    }
  }
});

test("goes on from buffer to buffer, each of 16 KiB or of one result", () => {
  const seed = new Uint8Array(32).fill(2);
  const everybody = peopleOf(
    seed,
    Array.from({ length: 1_300 }, (_, i) => 10 + i),
  );
  const head = Uint8Array.of(1, 2, 3);
  for (const length of [0, 1, 256, 2_000, 4_000, 5_000, 8_150, 16_384]) {
    const plaintext = textOf(seed, length);
    const count = length < 1_000 ? 1_300 : 11;
    const results = sealMany(everybody.slice(0, count), plaintext, head);
    const buffers = new Set(results.map(({ buffer }) => buffer));
    for (const { byteLength } of buffers) {
      assert(byteLength <= Math.max(16_384, 3 + length + 63 + 16));
    }
    assert(buffers.size > 1);
    for (const [i, { bytes, counter }] of everybody.entries()) {
      if (i >= count) break;
      const sealed = sealByNoble(bytes, nonceOf(counter), NO_BYTES, plaintext);
      assert(results[i]!.toHex() === "010203" + sealed.toHex(), `result ${i}`);
    }
  }
});

test("between the results in a buffer there is nothing but zeros", () => {
  const everybody = peopleOf(new Uint8Array(32), [1, 2, 3, 4, 5, 6, 7]);
  for (const length of [1, 65, 300]) {
    const results = sealMany(everybody, textOf(NO_BYTES, length), NO_BYTES);
    const all = new Uint8Array(results[0]!.buffer);
    for (const result of results) result.fill(0);
    assert(all.every((byte) => byte === 0));
  }
});

test("what it gave stays as it is", () => {
  const everybody = peopleOf(new Uint8Array(32), [1, 2, 3, 4, 5]);
  const results = sealMany(everybody, textOf(NO_BYTES, 100), NO_BYTES);
  const before = results.map((bytes) => bytes.toHex());
  sealMany(everybody, textOf(NO_BYTES, 200), NO_BYTES);
  for (const { key } of everybody) key.wipe();
  peopleOf(new Uint8Array(32), [1, 2, 3]);
  assertEquals(results.map((bytes) => bytes.toHex()), before);
});

test("refuses counters and lengths that are not allowed, before it seals anything", () => {
  const [one] = peopleOf(new Uint8Array(32), [1]);
  const key = one!.key;
  for (const counter of [-1, 0.5, 2 ** 53, NaN, Infinity]) {
    const seal = () => sealMany([one!, { key, counter }], NO_BYTES, NO_BYTES);
    assertThrows(seal, RangeError);
  }
  const long = new Uint8Array(65_536);
  assertThrows(() => sealMany([one!], long, NO_BYTES), RangeError);
  assertThrows(
    () => sealMany([one!], NO_BYTES, new Uint8Array(17)),
    RangeError,
  );
  key.wipe();
  assertThrows(() => sealMany([one!], NO_BYTES, NO_BYTES), ChannelError);
});
