/** Lets the search index follow the journal, a little at a time, behind the turns. */
import type { Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { INDEX_DELAY_MS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { Journal } from "../store/store.ts";

export class Follower {
  readonly #journal: Pick<Journal, "index">;
  readonly #clock: Clock;
  readonly #log: Log;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(journal: Pick<Journal, "index">, clock: Clock, log: Log) {
    this.#journal = journal;
    this.#clock = clock;
    this.#log = log;
  }

  /** There is something to follow. */
  wake(): void {
    this.#cancel ??= this.#clock.after(INDEX_DELAY_MS, () => {
      this.#running = this.#step();
    });
  }

  /** Ends; what is not indexed is when the server runs again. */
  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#running;
    this.#cancel?.();
  }

  async #step(): Promise<void> {
    let hasMore = false;
    try {
      hasMore = await this.#journal.index();
    } catch (error) {
      // It is tried again behind the next message.
      this.#log.error("not indexed", { error: describeError(error) });
    }
    this.#cancel = undefined;
    if (hasMore) this.wake();
  }
}
