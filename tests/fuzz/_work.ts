/**
 * Whether the work of a function grows no faster than its input. A line makes 64 times as much of 64
 * times the length, a parabola 4,096 times; where the line is drawn leaves both of them eight times
 * of room. A busy machine makes a try longer and never shorter, so of many the shortest counts, and
 * more are made as long as there is doubt.
 */

const TIMES = 64;
const MOST = 8 * TIMES;
const TRIES = 40;
/** Less cannot be told from the clock's own steps. */
const LEAST_MS = 0.02;

/** How many times as long an input takes that is 64 times as long; at most `MOST` if it is linear. */
export function growth(
  run: (length: number) => () => unknown,
  length: number,
): { readonly times: number; readonly isLinear: boolean } {
  const [short, long] = [run(length), run(TIMES * length)];
  let [shortMs, longMs] = [Infinity, Infinity];
  for (let n = 0; n < TRIES; n++) {
    shortMs = Math.min(shortMs, msOf(short));
    longMs = Math.min(longMs, msOf(long));
    if (n > 0 && longMs <= MOST * Math.max(shortMs, LEAST_MS)) break;
  }
  const times = longMs / Math.max(shortMs, LEAST_MS);
  return { times, isLinear: times <= MOST };
}

function msOf(run: () => unknown): number {
  const begun = performance.now();
  run();
  return performance.now() - begun;
}
