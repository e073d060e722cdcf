/** Time, handed in to whoever needs it: tests hand in their own. */

export interface Clock {
  /** Milliseconds UTC. */
  wall(): number;
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** Calls back after `ms`; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}

/** This moment, on both clocks. */
export function momentOf(clock: Clock): { wall: number; monotonic: number } {
  return { wall: clock.wall(), monotonic: clock.monotonic() };
}

export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
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
