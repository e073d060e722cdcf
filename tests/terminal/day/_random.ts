/** Chance from a seed: the same seed, the same day. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `end` (mulberry32). */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return Math.floor(((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32 * end);
  }

  /** Whole numbers of `from` to `to`. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }

  /** Some, in any order. */
  some<T>(all: readonly T[], count: number): T[] {
    const left = [...all];
    return Array.from(
      { length: Math.min(count, left.length) },
      () => left.splice(this.below(left.length), 1)[0]!,
    );
  }

  isTrue(): boolean {
    return this.below(2) === 1;
  }
}
