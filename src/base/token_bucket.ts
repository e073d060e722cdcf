/** A token bucket: so much at once, so much a second in the long run. */

/** A bucket that fills with time; times are monotonic milliseconds. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  /** Less than none when what is charged was not there. */
  #tokens: number;
  #at: number;

  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1_000;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes `cost` tokens if they are there. */
  take(cost: number, now: number): boolean {
    this.#fill(now);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /**
   * Takes `cost` tokens, of those to come what is not there. Who takes them so, and waits for
   * {@linkcode waitMs} of before, has its turn in the order of asking, and nobody else is woken.
   */
  charge(cost: number, now: number): void {
    this.#fill(now);
    this.#tokens -= cost;
  }

  /** Puts back what was taken and not used. */
  giveBack(cost: number, now: number): void {
    this.#tokens += cost;
    this.#fill(now);
  }

  /** Milliseconds until `cost` tokens are there. */
  waitMs(cost: number, now: number): number {
    this.#fill(now);
    return Math.max(0, Math.ceil((cost - this.#tokens) / this.#perMs));
  }

  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.#burst;
  }

  #fill(now: number): void {
    const tokens = this.#tokens + (now - this.#at) * this.#perMs;
    this.#tokens = Math.min(this.#burst, tokens);
    this.#at = now;
  }
}
