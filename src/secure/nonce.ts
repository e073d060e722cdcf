/** The counter of one direction of a connection, in its form for ChaChaPoly. */
import { ChannelError } from "../base/errors.ts";

/** The last counter that may be used: what a number holds exactly. Noise allows up to 2^64-2. */
export const NONCE_MAX = Number.MAX_SAFE_INTEGER;

/**
 * 4 zero bytes and the counter as 64 bits, little-endian (Noise, section 12.3).
 *
 * @throws {ChannelError} when the counter is used up.
 */
export function nonceOf(counter: number): Uint8Array<ArrayBuffer> {
  if (counter > NONCE_MAX) throw new ChannelError();
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setUint32(4, counter % 2 ** 32, true);
  view.setUint32(8, counter / 2 ** 32, true);
  return nonce;
}
