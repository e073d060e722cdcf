import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ChannelError } from "../../src/base/errors.ts";
import { CipherKey, sealMany } from "../../src/secure/cipher.ts";
import { utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import {
  bytesOf,
  lengths,
  NO_BYTES,
  nonceOf,
  sealByNoble,
  textOf,
} from "./_cipher.ts";

const test = testsOf("cipher");
const OPTIONS = propertyOptions(200);

const KEY = new Uint8Array(32).map((_, at) => at);
const NONCE = new Uint8Array(12).fill(3);

/** RFC 8439: section 2.8.2, and appendix A.5. */
const SEALED = [
  {
    key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
    nonce: "070000004041424344454647",
    ad: "50515253c0c1c2c3c4c5c6c7",
    plaintext:
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the " +
      "future, sunscreen would be it.",
    sealed: "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6" +
      "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc" +
      "3ff4def08e4b7a9de576d26586cec64b6116" +
      "1ae10b594f09e26a7e902ecbd0600691",
  },
  {
    key: "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
    nonce: "000000000102030405060708",
    ad: "f33388860000000000004e91",
    plaintext:
      "Internet-Drafts are draft documents valid for a maximum of six months and may be " +
      "updated, replaced, or obsoleted by other documents at any time. It is inappropriate " +
      "to use Internet-Drafts as reference material or to cite them other than as " +
      "/“work in progress./”",
    sealed: "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2" +
      "4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf" +
      "332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855" +
      "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4" +
      "b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e" +
      "af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a" +
      "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10" +
      "49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29" +
      "a6ad5cb4022b02709b" +
      "eead9d67890cbb22392336fea1851f38",
  },
];

/** RFC 8439, appendix A.1 (2 and 3): block 1 is what 64 zero bytes are sealed to. */
const BLOCKS = [
  {
    key: "00".repeat(32),
    block: "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed" +
      "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
  },
  {
    key: "00".repeat(31) + "01",
    block: "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a" +
      "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0",
  },
];

test("seals and opens the examples of RFC 8439", () => {
  for (const { key, nonce, ad, plaintext, sealed } of SEALED) {
    const cipher = new CipherKey(Uint8Array.fromHex(key));
    const given = [nonce, ad].map((hex) => Uint8Array.fromHex(hex));
    const [n, a] = [given[0]!, given[1]!];
    assertEquals(cipher.seal(n, a, utf8(plaintext)).toHex(), sealed);
    const opened = cipher.open(n, a, Uint8Array.fromHex(sealed));
    assertEquals(new TextDecoder().decode(opened), plaintext);
    cipher.wipe();
  }
});

test("makes the key stream of RFC 8439, for one and for many", () => {
  for (const { key, block } of BLOCKS) {
    const cipher = new CipherKey(Uint8Array.fromHex(key));
    const zeros = new Uint8Array(64);
    const one = cipher.seal(nonceOf(0), NO_BYTES, zeros);
    assertEquals(one.subarray(0, 64).toHex(), block);
    const four = Array.from({ length: 4 }, () => ({ key: cipher, counter: 0 }));
    for (const result of sealMany(four, zeros, NO_BYTES)) {
      assertEquals(result.subarray(0, 64).toHex(), block);
    }
    cipher.wipe();
  }
});

test("opens what it sealed, and nothing with a bit that is another", () => {
  const flipped = fc.property(
    bytesOf(32),
    bytesOf(12),
    fc.uint8Array({ maxLength: 40 }),
    lengths,
    fc.nat(),
    fc.nat(7),
    (key, nonce, ad, length, place, bit) => {
      const cipher = new CipherKey(key);
      const plaintext = textOf(key, length);
      const sealed = cipher.seal(nonce, ad, plaintext);
      assert(
        cipher.open(nonce, ad, sealed).toHex() === plaintext.toHex(),
        "it opens",
      );
      for (const changed of [sealed, nonce, ad]) {
        if (changed.length === 0) continue;
        changed[place % changed.length]! ^= 1 << bit;
        assertThrows(() => cipher.open(nonce, ad, sealed), ChannelError);
        changed[place % changed.length]! ^= 1 << bit;
      }
      cipher.wipe();
    },
  );
  fc.assert(flipped, OPTIONS);
});

test("every bit of a tag counts, and every cut", () => {
  const cipher = new CipherKey(KEY);
  const sealed = cipher.seal(NONCE, NO_BYTES, new Uint8Array(20));
  const said = new Set<string>();
  const refuse = (wrong: Uint8Array) => {
    const open = () => cipher.open(NONCE, NO_BYTES, wrong);
    const { code, message } = assertThrows(open, ChannelError);
    said.add(`${code}: ${message}`);
  };
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const wrong = sealed.slice();
    wrong[bit >> 3]! ^= 1 << (bit & 7);
    refuse(wrong);
  }
  for (let cut = 0; cut < sealed.length; cut++) refuse(sealed.slice(0, cut));
  assertEquals(said.size, 1);
});

