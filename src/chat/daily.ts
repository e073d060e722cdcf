/** Counts of what each address did today, and each site (IPv6 /48), which may do more. */
import { siteOf } from "../base/cidr.ts";
import { COUNTED_ADDRESSES, PER_SITE_SHARE } from "../base/limits.ts";
import { DAY_MS } from "../base/time.ts";
import type { UndoLog } from "./undo.ts";

interface Count {
  readonly day: number;
  readonly count: number;
}

export class DailyCounts {
  readonly #limit: number;
  readonly #undo: UndoLog;
  readonly #most: number;
  /** Of addresses and sites. */
  readonly #counts = new Map<string, Count>();
  #day = 0;

  /** `limit` 0 lifts it; `most` bounds the addresses and sites that are counted. */
  constructor(limit: number, undo: UndoLog, most = COUNTED_ADDRESSES) {
    this.#limit = limit;
    this.#undo = undo;
    this.#most = most;
  }

  get size(): number {
    return this.#counts.size;
  }

  /**
   * Counts one more of an address; `false` when that is over the limit. `now`: milliseconds UTC.
   */
  take(address: string, now: number): boolean {
    if (this.#limit === 0) return true;
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) this.#forgetOther(day);
    const site = siteOf(address);
    const isOver = this.#countOf(address, day) >= this.#limit ||
      site !== undefined &&
        this.#countOf(site, day) >= PER_SITE_SHARE * this.#limit;
    if (isOver) return false;
    this.#add(address, day);
    if (site !== undefined) this.#add(site, day);
    return true;
  }

  #countOf(place: string, day: number): number {
    const count = this.#counts.get(place);
    return count?.day === day ? count.count : 0;
  }

  #add(place: string, day: number): void {
    const count = this.#countOf(place, day) + 1;
    if (!this.#counts.has(place) && this.#counts.size >= this.#most) {
      const { value: oldest } = this.#counts.keys().next();
      this.#undo.delete(this.#counts, oldest!);
    }
    this.#undo.set(this.#counts, place, { day, count });
  }

  /** Counts of other days count for nothing any more. */
  #forgetOther(day: number): void {
    this.#day = day;
    for (const [place, count] of this.#counts) {
      if (count.day !== day) this.#counts.delete(place);
    }
  }
}
