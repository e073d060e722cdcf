/**
 * Lets the search index follow the journal, behind the turns and in the gaps between them. It works
 * in slices of some milliseconds, and learns how much it can take in during one. The pauses between
 * them are short while nobody else needs the loop; where a pause lasts longer than was asked for,
 * others did, and the next is twice as long. And while more is being stored, it takes at most a
 * third of the time: what people wait for comes first.
 */
import type { Clock } from "../base/clock.ts";
import {
  INDEX_DELAY_MS,
  INDEX_PAUSE_MAX_MS,
  INDEX_PAUSE_MIN_MS,
  INDEX_SLICE_CHARS,
  INDEX_SLICE_MAX_CHARS,
  INDEX_SLICE_MIN_CHARS,
  INDEX_SLICE_MS,
} from "../base/limits.ts";
import type { Journal } from "../store/store.ts";

interface IndexerOptions {
  readonly journal: Pick<Journal, "index">;
  /** Entries stored so far: while that grows, others are at work. */
  readonly stored: () => number;
  readonly clock: Clock;
  /** A step failed; it is tried again when there is more. */
  readonly onFault: (error: unknown) => void;
}

/** A pause that ends later than it was to by more than this was needed by others. */
const LATE_MS = 4;
/** One that ends no later than this was needed by nobody. */
const IN_TIME_MS = 1.5;
/** While others are at work a pause is so many times as long as the slice before it. */
const PAUSES_UNDER_LOAD = 2;

export class Indexer {
  readonly #options: IndexerOptions;
  #chars = INDEX_SLICE_CHARS;
  #pauseMs = INDEX_PAUSE_MIN_MS;
  #stored = 0;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  /** There is something to index. */
  wake(): void {
    if (this.#cancel === undefined) this.#stepAfter(INDEX_DELAY_MS);
  }

  /** Ends; what is not indexed is when the server runs again. */
  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#running;
    this.#cancel?.();
  }

  #stepAfter(ms: number): void {
    const { clock } = this.#options;
    const due = clock.monotonic() + ms;
    this.#cancel = clock.after(ms, () => {
      this.#adaptPause(clock.monotonic() - due);
      this.#running = this.#step();
    });
  }

  async #step(): Promise<void> {
    const { journal, clock, stored, onFault } = this.#options;
    const began = clock.monotonic();
    let hasMore = false;
    try {
      hasMore = await journal.index(this.#chars);
      this.#adaptSlice(clock.monotonic() - began);
    } catch (error) {
      onFault(error);
    }
    this.#cancel = undefined;
    const isUnderLoad = stored() > this.#stored;
    this.#stored = stored();
    if (!hasMore) return;
    const tookMs = clock.monotonic() - began;
    const pauseMs = isUnderLoad ? PAUSES_UNDER_LOAD * tookMs : 0;
    this.#stepAfter(Math.max(this.#pauseMs, pauseMs));
  }

  #adaptPause(lateMs: number): void {
    if (lateMs > LATE_MS) {
      this.#pauseMs = Math.min(INDEX_PAUSE_MAX_MS, 2 * this.#pauseMs);
    } else if (lateMs <= IN_TIME_MS) {
      this.#pauseMs = Math.max(INDEX_PAUSE_MIN_MS, this.#pauseMs / 2);
    }
  }

  /** In small steps: now and then the disk takes its time, whatever is written. */
  #adaptSlice(tookMs: number): void {
    this.#chars = tookMs > INDEX_SLICE_MS
      ? Math.max(INDEX_SLICE_MIN_CHARS, Math.floor(this.#chars / 1.25))
      : Math.min(INDEX_SLICE_MAX_CHARS, Math.ceil(this.#chars * 1.25));
  }
}
