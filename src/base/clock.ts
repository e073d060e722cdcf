/** Time, handed in to whoever needs it: tests hand in their own. */

export interface Clock {
  /** Milliseconds UTC. */
  wall(): number;
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** Calls back after `ms`, at most 24 days; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}

/** This moment, on both clocks. */
export function momentOf(clock: Clock): { wall: number; monotonic: number } {
  return { wall: clock.wall(), monotonic: clock.monotonic() };
}

const TIMER_MAX_MS = 2 ** 31 - 1;

export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    // What does not fit 31 bits would be called back at once.
    const timer = setTimeout(callback, Math.min(ms, TIMER_MAX_MS));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or as soon as the signal aborts. */
export function delay(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal?.addEventListener("abort", finish);
    if (signal?.aborted) finish();
  });
}
