/** The counter of one direction of a connection, in its form for AES-GCM. */
import { ChannelError } from "../base/errors.ts";
import type { Bytes } from "./aead.ts";

/** The last counter that may be used: what a number holds exactly. Noise allows up to 2^64-2. */
export const NONCE_MAX = Number.MAX_SAFE_INTEGER;

/** Noise's maximum nonce, 2^64-1, which only REKEY uses (section 4.2). */
export const REKEY_NONCE: Bytes = new Uint8Array(12).fill(255, 4);

/**
 * 4 zero bytes and the counter as 64 bits, big-endian (Noise, section 12.3).
 *
 * @throws {ChannelError} when the counter is used up.
 */
export function nonceOf(counter: number): Bytes {
  if (counter > NONCE_MAX) throw new ChannelError();
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setUint32(4, counter / 2 ** 32);
  view.setUint32(8, counter % 2 ** 32);
  return nonce;
}
