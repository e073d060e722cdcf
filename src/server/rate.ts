/** Token buckets: so many at once, so many a second in the long run. */

/** A bucket that fills with time; times are monotonic milliseconds. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
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

/** A bucket for each key (a person, an address); full ones are forgotten. */
export class TokenBuckets {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, TokenBucket>();

  /** `perSecond` 0 lifts the limit. */
  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** The bucket of a key, or `undefined` when there is no limit. */
  of(key: string, now: number): TokenBucket | undefined {
    if (this.#perSecond === 0) return undefined;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#burst, this.#perSecond, now);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  /** Forgets what would be the same if it were made anew. */
  sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.isFull(now)) this.#buckets.delete(key);
    }
  }
}
