/**
 * What takes a turn back: every change of the hub's state goes through this log, so that a turn
 * that is not committed, or a command that fails half way, leaves nothing behind.
 */

/** Of larger maps and sets the order is not brought back: that would cost a copy of them. */
const ORDERED_MAX = 128;

/** A set of any kind. */
interface Items<T> extends Iterable<T> {
  readonly size: number;
  has(item: T): boolean;
  add(item: T): void;
  delete(item: T): void;
  clear(): void;
}

export class UndoLog {
  readonly #steps: (() => void)[] = [];

  /** A point to which {@linkcode rollback} leads back. */
  get mark(): number {
    return this.#steps.length;
  }

  /** Something was changed in another way: `step` takes it back. */
  push(step: () => void): void {
    this.#steps.push(step);
  }

  assign<T, K extends keyof T>(object: T, key: K, value: T[K]): void {
    const before = object[key];
    if (before === value) return;
    this.#steps.push(() => object[key] = before);
    object[key] = value;
  }

  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    this.#steps.push(
      before !== undefined || map.has(key)
        ? () => map.set(key, before!)
        : () => map.delete(key),
    );
    map.set(key, value);
  }

  delete<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return;
    const value = map.get(key)!;
    const all = map.size > ORDERED_MAX ? undefined : [...map];
    this.#steps.push(() => {
      if (all === undefined) return map.set(key, value);
      map.clear();
      for (const [key, value] of all) map.set(key, value);
    });
    map.delete(key);
  }

  add<T>(set: Items<T>, item: T): void {
    if (set.has(item)) return;
    this.#steps.push(() => set.delete(item));
    set.add(item);
  }

  remove<T>(set: Items<T>, item: T): void {
    if (!set.has(item)) return;
    const all = set.size > ORDERED_MAX ? undefined : [...set];
    this.#steps.push(() => {
      if (all === undefined) return set.add(item);
      set.clear();
      for (const item of all) set.add(item);
    });
    set.delete(item);
  }

  /** Takes back what was done since a mark, the last first. */
  rollback(mark = 0): void {
    while (this.#steps.length > mark) this.#steps.pop()!();
  }

  /** What was done stays. */
  clear(): void {
    this.#steps.length = 0;
  }
}
