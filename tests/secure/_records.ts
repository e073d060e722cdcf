/** Records and REKEY done by hand with `crypto.subtle`, to hold against what `src/secure` makes. */
import { join } from "../_chunks.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** 4 zero bytes and the counter as 64 bits, big-endian (Noise, section 12.3). */
function nonceOf(counter: bigint): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, counter);
  return nonce;
}

/** ENCRYPT of Noise with no associated data. */
export async function rawSeal(
  key: Bytes,
  counter: number | bigint,
  plaintext: Uint8Array,
): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, [
    "encrypt",
  ]);
  const iv = nonceOf(BigInt(counter));
  return new Uint8Array(
    await crypto.subtle.encrypt(
      { name: "AES-GCM", iv },
      cipher,
      new Uint8Array(plaintext),
    ),
  );
}

/** DECRYPT of Noise with no associated data. */
export async function rawOpen(
  key: Bytes,
  counter: number,
  sealed: Uint8Array,
): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, [
    "decrypt",
  ]);
  const iv = nonceOf(BigInt(counter));
  return new Uint8Array(
    await crypto.subtle.decrypt(
      { name: "AES-GCM", iv },
      cipher,
      new Uint8Array(sealed),
    ),
  );
}

/** REKEY of Noise, section 4.2. */
export async function rawRekey(key: Bytes): Promise<Bytes> {
  const sealed = await rawSeal(key, 2n ** 64n - 1n, new Uint8Array(32));
  return sealed.slice(0, 32);
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