test("what belongs to the text cannot move to the associated data, nor back", () => {
  const cipher = new CipherKey(KEY);
  const sealed = cipher.seal(NONCE, new Uint8Array(16), new Uint8Array(32));
  for (const adBytes of [0, 15, 17, 32]) {
    const open = () => cipher.open(NONCE, new Uint8Array(adBytes), sealed);
    assertThrows(open, ChannelError);
  }
});

test("refuses lengths that it has no space for, and takes the longest", () => {
  const cipher = new CipherKey(KEY);
  const long = new Uint8Array(65_536);
  const seal = (nonce: number, ad: number, text: number) =>
    cipher.seal(
      long.subarray(0, nonce),
      long.subarray(0, ad),
      long.subarray(0, text),
    );
  for (const bytes of [0, 31, 33]) {
    assertThrows(() => new CipherKey(new Uint8Array(bytes)), RangeError);
  }
  for (const bytes of [0, 8, 11, 13, 24]) {
    assertThrows(() => seal(bytes, 0, 0), RangeError);
    const open = () => cipher.open(long.subarray(0, bytes), NO_BYTES, long);
    assertThrows(open, ChannelError);
  }
  assertThrows(() => seal(12, 1_025, 0), RangeError);
  assertThrows(() => seal(12, 0, 65_536), RangeError);
  const nonce = long.subarray(0, 12);
  const tooMuch = () => cipher.open(nonce, long.subarray(0, 1_025), long);
  assertThrows(tooMuch, ChannelError);
  const tooLong = new Uint8Array(65_536 + 16);
  assertThrows(() => cipher.open(nonce, NO_BYTES, tooLong), ChannelError);

  const most = seal(12, 1_024, 65_535);
  const ad = long.subarray(0, 1_024);
  const expected = sealByNoble(KEY, nonce, ad, long.subarray(0, 65_535));
  assert(most.toHex() === expected.toHex());
  assertEquals(cipher.open(nonce, ad, most).length, 65_535);
});

test("leaves what it is given as it is, and what it gave", () => {
  const cipher = new CipherKey(KEY);
  const given = [NONCE.slice(), Uint8Array.of(1, 2), textOf(KEY, 300)] as const;
  const copies = given.map((bytes) => bytes.toHex());
  const sealed = cipher.seal(...given);
  const opened = cipher.open(given[0], given[1], sealed);
  const before = [sealed.toHex(), opened.toHex()];
  assertEquals(given.map((bytes) => bytes.toHex()), copies);
  for (let i = 0; i < 50; i++) {
    const other = cipher.seal(nonceOf(i), NO_BYTES, textOf(NONCE, 20 * i));
    cipher.open(nonceOf(i), NO_BYTES, other).fill(9);
    other.fill(9);
  }
  assertEquals([sealed.toHex(), opened.toHex()], before);
});

test("rekeys as Noise defines it: 32 bytes of ENCRYPT(k, 2^64-1, no data, 32 zeros)", () => {
  const cipher = new CipherKey(KEY);
  const last = nonceOf(2n ** 64n - 1n);
  let key = KEY;
  for (let time = 0; time < 3; time++) {
    cipher.rekey();
    const sealed = sealByNoble(key, last, NO_BYTES, new Uint8Array(32));
    key = new Uint8Array(sealed.subarray(0, 32));
    assertEquals(
      cipher.seal(NONCE, KEY, KEY).toHex(),
      sealByNoble(key, NONCE, KEY, KEY).toHex(),
    );
  }
});
