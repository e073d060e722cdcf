/**
 * How high each of many rows is, and where it stands: measured, or a guess until it has been. A
 * Fenwick tree over the heights answers both ways in logarithmic time.
 */

/** Rows by their keys, in order. */
export interface Rows {
  readonly length: number;
  keyAt(index: number): string;
}

export class Heights {
  #keys: string[] = [];
  #heights: number[] = [];
  /** At `i` the sum of the `i & -i` heights that end with the one before `i`; the first is unused. */
  #sums: number[] = [0];
  /** What was measured of rows, also of those that are not there now. */
  #measured = new Map<string, number>();
  readonly #guess: number;

  /** `guess` is the height, in pixels, of a row that was not measured yet. */
  constructor(guess: number) {
    this.#guess = guess;
  }

  get length(): number {
    return this.#keys.length;
  }

  get total(): number {
    return this.top(this.length);
  }

  /** Takes the rows as they are now; what was added at the end costs no more than that. */
  sync(rows: Rows): void {
    const count = this.#keys.length;
    const isAppended = rows.length >= count &&
      (count === 0 || rows.keyAt(0) === this.#keys[0] &&
          rows.keyAt(count - 1) === this.#keys[count - 1]);
    if (!isAppended) {
      this.#keys = [];
      this.#heights = [];
      this.#sums = [0];
      this.#forgetOthers(rows);
    }
    for (let index = this.#keys.length; index < rows.length; index++) {
      this.#push(rows.keyAt(index));
    }
  }

  /** Notes how high a row is; whether that is news. */
  measure(index: number, height: number): boolean {
    const change = height - this.#heights[index]!;
    this.#measured.set(this.#keys[index]!, height);
    if (change === 0) return false;
    this.#heights[index] = height;
    for (let at = index + 1; at < this.#sums.length; at += at & -at) {
      this.#sums[at]! += change;
    }
    return true;
  }

  /** How far a row is below the first; of the length, where all end. */
  top(index: number): number {
    let sum = 0;
    for (let at = index; at > 0; at -= at & -at) sum += this.#sums[at]!;
    return sum;
  }

  /** The row that is so far below the first, or the nearest. */
  indexAt(top: number): number {
    let index = 0;
    let rest = top;
    let step = 2 ** Math.floor(Math.log2(Math.max(1, this.length)));
    for (; step >= 1; step /= 2) {
      const sum = this.#sums[index + step];
      if (sum === undefined || sum > rest) continue;
      index += step;
      rest -= sum;
    }
    return Math.max(0, Math.min(index, this.length - 1));
  }

  /** Where a key is, looked for around an index first; -1 where it is not. */
  indexOf(key: string, near = 0): number {
    return this.#keys[near] === key ? near : this.#keys.indexOf(key);
  }

  keyAt(index: number): string | undefined {
    return this.#keys[index];
  }

  #push(key: string): void {
    const height = this.#measured.get(key) ?? this.#guess;
    this.#keys.push(key);
    this.#heights.push(height);
    const at = this.#keys.length;
    let sum = height;
    for (let below = at - 1; below > at - (at & -at); below -= below & -below) {
      sum += this.#sums[below]!;
    }
    this.#sums.push(sum);
  }

  /** Forgets what was measured of rows that are gone, when these have become most. */
  #forgetOthers(rows: Rows): void {
    if (this.#measured.size <= 2 * rows.length) return;
    const kept = new Map<string, number>();
    for (let index = 0; index < rows.length; index++) {
      const key = rows.keyAt(index);
      const height = this.#measured.get(key);
      if (height !== undefined) kept.set(key, height);
    }
    this.#measured = kept;
  }
}
