/** Token buckets: so many at once, so many a second in the long run. */
import { RATE_BUCKETS, RATE_BUCKETS_SWEPT } from "../base/limits.ts";

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

/**
 * A bucket for each key (a person, an address). Full ones are forgotten, and the oldest when there
 * are too many.
 */
export class TokenBuckets {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #most: number;
  /** In the order they were made. */
  readonly #buckets = new Map<string, TokenBucket>();
  /** How far they were looked through for full ones. */
  #sweeping: Iterator<[string, TokenBucket], undefined> | undefined;

  /** `perSecond` 0 lifts the limit. */
  constructor(burst: number, perSecond: number, most = RATE_BUCKETS) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#most = most;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** The bucket of a key, or `undefined` when there is no limit. */
  of(key: string, now: number): TokenBucket | undefined {
    if (this.#perSecond === 0) return undefined;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#most) this.#forgetOldest();
      bucket = new TokenBucket(this.#burst, this.#perSecond, now);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  /** Forgets what would be the same if it were made anew; looks at some of them at each call. */
  sweep(now: number): void {
    this.#sweeping ??= this.#buckets.entries();
    for (let looked = 0; looked < RATE_BUCKETS_SWEPT; looked++) {
      const { done, value } = this.#sweeping.next();
      if (done) {
        this.#sweeping = undefined;
        return;
      }
      const [key, bucket] = value;
      if (bucket.isFull(now)) this.#buckets.delete(key);
    }
  }

  #forgetOldest(): void {
    const { value: oldest } = this.#buckets.keys().next();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
