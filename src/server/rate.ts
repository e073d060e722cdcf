/** Token buckets of many: a person each, an address. */
import { RATE_BUCKETS, RATE_BUCKETS_SWEPT } from "../base/limits.ts";
import { TokenBucket } from "../base/token_bucket.ts";

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
