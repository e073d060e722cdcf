import { assertEquals, assertThrows } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { CipherKey } from "../../src/secure/cipher.ts";
import { testsOf } from "../_testing.ts";
import wycheproof from "../vectors/wycheproof-chacha20-poly1305.json" with {
  type: "json",
};

const test = testsOf("cipher");

const CASES = wycheproof.testGroups.flatMap(({ tests }) =>
  tests.map(({ tcId, key, iv, aad, msg, ct, tag, result }) => ({
    name: `case ${tcId}`,
    key: Uint8Array.fromHex(key),
    nonce: Uint8Array.fromHex(iv),
    ad: Uint8Array.fromHex(aad),
    plaintext: Uint8Array.fromHex(msg),
    sealed: Uint8Array.fromHex(ct + tag),
    result,
  }))
);
const VALID = CASES.filter(({ result }) => result === "valid");
const INVALID = CASES.filter(({ result }) => result === "invalid");

test("seals and opens every valid case of Wycheproof", () => {
  assertEquals(VALID.length, 256);
  for (const { name, key, nonce, ad, plaintext, sealed } of VALID) {
    const cipher = new CipherKey(key);
    const made = cipher.seal(nonce, ad, plaintext);
    assertEquals(made.toHex(), sealed.toHex(), name);
    const opened = cipher.open(nonce, ad, sealed);
    assertEquals(opened.toHex(), plaintext.toHex(), name);
    cipher.wipe();
  }
});

test("opens no invalid case of Wycheproof", () => {
  assertEquals(INVALID.length, 69);
  for (const { key, nonce, ad, plaintext, sealed } of INVALID) {
    const cipher = new CipherKey(key);
    assertThrows(() => cipher.open(nonce, ad, sealed), ChannelError);
    if (nonce.length !== 12) {
      assertThrows(() => cipher.seal(nonce, ad, plaintext), RangeError);
    }
    cipher.wipe();
  }
});
