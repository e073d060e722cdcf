/** Of the random run: who holds which name, told from what the hub said and from the contract. */
import type { Clock } from "../../src/base/clock.ts";

const DAY_MS = 24 * 3_600_000;
const FORMER_KEPT_MS = 7 * DAY_MS;
const UNUSED_KEPT_MS = 180 * DAY_MS;
/** The day of the last visit is all that is noted of it. */
const SLACK_MS = DAY_MS;

/** A person that is here, as far as names go. */
export interface Named {
  readonly key: string | undefined;
  name: string | undefined;
}

interface Claim {
  readonly key: string;
  /** Until when a former name is kept. */
  readonly until?: number;
}

/** The name that a key holds, folded; when the person was last here. */
interface Held {
  readonly folded: string;
  /** Since when it holds one. */
  readonly since: number;
  seenAt: number;
}

/** Breaks the run. */
export function violated(text: string): never {
  throw new Error(text);
}

/** The contract's rule of which names are equal. */
export function fold(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
}

/** What the names of this run look like; an o and a zero look alike. */
function lookOf(folded: string): string {
  return folded.replaceAll("0", "o");
}

export class Names<Somebody extends Named> {
  readonly #clock: Clock;
  readonly #isHere: (key: string) => boolean;
  readonly #here = new Map<string, Somebody>();
  readonly #claims = new Map<string, Claim>();
  readonly #held = new Map<string, Held>();
  /** Names that were ever somebody's, folded, by their looks. */
  readonly #byLook = new Map<string, Set<string>>();

  /** `isHere` says whether the person of a key has a connection, or is in a room. */
  constructor(clock: Clock, isHere: (key: string) => boolean) {
    this.#clock = clock;
    this.#isHere = isHere;
  }

  /** Who is called so and is here. */
  find(name: string): Somebody | undefined {
    return this.#here.get(fold(name));
  }

  /** The key of who is called so, here or not. */
  keyOf(name: string): string | undefined {
    const here = this.find(name);
    if (here !== undefined) return here.key;
    const folded = fold(name);
    const claim = this.#claims.get(folded);
    return claim !== undefined && this.#held.get(claim.key)?.folded === folded
      ? claim.key
      : undefined;
  }

  /** Whether anybody is called so, here or not. */
  knows(name: string): boolean {
    return this.find(name) !== undefined || this.keyOf(name) !== undefined;
  }

  /** A person is called so from now on. */
  give(somebody: Somebody, name: string): void {
    const folded = fold(name);
    const other = this.#here.get(folded);
    if (other !== undefined && other !== somebody) {
      violated(`two people here are called ${name}`);
    }
    const { key } = somebody;
    if (other === undefined && this.#isKept(folded, key, -SLACK_MS)) {
      violated(`${key ?? "a guest"} got the name ${name}, which is claimed`);
    }
    for (const alike of this.#alike(folded)) {
      const isOthers = this.#here.has(alike)
        ? this.#here.get(alike) !== somebody
        : this.#isKept(alike, key, -SLACK_MS);
      if (isOthers) violated(`${name} looks like ${alike}`);
    }
    this.#free(somebody);
    somebody.name = name;
    this.#here.set(folded, somebody);
    const names = this.#byLook.get(lookOf(folded)) ?? new Set();
    this.#byLook.set(lookOf(folded), names.add(folded));
    if (key !== undefined && !folded.startsWith("guest-")) {
      this.#claim(key, folded);
    }
  }

  /** Whether a key held a name at a time, and does. */
  heldAt(key: string, at: number): boolean {
    return (this.#held.get(key)?.since ?? Infinity) <= at;
  }

  /** Someone was told that a name is taken. */
  refused(name: string, key: string | undefined, current?: string): void {
    const folded = fold(name);
    if (current !== undefined && fold(current) === folded) {
      violated(`${name} is said to be taken, and is the person's own`);
    }
    for (const one of [folded, ...this.#alike(folded)]) {
      if (this.#here.has(one) || this.#isKept(one, key, SLACK_MS)) return;
    }
    violated(`${name} is said to be taken, and is not`);
  }

  /** The person is seen here, or has just gone. */
  seen({ key }: Somebody): void {
    const held = key === undefined ? undefined : this.#held.get(key);
    if (held !== undefined) held.seenAt = this.#clock.wall();
  }

  gone(somebody: Somebody): void {
    if (somebody.name !== undefined) this.seen(somebody);
    this.#free(somebody);
  }

  /** The server starts again: nobody is here. */
  clear(): void {
    this.#here.clear();
  }

  /** Other names that look like one. */
  #alike(folded: string): string[] {
    const names = this.#byLook.get(lookOf(folded)) ?? [];
    return [...names].filter((name) => name !== folded);
  }

  /** Whether a name is another person's claim; `slackMs` makes it longer or shorter. */
  #isKept(folded: string, key: string | undefined, slackMs: number): boolean {
    const claim = this.#claims.get(folded);
    if (claim === undefined || claim.key === key) return false;
    const now = this.#clock.wall();
    if (claim.until !== undefined) return claim.until > now;
    if (this.#isHere(claim.key)) return true;
    const seenAt = this.#held.get(claim.key)?.seenAt ?? -Infinity;
    return seenAt + UNUSED_KEPT_MS + slackMs > now;
  }

  #claim(key: string, folded: string): void {
    const before = this.#held.get(key);
    const isChange = before !== undefined && before.folded !== folded;
    if (isChange) {
      // Every former name is kept for its time.
      const until = this.#clock.wall() + FORMER_KEPT_MS;
      this.#claims.set(before.folded, { key, until });
    }
    const loser = this.#claims.get(folded)?.key;
    if (
      loser !== undefined && loser !== key &&
      this.#held.get(loser)?.folded === folded
    ) {
      this.#held.delete(loser);
    }
    for (const alike of this.#alike(folded)) {
      // It was free, and is lost to who had it.
      const { key: other, until } = this.#claims.get(alike) ?? {};
      if (other === undefined || other === key || until !== undefined) continue;
      this.#claims.delete(alike);
      if (this.#held.get(other)?.folded === alike) this.#held.delete(other);
    }
    this.#claims.set(folded, { key });
    const now = this.#clock.wall();
    const since = before?.since ?? now;
    this.#held.set(key, { folded, since, seenAt: now });
  }

  #free(somebody: Somebody): void {
    if (somebody.name === undefined) return;
    const folded = fold(somebody.name);
    if (this.#here.get(folded) === somebody) this.#here.delete(folded);
  }
}
