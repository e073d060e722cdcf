/** The server's password: compared in constant time, the slower the more an address guesses. */
import { createHash, timingSafeEqual } from "node:crypto";
import { type Clock, delay } from "../base/clock.ts";
import { ProtocolError } from "../base/errors.ts";
import {
  GUESS_DELAY_MAX_MS,
  GUESS_DELAY_MS,
  GUESSES_FORGOTTEN_MS,
} from "../base/limits.ts";

export class Passwords {
  readonly #digest: Uint8Array;
  readonly #clock: Clock;
  /** Wrong words of each address. */
  readonly #guesses = new Map<string, { count: number; lastAt: number }>();

  constructor(password: string, clock: Clock) {
    this.#digest = digestOf(password);
    this.#clock = clock;
  }

  /**
   * Judges the word that a `hello` brings; an address that was wrong before waits, twice as long
   * each time.
   *
   * @returns the refusal, or `undefined` when the word is right.
   */
  async judge(
    given: string | undefined,
    address: string,
    signal: AbortSignal,
  ): Promise<ProtocolError | undefined> {
    if (given === undefined || given === "") {
      const text = "this server has a password: give it";
      return new ProtocolError("password-required", text);
    }
    const former = this.#guesses.get(address)?.count ?? 0;
    // Counted before it is looked at: guesses that are under way together do not share one delay.
    const lastAt = this.#clock.monotonic();
    this.#guesses.set(address, { count: former + 1, lastAt });
    if (former > 0) {
      const waitMs = GUESS_DELAY_MS * 2 ** (former - 1);
      await delay(this.#clock, Math.min(waitMs, GUESS_DELAY_MAX_MS), signal);
    }
    if (!timingSafeEqual(digestOf(given), this.#digest)) {
      const text = "this is not the password of this server";
      return new ProtocolError("password-wrong", text);
    }
    // Only this guess is taken back: a right word does not forgive wrong ones.
    const guesses = this.#guesses.get(address);
    if (guesses !== undefined && --guesses.count <= 0) {
      this.#guesses.delete(address);
    }
    return undefined;
  }

  /** Forgets addresses that have not guessed for long. */
  sweep(): void {
    const now = this.#clock.monotonic();
    for (const [address, { lastAt }] of this.#guesses) {
      if (lastAt + GUESSES_FORGOTTEN_MS <= now) this.#guesses.delete(address);
    }
  }
}

/** Digests have one length, whatever the words have. */
function digestOf(password: string): Uint8Array {
  return createHash("sha256").update(password.normalize("NFC"), "utf8")
    .digest();
}
