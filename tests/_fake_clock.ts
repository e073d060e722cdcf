/** A clock that stands still until a test moves it. */
import { setImmediate } from "node:timers";
import type { Clock } from "../src/base/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Noon of a day, in milliseconds UTC: where the wall clock of a {@linkcode FakeClock} begins. */
export const NOON_MS = Date.UTC(2026, 0, 15, 12);

export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  wall(): number {
    return NOON_MS + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Goes forward, calling back whoever is due on the way, each at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Goes forward while the event loop does something else: whoever is due is called back after it. */
  stall(ms: number): void {
    this.#now += ms;
    this.advance(0);
  }

  /** As {@linkcode advance}, in steps; what each step sets off has happened before the next. */
  async advanceSlowly(ms: number, stepMs: number): Promise<void> {
    for (let done = 0; done < ms; done += stepMs) {
      this.advance(Math.min(stepMs, ms - done));
      await eventLoopTurn();
    }
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) {
        first = timer;
      }
    }
    return first;
  }
}

/** Resolves when all that can happen without I/O and without time has happened. */
export async function eventLoopTurn(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
