/**
 * Work in slices: one at a time, each piece of work in its turn, and the event loop is free between
 * them for as long as a slice took, so that who waits for something else waits no longer than that.
 */
import { setImmediate } from "node:timers";
import type { Clock } from "../../base/clock.ts";

export interface RoundRobinOptions {
  readonly clock: Clock;
  /** How long a slice is to take, and all slices of a piece of work together. */
  readonly sliceMs: number;
  readonly budgetMs: number;
}

interface Work {
  /** Goes on until a moment; whether that was all. */
  readonly step: (untilMs: number) => boolean;
  readonly signal: AbortSignal | undefined;
  readonly done: PromiseWithResolvers<number>;
  tookMs: number;
}

export class RoundRobin {
  readonly #options: RoundRobinOptions;
  /** In the order of their next slices. */
  readonly #waiting: Work[] = [];
  #isRunning = false;

  constructor(options: RoundRobinOptions) {
    this.#options = options;
  }

  /**
   * Calls `step` until it says that this was all, or the budget is used up. A step ends at the
   * moment that it is given, in monotonic milliseconds, or soon after.
   *
   * @returns milliseconds that the steps took.
   * @throws what a step throws, and what the signal was aborted with.
   */
  run(step: Work["step"], signal?: AbortSignal): Promise<number> {
    const done = Promise.withResolvers<number>();
    this.#waiting.push({ step, signal, done, tookMs: 0 });
    if (!this.#isRunning) this.#next(0);
    return done.promise;
  }

  #next(pauseMs: number): void {
    this.#isRunning = this.#waiting.length > 0;
    if (!this.#isRunning) return;
    const { clock } = this.#options;
    const run = () => {
      const began = clock.monotonic();
      this.#slice(this.#waiting.shift()!, began);
      this.#next(clock.monotonic() - began);
    };
    // An immediate alone is not enough between slices: the runtime does not look at its sockets.
    if (pauseMs > 0) clock.after(pauseMs, run);
    else setImmediate(run);
  }

  #slice(work: Work, began: number): void {
    const { clock, sliceMs, budgetMs } = this.#options;
    const { step, signal, done } = work;
    try {
      signal?.throwIfAborted();
      const leftMs = budgetMs - work.tookMs;
      const isAll = step(began + Math.min(sliceMs, leftMs));
      work.tookMs += clock.monotonic() - began;
      if (isAll || work.tookMs >= budgetMs) done.resolve(work.tookMs);
      else this.#waiting.push(work);
    } catch (error) {
      done.reject(error);
    }
  }
}
