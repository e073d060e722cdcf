/** Says the last word to those who are not let in. */
import type { Clock } from "../base/clock.ts";
import { REFUSAL_FLUSH_MS, REFUSALS_AT_ONCE } from "../base/limits.ts";
import type { Transport } from "../net/transport.ts";

export class Refusals {
  readonly #clock: Clock;
  /** Connections that are being refused. */
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Says it and reads to the end of the connection, so that the word arrives. Never rejects. */
  async refuse(transport: Transport, words: Uint8Array): Promise<void> {
    // They count for no other limit, and a descriptor is a descriptor.
    if (this.#count >= REFUSALS_AT_ONCE) return transport.close();
    this.#count++;
    const end = () => transport.close();
    const cancel = this.#clock.after(REFUSAL_FLUSH_MS, end);
    try {
      await transport.write(words);
      await transport.closeWrite();
      for await (const _ of transport);
    } catch {
      // It did not wait for the answer.
    } finally {
      this.#count--;
      cancel();
      transport.close();
    }
  }
}
