/** A cache that holds what was asked for last, and never more than it may. */

/**
 * At least the last `count` values that were set or got, and less than twice as many: what was not
 * asked for while as many others were is forgotten, with all of its age at once.
 */
export class Recent<K, V> {
  readonly #count: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(count: number) {
    this.#count = count;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#count && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
