import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { ChannelError } from "../../src/base/errors.ts";
import { SEAL_ASIDE_BYTES } from "../../src/base/limits.ts";
import { type AeadFactory, subtleAead } from "../../src/secure/aead.ts";
import { nativeAead } from "../../src/secure/aead_native.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("AES-GCM");
const OPTIONS = propertyOptions(200);

const AEADS: Record<string, AeadFactory> = {
  "crypto.subtle": subtleAead,
  "node:crypto": nativeAead,
};
const NONE = new Uint8Array(0);
const KEY = new Uint8Array(32).map((_, at) => at);
const NONCE = new Uint8Array(12).fill(3);

/** McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: those with 256 bits. */
const CASES = [
  {
    key: "00".repeat(32),
    nonce: "00".repeat(12),
    ad: "",
    plaintext: "",
    sealed: "530f8afbc74536b9a963b4f1c4cb738b",
  },
  {
    key: "00".repeat(32),
    nonce: "00".repeat(12),
    ad: "",
    plaintext: "00".repeat(16),
    sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
  },
  {
    key: "feffe9928665731c6d6a8f9467308308".repeat(2),
    nonce: "cafebabefacedbaddecaf888",
    ad: "",
    plaintext:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
    sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad" +
      "b094dac5d93471bdec1a502270e3cc6c",
  },
  {
    key: "feffe9928665731c6d6a8f9467308308".repeat(2),
    nonce: "cafebabefacedbaddecaf888",
    ad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    plaintext:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
      "76fc6ece0f4e1768cddf8853bb2d551b",
  },
];

for (const [name, aead] of Object.entries(AEADS)) {
  test(`${name} gives the ciphertexts and tags of its designers`, async () => {
    for (const { key, nonce, ad, plaintext, sealed } of CASES) {
      const cipher = aead(Uint8Array.fromHex(key));
      const given = [nonce, ad].map((hex) => Uint8Array.fromHex(hex)) as [
        Uint8Array<ArrayBuffer>,
        Uint8Array<ArrayBuffer>,
      ];
      const made = await cipher.seal(...given, Uint8Array.fromHex(plaintext));
      assertEquals(made.toHex(), sealed);
      const opened = await cipher.open(...given, Uint8Array.fromHex(sealed));
      assertEquals(opened.toHex(), plaintext);
    }
  });

  test(`${name} opens nothing that was changed, and says not what it was`, async () => {
    const cipher = aead(KEY);
    const ad = Uint8Array.of(1);
    const sealed = await cipher.seal(NONCE, ad, new Uint8Array(20));
    const otherNonce = NONCE.slice();
    otherNonce[11]! ^= 1;
    const attempts: (() => unknown)[] = [
      () => cipher.open(otherNonce, ad, sealed),
      () => cipher.open(NONCE, NONE, sealed),
      () => cipher.open(NONCE, Uint8Array.of(2), sealed),
      () => aead(new Uint8Array(32)).open(NONCE, ad, sealed),
      ...Array.from(
        { length: sealed.length },
        (_, length) => () => cipher.open(NONCE, ad, sealed.slice(0, length)),
      ),
      ...Array.from({ length: 8 * sealed.length }, (_, bit) => () => {
        const changed = sealed.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        return cipher.open(NONCE, ad, changed);
      }),
    ];
    const said = new Set<string>();
    for (const attempt of attempts) {
      const error = await assertRejects(
        async () => await attempt(),
        ChannelError,
      );
      said.add(`${error.code}: ${error.message}`);
    }
    assertEquals(said.size, 1);
  });

  test(`${name} leaves what it is given as it is`, async () => {
    for (const length of [100, 10_000]) {
      const [nonce, ad] = [NONCE.slice(), Uint8Array.of(1, 2)];
      const plaintext = new Uint8Array(length).fill(7);
      const sealed = await aead(KEY).seal(nonce, ad, plaintext);
      const copy = sealed.slice();
      const opened = await aead(KEY).open(nonce, ad, sealed);
      assertEquals(nonce, NONCE);
      assertEquals(ad, Uint8Array.of(1, 2));
      assertEquals(plaintext, new Uint8Array(length).fill(7));
      assertEquals(sealed.toHex(), copy.toHex());
      assertEquals(opened.toHex(), plaintext.toHex());
    }
  });
}

test("both ways give the same bytes, whatever is sealed", async () => {
  const lengths = fc.oneof(
    fc.nat(300),
    fc.constantFrom(SEAL_ASIDE_BYTES - 1, SEAL_ASIDE_BYTES, 65_472),
  );
  const sameBytes = fc.asyncProperty(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.uint8Array({ minLength: 12, maxLength: 12 }),
    fc.uint8Array({ maxLength: 40 }),
    lengths,
    async (...[key, nonce, ad, length]) => {
      const [k, n, a] = [key, nonce, ad].map((bytes) => new Uint8Array(bytes));
      const plaintext = new Uint8Array(length).map((_, at) => at * 31);
      const subtle = await subtleAead(k!).seal(n!, a!, plaintext);
      const native = await nativeAead(k!).seal(n!, a!, plaintext);
      assert(subtle.toHex() === native.toHex());
      const opened = await nativeAead(k!).open(n!, a!, subtle);
      assert(opened.toHex() === plaintext.toHex());
    },
  );
  await fc.assert(sameBytes, OPTIONS);
});

test("node:crypto seals short texts and opens all at once, long ones it seals aside", async () => {
  const cipher = nativeAead(KEY);
  const short = cipher.seal(NONCE, NONE, new Uint8Array(SEAL_ASIDE_BYTES - 1));
  assert(short instanceof Uint8Array);
  const long = cipher.seal(NONCE, NONE, new Uint8Array(SEAL_ASIDE_BYTES));
  assert(long instanceof Promise);
  const opened = cipher.open(NONCE, NONE, await long);
  assert(opened instanceof Uint8Array);
  assertEquals(opened.length, SEAL_ASIDE_BYTES);
});
