import { assert, assertEquals } from "@std/assert";
import { buildCipher, compile } from "../../build/cipher.ts";
import { testsOf } from "../_testing.ts";

const ROOT = new URL("../../", import.meta.url);
const test = testsOf("cipher's source", {
  read: true,
  write: true,
  run: true,
  env: true,
});

test("compiles to the module that is kept", async () => {
  const module = new URL("src/secure/cipher/module.ts", ROOT);
  const [made, kept] = [await buildCipher(), await Deno.readTextFile(module)];
  assert(made === kept, "run `deno task cipher`, or take back the change");
});

type Authenticate = (
  oneTimeKey: number,
  adBytes: number,
  text: number,
  textBytes: number,
  tag: number,
) => void;

/** Poly1305 of RFC 8439, section 2.5.1, of the bytes that section 2.8 gives it. */
function tagByDefinition(key: Uint8Array, text: Uint8Array): bigint {
  const number = (bytes: Uint8Array) =>
    BigInt("0x00" + bytes.slice().reverse().toHex());
  const prime = 2n ** 130n - 5n;
  const r = number(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < text.length; at += 16) {
    const part = number(text.subarray(at, at + 16));
    sum = (sum + part + 2n ** 128n) * r % prime;
  }
  sum = (sum + BigInt(text.length) * 2n ** 64n + 2n ** 128n) * r % prime;
  return (sum + number(key.subarray(16))) % 2n ** 128n;
}

// One-time keys come out of ChaCha20, so those that are hard on the arithmetic cannot be had from
// outside: this calls the Poly1305 of the source by itself.
test("adds and multiplies right with the numbers that carry the furthest", async () => {
  const { instance } = await WebAssembly.instantiate(
    await compile("poly1305.ts"),
  );
  const memory = new Uint8Array(
    (instance.exports.memory as WebAssembly.Memory).buffer,
  );
  const authenticate = instance.exports.authenticate as Authenticate;
  const [keyAt, textAt, tagAt] = [0x10000, 0x11000, 0x12000];
  const words = [0, 1, 2, 4, 5, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xffffffff];
  let seed = 1;
  const word = () => words[(seed = seed * 48_271 % 0x7fffffff) % words.length]!;
  const wordsOf = (count: number, next: () => number) => {
    const bytes = new Uint8Array(4 * count);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < count; i++) view.setUint32(4 * i, next(), true);
    return bytes;
  };
  const check = (key: Uint8Array, text: Uint8Array) => {
    memory.set(key, keyAt);
    memory.fill(0xff, textAt, textAt + 1_024);
    memory.set(text, textAt);
    authenticate(keyAt, 0, textAt, text.length, tagAt);
    const tag = memory.slice(tagAt, tagAt + 16).reverse().toHex();
    const expected = tagByDefinition(key, text).toString(16).padStart(32, "0");
    assertEquals(tag, expected, `${key.toHex()} ${text.toHex()}`);
  };
  for (const key of [0xffffffff, 0, 1, 2].map((w) => wordsOf(8, () => w))) {
    for (const fill of [0xffffffff, 0xfffffffb, 0, 1]) {
      for (let blocks = 0; blocks < 20; blocks++) {
        check(key, wordsOf(4 * blocks, () => fill));
      }
    }
  }
  // With r = 1 the sum of three blocks, the last of which is the lengths, comes to 2^130 - 5 + more:
  // what is not below the modulus has to be brought there at the very end.
  const one = new Uint8Array(32);
  one[0] = 1;
  for (let more = -4n; more < 12n; more++) {
    const first = 2n ** 128n - 5n + more - 32n * 2n ** 64n;
    const text = new Uint8Array(32);
    text.set(Uint8Array.fromHex(first.toString(16)).reverse());
    check(one, text);
  }
  // With r = 8 and two blocks so chosen that what is multiplied last is 2^129 - 1: the product is
  // 2^132 - 8, which comes to 2^130 - 8 and three times five, beyond 2^130.
  const prime = 2n ** 130n - 5n;
  const eighth = (prime + 1n) / 2n * ((prime + 1n) / 2n) * ((prime + 1n) / 2n);
  const eight = new Uint8Array(32);
  eight[0] = 8;
  const before = 2n ** 129n - 1n - 2n ** 128n - 32n * 2n ** 64n;
  let found = 0;
  for (let block = 1n; block < 2n ** 128n; block += 2n ** 124n) {
    const sum = (block + 2n ** 128n) * 8n % prime;
    const second = ((before * eighth - sum) % prime + prime) % prime -
      2n ** 128n;
    if (second < 0n || second >= 2n ** 128n) continue;
    const both = block + second * 2n ** 128n;
    const hex = both.toString(16).padStart(64, "0");
    check(eight, Uint8Array.fromHex(hex).reverse());
    found++;
  }
  assertEquals(found, 4);
  for (let time = 0; time < 20_000; time++) {
    const text = wordsOf(32, word).subarray(0, time % 128);
    check(wordsOf(8, word), text);
  }
});
