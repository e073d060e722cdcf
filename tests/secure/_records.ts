/** Records and REKEY done by hand with `node:crypto`, to hold against what `src/secure` makes. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { CipherState } from "../../src/secure/cipher_state.ts";
import { type RecordSealer, sealRecords } from "../../src/secure/record.ts";
import { join } from "../_chunks.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const CIPHER = "chacha20-poly1305";
const TAG_BYTES = 16;
const REKEY_COUNTER = 2n ** 64n - 1n;

/** 4 zero bytes and the counter as 64 bits, little-endian (Noise, section 12.3). */
function nonceOf(counter: bigint): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, counter, true);
  return nonce;
}

/** ENCRYPT of Noise with no associated data. */
export function rawSeal(
  key: Bytes,
  counter: number | bigint,
  plaintext: Uint8Array,
): Bytes {
  const cipher = createCipheriv(CIPHER, key, nonceOf(BigInt(counter)), {
    authTagLength: TAG_BYTES,
  });
  const body = cipher.update(plaintext);
  cipher.final();
  return join([body, cipher.getAuthTag()]);
}

/** DECRYPT of Noise with no associated data. */
export function rawOpen(
  key: Bytes,
  counter: number,
  sealed: Uint8Array,
): Bytes {
  const decipher = createDecipheriv(CIPHER, key, nonceOf(BigInt(counter)), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, -TAG_BYTES));
  decipher.final();
  return join([plaintext]);
}

/** REKEY of Noise, section 4.2. */
export function rawRekey(key: Bytes): Bytes {
  return rawSeal(key, REKEY_COUNTER, new Uint8Array(32)).slice(0, 32);
}

/** The plaintext of a record: two bytes of length, the data, and zeros to `length` bytes. */
export function plaintextOf(data: Uint8Array, length: number): Bytes {
  const head = Uint8Array.of(data.length >> 8, data.length & 0xff);
  const zeros = new Uint8Array(length - 2 - data.length);
  return join([head, data, zeros]);
}

/** The payloads of whole frames. */
export function payloadsOf(frames: Uint8Array): Bytes[] {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.length);
  const payloads: Bytes[] = [];
  for (let at = 0; at < frames.length;) {
    const length = view.getUint32(at);
    payloads.push(frames.slice(at + 4, at += 4 + length));
  }
  return payloads;
}

/** `length` bytes that are not all alike. */
export function pattern(length: number): Bytes {
  return new Uint8Array(length).map((_, at) => at * 13 + (at >> 8) + 1);
}

/** One end of a direction, with its own copy of the key. */
export function cipherOf(key: Uint8Array): CipherState {
  return new CipherState(key.slice());
}

/** The frames of one sealer alone. */
export function seal(sealer: RecordSealer, data: Uint8Array): Uint8Array {
  return sealRecords([sealer], data)[0]!;
}
