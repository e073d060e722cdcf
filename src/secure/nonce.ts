/** The counter of one direction under one key, and its form for AES-GCM. */
import { ChannelError } from "../base/errors.ts";

/** The last counter that may be used: what a number holds exactly. Noise allows up to 2^64-2. */
export const NONCE_MAX = Number.MAX_SAFE_INTEGER;

/** Noise's maximum nonce, 2^64-1, which only REKEY uses (section 4.2). */
export const REKEY_NONCE: Uint8Array<ArrayBuffer> = new Uint8Array(12)
  .fill(255, 4);

export class Nonce {
  #counter: number;

  constructor(counter = 0) {
    this.#counter = counter;
  }

  /** The counter that {@linkcode bytes} stands for now. */
  get counter(): number {
    return this.#counter;
  }

  /**
   * 4 zero bytes and the counter as 64 bits, big-endian (Noise, section 12.3).
   *
   * @throws {ChannelError} when the counter is used up.
   */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#counter > NONCE_MAX) throw new ChannelError();
    const bytes = new Uint8Array(12);
    let rest = this.#counter;
    for (let at = 11; rest > 0; at--) {
      bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return bytes;
  }

  /** Goes on to the next counter. */
  advance(): void {
    this.#counter++;
  }
}
