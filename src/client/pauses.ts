/** How long a client waits before it connects again. */
import {
  GOOD_CONNECTION_MS,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
} from "../base/limits.ts";

/** They grow with each try, and also where every try succeeds and ends at once. */
export class Pauses {
  readonly #random: () => number;
  #pauseMs = RECONNECT_MIN_MS;
  #askedMs = 0;

  /** `random` gives from 0 up to 1: it spreads the moments at which clients come back. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** A connection has ended; the server may want to be left alone for a while. */
  ended(livedMs: number, askedMs = 0): void {
    if (livedMs >= GOOD_CONNECTION_MS) this.#pauseMs = RECONNECT_MIN_MS;
    this.#askedMs = askedMs;
  }

  /** The next one, spread by half. Never none, whatever the server says. */
  next(): number {
    const pauseMs = Math.max(this.#pauseMs, this.#askedMs);
    this.#askedMs = 0;
    this.#pauseMs = Math.min(2 * pauseMs, RECONNECT_MAX_MS);
    return Math.round(pauseMs * (0.5 + this.#random()));
  }
}
