/** Asks one thing after the other, and again what was asked too often. */
import { type Clock, delay } from "./clock.ts";
import { ConfabError } from "./errors.ts";

/** After so many it is a fault all the same. */
const TRIES = 10;
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 10_000;
/** What else is sent meanwhile costs something, too. */
const MORE_MS = 250;

export class Patience {
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Asks when all that was asked before has its answer: since a refusal has a price as well, two
   * that try again at the same time can keep each other from it. Waits as long as the server wants.
   *
   * @throws {ConfabError} all else that the server refuses.
   */
  ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(() => this.#try(ask));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #try<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (let tries = 1;; tries++) {
      try {
        return await ask();
      } catch (error) {
        await pauseAfter(error, tries, this.#clock);
      }
    }
  }
}

/**
 * Waits as long as a server wants that was asked too often.
 *
 * @throws what it was refused with otherwise, and after too many tries.
 */
export async function pauseAfter(
  error: unknown,
  tries: number,
  clock: Clock,
): Promise<void> {
  const isTooOften = error instanceof ConfabError &&
    error.code === "rate-limited";
  if (!isTooOften || tries >= TRIES) throw error;
  const { retryAfterMs } = Object(error.cause);
  const pauseMs = Number(retryAfterMs ?? PAUSE_MS) + MORE_MS;
  await delay(clock, Math.min(pauseMs, PAUSE_MAX_MS));
}
