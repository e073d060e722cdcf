/**
 * What sealing costs: one text for 500 recipients, and single texts. Compare within one run only.
 *
 * A line of "for 500" is 500 records.
 */
import { CipherKey, type Recipient, sealMany } from "../src/secure/cipher.ts";

const NO_AD = new Uint8Array(0);
const NONCE = new Uint8Array(12);
const HEAD = new Uint8Array(4);

function keyOf(): CipherKey {
  return new CipherKey(crypto.getRandomValues(new Uint8Array(32)));
}

const everybody: Recipient[] = Array.from(
  { length: 500 },
  (_, counter) => ({ key: keyOf(), counter }),
);
const key = keyOf();

for (const bytes of [64, 256, 1_024, 4_096, 16_384]) {
  const text = crypto.getRandomValues(new Uint8Array(bytes));
  const sealed = key.seal(NONCE, NO_AD, text);

  Deno.bench(`seal ${bytes} bytes for 500`, { group: "many" }, () => {
    sealMany(everybody, text, HEAD);
  });

  Deno.bench(`seal ${bytes} bytes for 3`, { group: "three" }, () => {
    sealMany(everybody.slice(0, 3), text, HEAD);
  });

  Deno.bench(`seal ${bytes} bytes`, { group: "seal" }, () => {
    key.seal(NONCE, NO_AD, text);
  });

  Deno.bench(`open ${bytes} bytes`, { group: "open" }, () => {
    key.open(NONCE, NO_AD, sealed);
  });
}
