/** A set for what mostly has no item or one: there may be very many of them. */

/** What may be held: neither `undefined` nor a `Set` tells itself from how it is held. */
type Item = string | (object & { readonly forEach?: never });

/** Items in the order in which they were added, as in a `Set`, which it has only for several. */
export class FewSet<T extends Item> {
  #held: T | Set<T> | undefined;

  get size(): number {
    const held = this.#held;
    if (held instanceof Set) return held.size;
    return held === undefined ? 0 : 1;
  }

  has(item: T): boolean {
    const held = this.#held;
    return held instanceof Set ? held.has(item) : held === item;
  }

  add(item: T): void {
    const held = this.#held;
    if (held instanceof Set) held.add(item);
    else if (held === undefined) this.#held = item;
    else if (held !== item) this.#held = new Set([held, item]);
  }

  delete(item: T): void {
    const held = this.#held;
    // A `Set` stays one: somebody may be going through it.
    if (held instanceof Set) held.delete(item);
    else if (held === item) this.#held = undefined;
  }

  clear(): void {
    const held = this.#held;
    if (held instanceof Set) held.clear();
    else this.#held = undefined;
  }

  values(): IteratorObject<T, undefined> {
    const held = this.#held;
    if (held instanceof Set) return held.values();
    return (held === undefined ? [] : [held]).values();
  }

  [Symbol.iterator](): IteratorObject<T, undefined> {
    return this.values();
  }
}
