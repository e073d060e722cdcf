/** Asks again what was asked too often. */
import { type Clock, delay } from "../../base/clock.ts";
import { ConfabError } from "../../base/errors.ts";

/** After so many it is a fault all the same. */
const TRIES = 10;
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 10_000;

/**
 * Asks, and waits as long as the server wants one to.
 *
 * @throws {ConfabError} all else that the server refuses.
 */
export async function patiently<Answer>(
  clock: Clock,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1;; tries++) {
    try {
      return await ask();
    } catch (error) {
      const isTooOften = error instanceof ConfabError &&
        error.code === "rate-limited";
      if (!isTooOften || tries === TRIES) throw error;
      const { retryAfterMs } = Object(error.cause);
      const pauseMs = typeof retryAfterMs === "number"
        ? retryAfterMs
        : PAUSE_MS;
      await delay(clock, Math.min(pauseMs, PAUSE_MAX_MS));
    }
  }
}
