/** Lets the search index follow the journal, a little at a time, behind the turns. */
import type { Clock } from "../base/clock.ts";
import { INDEX_DELAY_MS } from "../base/limits.ts";
import type { Journal } from "../store/store.ts";

interface IndexerOptions {
  readonly journal: Pick<Journal, "index">;
  readonly clock: Clock;
  /** A step failed; it is tried again when there is more. */
  readonly onFault: (error: unknown) => void;
}

export class Indexer {
  readonly #options: IndexerOptions;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  /** There is something to index. */
  wake(): void {
    this.#cancel ??= this.#options.clock.after(INDEX_DELAY_MS, () => {
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
      hasMore = await this.#options.journal.index();
    } catch (error) {
      this.#options.onFault(error);
    }
    this.#cancel = undefined;
    if (hasMore) this.wake();
  }
}
