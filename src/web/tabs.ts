/**
 * The tabs of one browser, which all have a connection of the same person: one of them makes itself
 * heard. They know of each other by locks that each holds.
 */

const LOOKED_AT = "confab looked at ";
const HEARD = "confab heard ";
/** The others have got the same message by then. */
const HEARD_MS = 5_000;
/** Messages that are being told apart at once; of more none is heard. */
const HEARD_MOST = 20;

/** What of the browser's locks this needs. */
export type Locks = Pick<LockManager, "query" | "request">;

/**
 * Whether a tab may make itself heard for a place: where one is looked at, that one alone, and none
 * where the place itself is. `own` is the place that this tab shows while it is looked at.
 */
export function mayBeHeard(
  place: string,
  own: string | undefined,
  lookedAt: readonly string[],
): boolean {
  if (own === place || lookedAt.includes(place)) return false;
  return own !== undefined || lookedAt.length === 0;
}

export class Tabs {
  readonly #locks: Locks | undefined;
  #own: string | undefined;
  #release = () => {};
  #heard = 0;

  /** Without locks each tab is alone. */
  constructor(locks: Locks | undefined) {
    this.#locks = locks;
  }

  /** The place that the person looks at in this tab; `undefined` for none. */
  look(place: string | undefined): void {
    if (place === this.#own) return;
    this.#own = place;
    this.#release();
    this.#release = () => {};
    if (place === undefined) return;
    const held = Promise.withResolvers<void>();
    this.#release = held.resolve;
    this.#locks?.request(
      `${LOOKED_AT}${place}`,
      { mode: "shared" },
      () => held.promise,
    ).catch(() => {});
  }

  /** Whether it is this tab that makes a message heard. Never rejects. */
  async mayBeHeard(place: string, seq: number): Promise<boolean> {
    const locks = this.#locks;
    if (locks === undefined) return mayBeHeard(place, this.#own, []);
    try {
      const { held = [] } = await locks.query();
      const lookedAt = held.flatMap(({ name = "" }) =>
        name.startsWith(LOOKED_AT) ? [name.slice(LOOKED_AT.length)] : []
      );
      return mayBeHeard(place, this.#own, lookedAt) &&
        await this.#isFirst(locks, `${HEARD}${place} ${seq}`);
    } catch {
      return false;
    }
  }

  /** Whether no other tab has taken the message. */
  #isFirst(locks: Locks, name: string): Promise<boolean> {
    if (this.#heard >= HEARD_MOST) return Promise.resolve(false);
    this.#heard++;
    return new Promise((resolve, reject) => {
      locks.request(name, { ifAvailable: true }, async (lock) => {
        resolve(lock !== null);
        if (lock === null) return;
        await new Promise((done) => setTimeout(done, HEARD_MS));
      }).catch(reject).finally(() => this.#heard--);
    });
  }
}
