/** Counts of what each address did today. */
import type { UndoLog } from "./undo.ts";

const DAY_MS = 24 * 3_600_000;

interface Count {
  readonly day: number;
  readonly count: number;
}

export class DailyCounts {
  readonly #limit: number;
  readonly #undo: UndoLog;
  readonly #counts = new Map<string, Count>();
  #day = 0;

  /** `limit` 0 lifts it. */
  constructor(limit: number, undo: UndoLog) {
    this.#limit = limit;
    this.#undo = undo;
  }

  /**
   * Counts one more of an address; `false` when that is over the limit. `now`: milliseconds UTC.
   */
  take(address: string, now: number): boolean {
    if (this.#limit === 0) return true;
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) this.#forgetOther(day);
    const before = this.#counts.get(address);
    const count = before?.day === day ? before.count : 0;
    if (count >= this.#limit) return false;
    this.#undo.set(this.#counts, address, { day, count: count + 1 });
    return true;
  }

  /** Counts of other days count for nothing any more. */
  #forgetOther(day: number): void {
    this.#day = day;
    for (const [address, count] of this.#counts) {
      if (count.day !== day) this.#counts.delete(address);
    }
  }
}
