import { assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { hkdf2 } from "../../src/secure/symmetric_state.ts";
import { testsOf } from "../_testing.ts";
import wycheproof from "../vectors/wycheproof-hkdf-sha256.json" with {
  type: "json",
};

const test = testsOf("HKDF");

const CASES = wycheproof.testGroups.flatMap((group) => group.tests);

function hmac(key: Uint8Array, ...data: Uint8Array[]): Uint8Array {
  const mac = createHmac("sha256", key);
  for (const part of data) mac.update(part);
  return new Uint8Array(mac.digest());
}

// Noise has no info and always 64 bytes: Wycheproof's cases without info say what the first bytes
// must be. Sizes that RFC 5869 refuses cannot be asked for.
test("begins as Wycheproof's vectors without info do", async () => {
  const fitting = CASES.filter(({ info, result }) =>
    info === "" && result === "valid"
  );
  assertEquals(fitting.length, 31);
  for (const { tcId, ikm, salt, size, okm } of fitting) {
    const [first, second] = await hkdf2(
      Uint8Array.fromHex(salt),
      Uint8Array.fromHex(ikm),
    );
    const hex = first.toHex() + second.toHex();
    assertEquals(hex.slice(0, 2 * size), okm, `case ${tcId}`);
  }
});

test("is section 4.3 of Noise, computed with HMAC, for every vector's key and salt", async () => {
  for (const { tcId, ikm, salt } of CASES) {
    const chainingKey = Uint8Array.fromHex(salt);
    const inputKeyMaterial = Uint8Array.fromHex(ikm);
    const tempKey = hmac(chainingKey, inputKeyMaterial);
    const output1 = hmac(tempKey, Uint8Array.of(1));
    const output2 = hmac(tempKey, output1, Uint8Array.of(2));
    assertEquals(
      await hkdf2(chainingKey, inputKeyMaterial) as Uint8Array[],
      [output1, output2],
      `case ${tcId}`,
    );
  }
});

test("takes no key material at all, as Split does", async () => {
  const chainingKey = new Uint8Array(32).fill(7);
  const tempKey = hmac(chainingKey, new Uint8Array(0));
  const [first] = await hkdf2(chainingKey, new Uint8Array(0));
  assertEquals(first as Uint8Array, hmac(tempKey, Uint8Array.of(1)));
});
