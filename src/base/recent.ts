/** A cache that holds what was asked for last, and never more than it may. */

/**
 * At least the last `count` values that were set or got, and less than twice as many: what was not
 * asked for while as many others were is forgotten, with all of its age at once.
 */
export class Recent<K, V> {
  readonly #count: number;
  readonly #weightOf: (value: V) => number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  /** Of the young. */
  #weight = 0;

  /** `weightOf`: as how many a value counts, one by default. */
  constructor(count: number, weightOf: (value: V) => number = () => 1) {
    this.#count = count;
    this.#weightOf = weightOf;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#forgetYoung(key);
    const weight = this.#weightOf(value);
    if (this.#weight + weight > this.#count && this.#young.size > 0) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#weight += weight;
    this.#young.set(key, value);
  }

  delete(key: K): void {
    this.#forgetYoung(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#weight = 0;
  }

  #forgetYoung(key: K): void {
    const young = this.#young.get(key);
    if (young === undefined) return;
    this.#young.delete(key);
    this.#weight -= this.#weightOf(young);
  }
}
