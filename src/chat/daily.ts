/** Counts of what each address did today. */

const DAY_MS = 24 * 3_600_000;

/** An address of this machine, as limits count it. */
const LOOPBACK = /^(127\.|::1$|0:0:0:0::\/64$)/;

/** Whether an address is everybody's on this machine. */
export function isLocal(address: string): boolean {
  return LOOPBACK.test(address);
}

export class DailyCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  #day = 0;

  /** `limit` 0 lifts it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts one more of an address at a time (milliseconds UTC); `false` when that is over the limit. */
  take(address: string, now: number): boolean {
    if (this.#limit === 0) return true;
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) this.#counts.clear();
    this.#day = day;
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#limit) return false;
    this.#counts.set(address, count + 1);
    return true;
  }
}
