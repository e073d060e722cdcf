/** The server's password: compared in constant time, the slower the more an address guesses. */
import { createHash, timingSafeEqual } from "node:crypto";
import { type Clock, delay } from "../base/clock.ts";
import { ProtocolError } from "../base/errors.ts";
import {
  GUESS_DELAY_MAX_MS,
  GUESS_DELAY_MS,
  GUESSES_FORGOTTEN_MS,
  GUESSING_ADDRESSES,
  PER_SITE_SHARE,
} from "../base/limits.ts";

export class Passwords {
  readonly #digest: Uint8Array;
  readonly #clock: Clock;
  /** Wrong words of each address and site, those of the last guess last. */
  readonly #guesses = new Map<string, { count: number; lastAt: number }>();

  constructor(password: string, clock: Clock) {
    this.#digest = digestOf(password);
    this.#clock = clock;
  }

  /** Addresses and sites that are remembered. */
  get size(): number {
    return this.#guesses.size;
  }

  /**
   * Judges the word that a `hello` brings; an address that was wrong before waits, twice as long
   * each time, and so does a site (IPv6 /48) that was wrong a few times as often.
   *
   * @returns the refusal, or `undefined` when the word is right.
   */
  async judge(
    given: string | undefined,
    { address, site }: { address: string; site?: string | undefined },
    signal: AbortSignal,
  ): Promise<ProtocolError | undefined> {
    if (given === undefined || given === "") {
      const text = "this server has a password: give it";
      return new ProtocolError("password-required", text);
    }
    // Counted before it is looked at: guesses that are under way together do not share one delay.
    const former = Math.max(
      this.#count(address),
      site === undefined ? 0 : Math.floor(this.#count(site) / PER_SITE_SHARE),
    );
    if (former > 0) {
      const waitMs = GUESS_DELAY_MS * 2 ** (former - 1);
      await delay(this.#clock, Math.min(waitMs, GUESS_DELAY_MAX_MS), signal);
    }
    if (!timingSafeEqual(digestOf(given), this.#digest)) {
      const text = "this is not the password of this server";
      return new ProtocolError("password-wrong", text);
    }
    // Only this guess is taken back: a right word does not forgive wrong ones.
    for (const place of [address, site]) {
      if (place !== undefined) this.#takeBack(place);
    }
    return undefined;
  }

  /** Forgets addresses that have not guessed for long. */
  sweep(): void {
    const now = this.#clock.monotonic();
    for (const [place, { lastAt }] of this.#guesses) {
      if (lastAt + GUESSES_FORGOTTEN_MS > now) return;
      this.#guesses.delete(place);
    }
  }

  /** Counts a guess; gives how many there were before. */
  #count(place: string): number {
    const former = this.#guesses.get(place)?.count ?? 0;
    this.#guesses.delete(place);
    if (this.#guesses.size >= GUESSING_ADDRESSES) {
      const { value: oldest } = this.#guesses.keys().next();
      this.#guesses.delete(oldest!);
    }
    const lastAt = this.#clock.monotonic();
    this.#guesses.set(place, { count: former + 1, lastAt });
    return former;
  }

  #takeBack(place: string): void {
    const guesses = this.#guesses.get(place);
    if (guesses !== undefined && --guesses.count <= 0) {
      this.#guesses.delete(place);
    }
  }
}

/** Digests have one length, whatever the words have. */
function digestOf(password: string): Uint8Array {
  return createHash("sha256").update(password.normalize("NFC"), "utf8")
    .digest();
}
