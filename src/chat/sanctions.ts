/**
 * Lists of those who are kept out or kept silent, by key or by address. Everybody on a list is a
 * record, which is looked up by itself: however long a list is, nothing goes through it.
 */
import { given } from "../base/given.ts";
import {
  SANCTION_ADDRESS_MS,
  SANCTION_ADDRESSES,
  SANCTIONS_OF_A_NAME,
} from "../base/limits.ts";
import { foldName } from "../wire/fold.ts";
import type { Core, Somebody } from "./core.ts";
import type { Peer } from "./input.ts";
import type { ListSummary, SanctionRecord } from "./record_kinds.ts";
import type { Listed } from "./records.ts";

/** Which list it is, and how it is counted. */
export interface SanctionPlace {
  readonly kind: "ban" | "mute" | "server-ban";
  /** Begins the keys of its records. */
  readonly prefix: string;
  /** What it has altogether, if it ever had anything. */
  readonly summary: ListSummary | undefined;
  /**
   * A target is on the list, or off it, for good or until a time; none is named where it is just an
   * address that is remembered.
   *
   * @throws {ProtocolError} `limit-reached` when the list is full, or `not-stored`.
   */
  count(target: string | undefined, by: 1 | -1, until?: number): void;
}

/** What is held against somebody; when, the list notes. */
export type Sanction = Omit<SanctionRecord, "at">;

export class SanctionList {
  readonly #core: Core;
  readonly #place: SanctionPlace;

  constructor(core: Core, place: SanctionPlace) {
    this.#core = core;
    this.#place = place;
  }

  /** What is held against a target, if it is on the list. */
  find(target: string): SanctionRecord | undefined {
    const { kind, prefix } = this.#place;
    const record = this.#core.records.get(kind, prefix + target);
    return record !== undefined && this.#holds(record.until)
      ? record
      : undefined;
  }

  /**
   * Puts a target on the list, in the place of what was held against it before. Of the addresses
   * where it is now it is remembered for a time that somebody like that comes from there.
   *
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  put(target: string, { addresses = [], ...sanction }: Sanction): void {
    const { records, now: { wall: at } } = this.#core;
    const { kind, prefix } = this.#place;
    const { name, until } = sanction;
    const before = this.#take(target);
    this.#place.count(target, 1, until);
    const options = given({ until });
    const near = [...new Set([...addresses, ...before?.addresses ?? []])]
      .slice(0, SANCTION_ADDRESSES);
    records.put(kind, prefix + target, {
      ...sanction,
      at,
      ...(near.length === 0 ? {} : { addresses: near }),
    }, options);
    if (name !== undefined) {
      records.put(`${kind}-name`, this.#nameKey(name, target), {}, options);
    }
    for (const address of addresses.slice(0, SANCTION_ADDRESSES)) {
      const until = at + SANCTION_ADDRESS_MS;
      this.#place.count(undefined, 1, until);
      const record = { of: target, at, until };
      records.put(`${kind}-near`, prefix + address, record, { until });
    }
  }

  /** Takes a target off the list, with its addresses; `false` when it was not there. */
  remove(target: string): boolean {
    const { records } = this.#core;
    const { kind, prefix } = this.#place;
    const record = this.#take(target);
    if (record === undefined) return false;
    for (const address of record.addresses ?? []) {
      // Another who was there later is remembered there.
      const near = records.get(`${kind}-near`, prefix + address);
      if (near?.of !== target) continue;
      records.removeLater(`${kind}-near`, prefix + address);
    }
    return this.#holds(record.until);
  }

  /** Takes a target off the list, but for its addresses. */
  #take(target: string): SanctionRecord | undefined {
    const { records } = this.#core;
    const { kind, prefix } = this.#place;
    const record = records.get(kind, prefix + target);
    if (record === undefined) return undefined;
    const { name, until } = record;
    if (until === undefined) this.#place.count(target, -1);
    records.removeLater(kind, prefix + target);
    if (name !== undefined) {
      records.removeLater(`${kind}-name`, this.#nameKey(name, target));
    }
    return record;
  }

  /** Takes off the list who has a key, else whoever had a name when they came there. */
  removeNamed(name: string, key: string | undefined): boolean {
    // A name may have had another holder, who stays on the list.
    if (key !== undefined && this.remove(key)) return true;
    const lifted = this.calledThen(name).filter((target) =>
      this.remove(target)
    );
    return lifted.length > 0;
  }

  /** Some of those who are on the list, if there are very many; the keys are the targets. */
  entries(most: number): Listed<"ban" | "mute" | "server-ban">[] {
    const { kind, prefix } = this.#place;
    return this.#core.records.list(kind, prefix, most)
      .filter(({ value }) => this.#holds(value.until))
      .map(({ key, value }) => ({ key: key.slice(prefix.length), value }));
  }

  /** How many are on the list for good. */
  get count(): number {
    return this.#place.summary?.count ?? 0;
  }

  /** Who had a name when they came to the list: some of them, if there are very many. */
  calledThen(name: string): string[] {
    const prefix = this.#nameKey(name, "");
    return this.#core.records
      .list(`${this.#place.kind}-name`, prefix, SANCTIONS_OF_A_NAME)
      .map(({ key }) => key.slice(prefix.length));
  }

  /** Whether somebody at an address is on the list, by key, as a guest from there, or as new there. */
  has(key: string | undefined, { address, isLocal }: Peer): boolean {
    const { count, until } = this.#place.summary ?? { count: 0 };
    if (count === 0 && !(until !== undefined && this.#holds(until))) {
      return false;
    }
    if (key !== undefined && this.find(key) !== undefined) return true;
    if (isLocal) return false;
    return key === undefined && this.find(address) !== undefined ||
      this.isNewNear(key, address);
  }

  /**
   * Whether somebody comes from where one on the list was not long ago, and is not known from
   * before: a guest, or a key that held no name then.
   */
  isNewNear(key: string | undefined, address: string): boolean {
    const { records, people } = this.#core;
    const { kind, prefix } = this.#place;
    const near = records.get(`${kind}-near`, prefix + address);
    if (near === undefined || !this.#holds(near.until)) return false;
    return key === undefined || !people.claims.heldOneAt(key, near.at);
  }

  #holds(until: number | undefined): boolean {
    return until === undefined || until > this.#core.now.wall;
  }

  #nameKey(name: string, target: string): string {
    return `${this.#place.prefix}${foldName(name)} ${target}`;
  }
}

/** A summary after one came for good or left (`by`), or came until a time. */
export function counted(
  summary: ListSummary = { count: 0 },
  by: 1 | -1,
  until: number | undefined,
): ListSummary {
  if (until === undefined) return { ...summary, count: summary.count + by };
  return { ...summary, until: Math.max(until, summary.until ?? 0) };
}

/**
 * Where somebody is now or, who is gone, was last, as limits count addresses; what is on the
 * server's machine is nowhere.
 */
export function addressesOf(
  { lastSeen, now }: Pick<Core, "lastSeen" | "now">,
  { person, key }: Pick<Somebody, "person" | "key">,
): string[] {
  if (person !== undefined && person.connections.size > 0) {
    const far = person.connections.values().filter(({ peer }) => !peer.isLocal);
    return [...new Set(far.map(({ peer }) => peer.address))];
  }
  const last = key === undefined ? undefined : lastSeen.of(key, now.wall);
  return last === undefined ? [] : [last];
}
