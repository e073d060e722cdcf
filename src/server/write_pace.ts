/** Spreads the writes of many connections over turns of the event loop. */
import { setImmediate } from "node:timers";
import { WRITES_PER_LOOP } from "../base/limits.ts";
import type { Pace } from "../net/outbox.ts";

type Writer = Parameters<Pace["add"]>[0];

/**
 * Lets so many writes begin at once and as many in each turn of the event loop that follows. The
 * runtime does a certain number of socket operations of a turn on a short way; each further one
 * makes a detour through its scheduler and costs several times as much.
 */
export class WritePace implements Pace {
  #left = WRITES_PER_LOOP;
  #isScheduled = false;
  /** In order; there are some only while none is left. */
  #waiting: Writer[] = [];

  add(writer: Writer): void {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => this.#turn());
    }
    if (this.#left > 0) {
      this.#left--;
      writer.begin();
    } else this.#waiting.push(writer);
  }

  #turn(): void {
    this.#isScheduled = false;
    this.#left = WRITES_PER_LOOP;
    const waiting = this.#waiting.splice(0, WRITES_PER_LOOP);
    for (const writer of waiting) this.add(writer);
  }
}
