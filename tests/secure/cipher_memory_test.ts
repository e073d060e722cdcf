import { assert, assertEquals, assertThrows } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { CipherKey, sealMany } from "../../src/secure/cipher.ts";
import * as wasm from "../../src/secure/cipher/memory.ts";
import { testsOf } from "../_testing.ts";
import { keyStreamOf, NO_BYTES, nonceOf, sealByNoble } from "./_cipher.ts";

const test = testsOf("cipher's memory");

/** Where `bytes` stand in the memory. */
function placesOf(bytes: Uint8Array): number[] {
  const places: number[] = [];
  const { bytes: memory } = wasm;
  let at = memory.indexOf(bytes[0]!);
  for (; at >= 0; at = memory.indexOf(bytes[0]!, at + 1)) {
    if (bytes.every((byte, i) => memory[at + i] === byte)) places.push(at);
  }
  return places;
}

/** No eight bytes of it in a row; fewer would be found by chance in what is sealed. */
function assertNowhere(secret: Uint8Array): void {
  for (let at = 0; at + 8 <= secret.length; at += 8) {
    const places = placesOf(secret.subarray(at, at + 8));
    assertEquals(places, [], `byte ${at} of ${secret.length}`);
  }
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

test("a key stands at one place, until it is wiped, and then nowhere", () => {
  const bytes = randomBytes(32);
  const key = new CipherKey(bytes);
  const nonce = nonceOf(1);
  for (const length of [0, 20, 256, 1_000]) {
    const sealed = key.seal(nonce, bytes.subarray(0, 0), randomBytes(length));
    key.open(nonce, NO_BYTES, sealed);
    assertThrows(() => key.open(nonceOf(2), NO_BYTES, sealed), ChannelError);
    for (const count of [1, 3, 4, 5]) {
      const recipients = Array.from({ length: count }, () => ({
        key,
        counter: 7,
      }));
      sealMany(recipients, randomBytes(length), NO_BYTES);
    }
    assertEquals(placesOf(bytes).length, 1);
  }
  key.wipe();
  assertNowhere(bytes);
});

test("the key before a rekey is nowhere, and the next one at its place", () => {
  const bytes = randomBytes(32);
  const key = new CipherKey(bytes);
  const [place] = placesOf(bytes);
  key.rekey();
  assertNowhere(bytes);
  const next = wasm.bytes.slice(place, place! + 32);
  assertEquals(placesOf(next), [place]);
  key.wipe();
  assertNowhere(next);
});

test("after a call there is no plaintext, key stream or one-time key", () => {
  const bytes = randomBytes(32);
  const key = new CipherKey(bytes);
  for (const length of [16, 64, 200, 256, 1_000, 16_384]) {
    const [nonce, plaintext] = [nonceOf(length), randomBytes(length)];
    // Block 0 has the one-time key; up to 255 bytes behind the text were made for nothing.
    const stream = keyStreamOf(bytes, nonce, 64 + length + 255);
    const look = () => {
      assertNowhere(plaintext.subarray(0, 400));
      assertNowhere(stream.subarray(0, 464));
      assertNowhere(stream.subarray(64 + length));
    };
    const sealed = key.seal(nonce, NO_BYTES, plaintext);
    look();
    key.open(nonce, NO_BYTES, sealed);
    look();
    for (const count of [1, 2, 3, 4, 6]) {
      const recipients = Array.from({ length: count }, () => ({
        key,
        counter: length,
      }));
      sealMany(recipients, plaintext, NO_BYTES);
      look();
    }
  }
  key.wipe();
});

test("nothing of a handshake's keys is left", () => {
  const secrets: Uint8Array[] = [];
  for (let connection = 0; connection < 5; connection++) {
    const keyOf = () => {
      const bytes = randomBytes(32);
      secrets.push(bytes);
      return new CipherKey(bytes);
    };
    const hash = randomBytes(32);
    const handshake = [keyOf(), keyOf()];
    const sealed = handshake.map((key) =>
      key.seal(nonceOf(0), hash, randomBytes(32))
    );
    handshake.forEach((key, i) => key.open(nonceOf(0), hash, sealed[i]!));
    for (const key of handshake) key.wipe();
    const [send, receive] = [keyOf(), keyOf()];
    sealMany([{ key: send, counter: 0 }], randomBytes(64), NO_BYTES);
    const record = receive.seal(nonceOf(0), NO_BYTES, randomBytes(64));
    receive.open(nonceOf(0), NO_BYTES, record);
    receive.rekey();
    send.wipe();
    receive.wipe();
  }
  for (const secret of secrets) assertNowhere(secret);
});

test("a wiped key is of no use, and wiping it again harms nobody", () => {
  const key = new CipherKey(randomBytes(32));
  const sealed = key.seal(nonceOf(0), NO_BYTES, NO_BYTES);
  key.wipe();
  const next = randomBytes(32);
  const other = new CipherKey(next);
  key.wipe();
  assertEquals(placesOf(next).length, 1);
  for (
    const use of [
      () => key.seal(nonceOf(0), NO_BYTES, NO_BYTES),
      () => key.open(nonceOf(0), NO_BYTES, sealed),
      () => key.rekey(),
      () =>
        sealMany(
          [{ key: other, counter: 0 }, { key, counter: 0 }],
          NO_BYTES,
          NO_BYTES,
        ),
    ]
  ) assertThrows(use, ChannelError);
  other.wipe();
});

test("the memory grows for keys, which stay what they are, and slots are used again", () => {
  const pageBytes = 65_536;
  const before = wasm.bytes.length;
  const keys = Array.from({ length: 9_000 }, (_, i) => {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(8, i);
    return { bytes, key: new CipherKey(bytes), counter: i };
  });
  const grown = wasm.bytes.length;
  assert(grown >= before + 3 * pageBytes);
  assert(grown < 9_000 * 32 + 5 * pageBytes);
  const text = new Uint8Array(70).fill(5);
  const results = sealMany(keys, text, NO_BYTES);
  for (let i = 0; i < keys.length; i += 97) {
    const { bytes, key, counter } = keys[i]!;
    const expected = sealByNoble(bytes, nonceOf(counter), NO_BYTES, text);
    assertEquals(results[i]!.toHex(), expected.toHex());
    const opened = key.open(nonceOf(counter), NO_BYTES, expected);
    assertEquals(opened.toHex(), text.toHex());
  }
  for (const { key } of keys) key.wipe();
  const again = keys.map(({ bytes }) => new CipherKey(bytes));
  assertEquals(wasm.bytes.length, grown);
  for (const key of again) key.wipe();
});
