/**
 * Work in the gaps between the turns. It goes in slices of some milliseconds, and learns how much it
 * can do in one. The pauses between them are short while nobody else needs the loop; where a pause
 * lasts longer than was asked for, others did, and the next is twice as long. And while more is
 * being stored, it takes at most a third of the time: what people wait for comes first.
 */
import type { Clock } from "../base/clock.ts";
import {
  SLICE_MS,
  SLICE_PAUSE_MAX_MS,
  SLICE_PAUSE_MIN_MS,
} from "../base/limits.ts";

export interface SlicesOptions {
  /** Does so much, in its own unit; whether there is more to do. */
  readonly work: (size: number) => Promise<boolean>;
  readonly size: {
    readonly min: number;
    readonly start: number;
    readonly max: number;
  };
  /** From being woken to the first slice. */
  readonly delayMs: number;
  /** Entries stored so far: while that grows, others are at work. */
  readonly stored: () => number;
  /** Whether it cannot wait for others; never by default. */
  readonly isUrgent?: () => boolean;
  readonly clock: Clock;
  /** A slice failed; it is tried again when there is more. */
  readonly onFault: (error: unknown) => void;
}

/** A pause that ends later than it was to by more than this was needed by others. */
const LATE_MS = 4;
/** One that ends no later than this was needed by nobody. */
const IN_TIME_MS = 1.5;
/** While others are at work a pause is so many times as long as the slice before it. */
const PAUSES_UNDER_LOAD = 2;
/** How much the size changes at a time: now and then the disk takes its time, whatever is done. */
const SIZE_FACTOR = 1.25;

export class Slices {
  readonly #options: SlicesOptions;
  #size: number;
  #pauseMs = SLICE_PAUSE_MIN_MS;
  #stored = 0;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: SlicesOptions) {
    this.#options = options;
    this.#size = options.size.start;
  }

  /** There is something to do. */
  wake(): void {
    if (this.#cancel === undefined) this.#stepAfter(this.#options.delayMs);
  }

  /** Ends; what is not done is when it is woken again. */
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
    const { work, clock, stored, isUrgent, onFault } = this.#options;
    const began = clock.monotonic();
    let hasMore = false;
    try {
      hasMore = await work(this.#size);
      this.#adaptSize(clock.monotonic() - began);
    } catch (error) {
      onFault(error);
    }
    this.#cancel = undefined;
    const isUnderLoad = stored() > this.#stored;
    this.#stored = stored();
    if (!hasMore) return;
    if (isUrgent?.()) return this.#stepAfter(SLICE_PAUSE_MIN_MS);
    const tookMs = clock.monotonic() - began;
    const pauseMs = isUnderLoad ? PAUSES_UNDER_LOAD * tookMs : 0;
    this.#stepAfter(Math.max(this.#pauseMs, pauseMs));
  }

  #adaptPause(lateMs: number): void {
    if (lateMs > LATE_MS) {
      this.#pauseMs = Math.min(SLICE_PAUSE_MAX_MS, 2 * this.#pauseMs);
    } else if (lateMs <= IN_TIME_MS) {
      this.#pauseMs = Math.max(SLICE_PAUSE_MIN_MS, this.#pauseMs / 2);
    }
  }

  #adaptSize(tookMs: number): void {
    const { min, max } = this.#options.size;
    this.#size = tookMs > SLICE_MS
      ? Math.max(min, Math.floor(this.#size / SIZE_FACTOR))
      : Math.min(max, Math.ceil(this.#size * SIZE_FACTOR));
  }
}
