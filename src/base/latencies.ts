/** How long things took: a histogram of fixed size, so that nothing grows with their number. */

/** Buckets for each doubling: a figure is right to some 2 %. */
const PER_DOUBLING = 32;
/** From one microsecond to over two minutes. */
const DOUBLINGS = 27;

/** A histogram as it passes between threads. */
export interface LatencyCounts {
  readonly counts: Uint32Array;
  readonly maxMs: number;
}

export class Latencies {
  readonly #counts = new Uint32Array(PER_DOUBLING * DOUBLINGS + 1);
  #total = 0;
  #maxMs = 0;

  /** How many were added. */
  get total(): number {
    return this.#total;
  }

  /** The longest, in milliseconds. */
  get maxMs(): number {
    return this.#maxMs;
  }

  add(ms: number): void {
    const bucket = Math.ceil(Math.log2(Math.max(1, ms * 1_000)) * PER_DOUBLING);
    this.#counts[Math.min(bucket, this.#counts.length - 1)]!++;
    this.#total++;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** Adds all of another one. */
  merge({ counts, maxMs }: LatencyCounts): void {
    for (const [bucket, count] of counts.entries()) {
      this.#counts[bucket]! += count;
      this.#total += count;
    }
    this.#maxMs = Math.max(this.#maxMs, maxMs);
  }

  /** Only what was added since they were these. */
  since({ counts }: LatencyCounts): Latencies {
    const since = new Latencies();
    for (let bucket = 0; bucket < counts.length; bucket++) {
      const count = this.#counts[bucket]! - counts[bucket]!;
      since.#counts[bucket] = count;
      since.#total += count;
    }
    since.#maxMs = since.#total > 0 ? this.#maxMs : 0;
    return since;
  }

  /** What `share` of all stay within, in milliseconds; 0 when there are none. */
  quantileMs(share: number): number {
    let rest = Math.ceil(share * this.#total);
    if (rest === 0) return 0;
    for (const [bucket, count] of this.#counts.entries()) {
      rest -= count;
      if (rest > 0) continue;
      return Math.min(2 ** (bucket / PER_DOUBLING) / 1_000, this.#maxMs);
    }
    return this.#maxMs;
  }

  /** What {@linkcode since} takes, as it is now. */
  copy(): LatencyCounts {
    return { counts: this.#counts.slice(), maxMs: this.#maxMs };
  }

  /** What {@linkcode merge} takes. */
  get snapshot(): LatencyCounts {
    return { counts: this.#counts, maxMs: this.#maxMs };
  }
}
