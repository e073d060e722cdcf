/** What the tests of the cipher share: other people's ChaCha20-Poly1305, and lengths worth trying. */
import { chacha20, chacha20poly1305 } from "@noble/ciphers/chacha.js";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { createCipheriv } from "node:crypto";
import { join } from "../_chunks.ts";

export const NO_BYTES = new Uint8Array(0);

export type Seal = (
  key: Uint8Array,
  nonce: Uint8Array,
  ad: Uint8Array,
  plaintext: Uint8Array,
) => Uint8Array;

/** Ciphertext and tag by @noble/ciphers. */
export const sealByNoble: Seal = (key, nonce, ad, plaintext) =>
  chacha20poly1305(key, nonce, ad).encrypt(plaintext);

/** The key stream of ChaCha20 from block 0 on, by @noble/ciphers. */
export function keyStreamOf(
  key: Uint8Array,
  nonce: Uint8Array,
  length: number,
): Uint8Array {
  return chacha20(key, nonce, new Uint8Array(length));
}

/** Ciphertext and tag by `node:crypto`. */
export const sealByNode: Seal = (key, nonce, ad, plaintext) => {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, {
    authTagLength: 16,
  });
  cipher.setAAD(Buffer.from(ad), { plaintextLength: plaintext.length });
  const body = cipher.update(plaintext);
  cipher.final();
  return join([body, cipher.getAuthTag()]);
};

/** Why `node:crypto` cannot be asked, if so. */
export function whyNotNode(): string | undefined {
  try {
    sealByNode(new Uint8Array(32), new Uint8Array(12), NO_BYTES, NO_BYTES);
    return undefined;
  } catch (error) {
    return `node:crypto has no ChaCha20-Poly1305: ${error}`;
  }
}

/** 4 zero bytes and the counter as 64 bits, little-endian (Noise, section 12.3). */
export function nonceOf(counter: number | bigint): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(counter), true);
  return nonce;
}

/** Lengths of texts: any short one, those around whole blocks and rounds, and the longest. */
export const lengths = fc.oneof(
  { weight: 4, arbitrary: fc.nat(1_100) },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom(16, 64, 192, 256, 448, 1_024, 4_096, 16_384),
      fc.integer({ min: -2, max: 2 }),
    ).map(([length, more]) => length + more),
  },
  { weight: 1, arbitrary: fc.integer({ min: 65_500, max: 65_535 }) },
);

export const bytesOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** `length` bytes that begin with random ones. */
export function textOf(seed: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(length).map((_, at) =>
    (seed[at % seed.length] ?? 0) + (at >> 5) * 7
  );
}
