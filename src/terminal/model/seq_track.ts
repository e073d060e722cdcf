/** Up to where a place's messages came, one after the other: what is missing between two is found. */

/** One's own that came before what lies before them. */
const EARLY = 256;

/** Messages that are not here, by their first and last seq. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export class SeqTrack {
  #newest: number | undefined;
  readonly #early = new Set<number>();

  /** The highest seq that has come; `undefined` before any has. */
  get newest(): number | undefined {
    return this.#newest;
  }

  /**
   * A message has come, in the order of the place; gives what is missing before it. `expected`
   * messages of one's own have no ack yet: they may be what seems to be missing.
   */
  came(seq: number, expected = 0): Gap | undefined {
    const newest = this.#newest;
    if (newest !== undefined && seq <= newest) return undefined;
    this.skipTo(seq);
    const own = this.#forget(seq);
    if (newest === undefined) return undefined;
    const missing = seq - newest - 1 - own;
    return missing > expected ? { from: newest + 1, to: seq - 1 } : undefined;
  }

  /** One's own message is acknowledged, perhaps before others that lie before it. */
  acked(seq: number): void {
    if (seq === (this.#newest ?? NaN) + 1) this.skipTo(seq);
    else if (seq > (this.#newest ?? 0) && this.#early.size < EARLY) {
      this.#early.add(seq);
    }
  }

  /** Everything up to a seq has come, or will not. */
  skipTo(seq: number): void {
    this.#newest = Math.max(this.#newest ?? 0, seq);
  }

  /** The place begins anew. */
  reset(): void {
    this.#newest = undefined;
    this.#early.clear();
  }

  /** Forgets one's own up to a seq; gives how many lay before it. */
  #forget(seq: number): number {
    let before = 0;
    for (const early of this.#early) {
      if (early > seq) continue;
      this.#early.delete(early);
      if (early < seq) before++;
    }
    return before;
  }
}
