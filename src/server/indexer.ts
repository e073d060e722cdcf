/** Lets the search index follow the journal, behind the turns and in the gaps between them. */
import type { Clock } from "../base/clock.ts";
import {
  INDEX_DELAY_MS,
  INDEX_SLICE_CHARS,
  INDEX_SLICE_MAX_CHARS,
  INDEX_SLICE_MIN_CHARS,
} from "../base/limits.ts";
import type { Journal } from "../store/store.ts";
import { Slices } from "./slices.ts";

interface IndexerOptions {
  readonly journal: Pick<Journal, "index">;
  /** Entries stored so far: while that grows, others are at work. */
  readonly stored: () => number;
  readonly clock: Clock;
  /** A step failed; it is tried again when there is more. */
  readonly onFault: (error: unknown) => void;
}

export class Indexer {
  readonly #slices: Slices;

  constructor({ journal, ...rest }: IndexerOptions) {
    this.#slices = new Slices({
      ...rest,
      work: (chars) => journal.index(chars),
      size: {
        min: INDEX_SLICE_MIN_CHARS,
        start: INDEX_SLICE_CHARS,
        max: INDEX_SLICE_MAX_CHARS,
      },
      delayMs: INDEX_DELAY_MS,
    });
  }

  /** There is something to index. */
  wake(): void {
    this.#slices.wake();
  }

  /** Ends; what is not indexed is when the server runs again. */
  stop(): Promise<void> {
    return this.#slices.stop();
  }
}
