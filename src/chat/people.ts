/** People and their connections, and who holds which name. */
import { ProtocolError } from "../base/errors.ts";
import { FORMER_NAME_KEPT_MS, UNUSED_NAME_KEPT_MS } from "../base/limits.ts";
import type { Hello } from "../wire/client.ts";
import { DailyCounts, isLocal } from "./daily.ts";
import type { ConnectionId } from "./effects.ts";
import type { RecentIds } from "./ids.ts";
import { foldName, guestName, judgeName } from "../wire/names.ts";
import type { PersonRecord, Records } from "./records.ts";
import type { Room } from "./rooms.ts";

/** Who is at the other end of a connection, as far as the hub needs to know. */
export interface Peer {
  /** The person's fingerprint; a keyless peer is a new person at each connection. */
  readonly key?: string;
  /** What limits by address count by. */
  readonly address: string;
}

export class Connection {
  readonly id: ConnectionId;
  readonly peer: Peer;
  readonly person: Person;
  /** By key, in the order they were entered. */
  readonly rooms = new Map<string, Room>();
  current: Room | undefined;
  /** Keys of the private conversations that it hears. */
  readonly talks = new Set<string>();
  /** Keys of the rooms that a guest at it is banned from. */
  readonly bannedFrom = new Set<string>();
  /** Has said `hello` and had its `welcome`. */
  isReady = false;

  constructor(id: ConnectionId, peer: Peer, person: Person) {
    this.id = id;
    this.peer = peer;
    this.person = person;
  }
}

/** Somebody: a static key, or one keyless connection. */
export class Person {
  /** The fingerprint, or of a guest something that is no fingerprint. */
  readonly id: string;
  readonly key: string | undefined;
  readonly ids: RecentIds;
  /** Those that are open; only the ready ones are in rooms. */
  readonly connections = new Set<Connection>();
  /** Rooms where the person counts as present. */
  readonly rooms = new Set<Room>();
  /** `undefined` until a first `hello`. */
  name: string | undefined;
  /** Why, or just that, the person is not at the keys. */
  away: string | undefined;
  /** When the person came, and last did something: milliseconds UTC. */
  since = 0;
  activeAt = 0;
  /** Keys of the rooms where a guest is muted. */
  readonly mutedIn = new Set<string>();

  constructor(id: string, key: string | undefined, ids: RecentIds) {
    this.id = id;
    this.key = key;
    this.ids = ids;
  }
}

/** How long the record of a person's last visit may be out of date. */
const USED_PRECISION_MS = 24 * 3_600_000;

export class People {
  readonly #records: Records;
  readonly #byId = new Map<string, Person>();
  /** People with a name who are here, by its folded form. */
  readonly #byName = new Map<string, Person>();
  /** Names before this turn of people whose name changed in it. */
  readonly #before = new Map<Person, string | undefined>();
  readonly #claims: DailyCounts;
  #guests = 0;

  /** `claimsPerDay`: names that new people may claim a day from one address, 0 for no limit. */
  constructor(records: Records, claimsPerDay: number) {
    this.#records = records;
    this.#claims = new DailyCounts(claimsPerDay);
  }

  get(id: string): Person | undefined {
    return this.#byId.get(id);
  }

  /** Somebody who is here. */
  named(name: string): Person | undefined {
    return this.#byName.get(foldName(name));
  }

  /** Who holds a name, here or not. */
  holderOf(name: string): { key: string; name: string } | undefined {
    const claim = this.#records.get("name", foldName(name));
    if (claim === undefined || this.#held(claim.person) !== claim.name) {
      return undefined;
    }
    return { key: claim.person, name: claim.name };
  }

  /** Who had a name that is kept for its former holder; its key. */
  formerHolderOf(name: string, now: number): string | undefined {
    const claim = this.#records.get("name", foldName(name));
    return claim?.keptUntil !== undefined && claim.keptUntil > now
      ? claim.person
      : undefined;
  }

  /** What to tell others of a person whose name was somebody else's not long ago. */
  strangerNotice(person: Person, now: number): string | undefined {
    const claim = this.#records.get("name", foldName(person.name!));
    if (claim?.changedHandsAt === undefined || claim.person !== person.key) {
      return undefined;
    }
    if (claim.changedHandsAt + UNUSED_NAME_KEPT_MS <= now) return undefined;
    return `this ${person.name} is not the ${person.name} of before: the key is another`;
  }

  add(person: Person): void {
    this.#byId.set(person.id, person);
  }

  /** The person is not here any more. */
  remove(person: Person, now: number): void {
    if (person.name !== undefined) this.#used(person, now);
    this.#byId.delete(person.id);
    this.#free(person);
  }

  /**
   * Gives a person its name at `hello`: the one it has here, else the one it asks for, else the one it holds, else the one that is
   * suggested for it if that can be had, else a guest's.
   *
   * @throws {ProtocolError} `name-invalid` or `name-taken`.
   */
  welcome(
    person: Person,
    { name: asked, suggest }: Pick<Hello, "name" | "suggest">,
    now: number,
  ): void {
    if (person.name !== undefined) return this.#used(person, now);
    person.since = person.activeAt = now;
    const held = person.key === undefined ? undefined : this.#held(person.key);
    // Unused for long, it may be a guest's now.
    const isHeldFree = held !== undefined &&
      this.#isFree(foldName(held), person, now);
    if (
      asked !== undefined && asked !== "" && !(isHeldFree && asked === held)
    ) {
      this.rename(person, asked, now);
    } else if (isHeldFree) this.#take(person, held);
    else this.#suggest(person, suggest, now);
    this.#used(person, now);
  }

  /**
   * Changes a person's name; a key claims it.
   *
   * @throws {ProtocolError} `name-invalid` or `name-taken`.
   */
  rename(person: Person, name: string, now: number): void {
    judgeName(name);
    if (!this.#isFree(foldName(name), person, now)) {
      throw new ProtocolError(
        "name-taken",
        `the name ${name} is taken: choose another`,
      );
    }
    if (person.key !== undefined) {
      this.#countClaim(person, now);
      this.#claim(person.key, name, now);
    }
    this.#take(person, name);
  }

  #suggest(person: Person, name: string | undefined, now: number): void {
    try {
      if (name !== undefined && name !== "") {
        return this.rename(person, name, now);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
    this.#take(person, this.#freeGuestName());
  }

  /** The turn is committed. */
  settle(): void {
    this.#before.clear();
  }

  /** The turn was not committed: people have the names again that they had before it. */
  revert(): void {
    for (const [person, name] of this.#before) {
      // Who had none leaves with the name that others have seen.
      if (name === undefined) continue;
      this.#free(person);
      if (this.#byId.get(person.id) === person) this.#give(person, name);
    }
    this.#before.clear();
  }

  /** The person's `hello` does not count. */
  unname(person: Person): void {
    this.#free(person);
    person.name = undefined;
  }

  #held(key: string): string | undefined {
    return this.#records.get("person", key)?.name;
  }

  #isFree(folded: string, person: Person, now: number): boolean {
    const here = this.#byName.get(folded);
    if (here !== undefined) return here === person;
    const claim = this.#records.get("name", folded);
    if (claim === undefined || claim.person === person.key) return true;
    if (claim.keptUntil !== undefined && claim.keptUntil <= now) return true;
    const usedAt = this.#records.get("person", claim.person)?.usedAt ?? 0;
    return !this.#byId.has(claim.person) && usedAt + UNUSED_NAME_KEPT_MS <= now;
  }

  /** People are made without effort: an address cannot take all names with new ones. */
  #countClaim(person: Person, now: number): void {
    const [connection] = person.connections;
    const address = connection?.peer.address;
    if (address === undefined || isLocal(address)) return;
    if (this.#held(person.key!) !== undefined) return;
    if (this.#claims.take(address, now)) return;
    throw new ProtocolError(
      "limit-reached",
      "too many names were taken from your address today: come without a name, or tomorrow",
    );
  }

  #claim(key: string, name: string, now: number): void {
    const folded = foldName(name);
    const record = this.#records.get("person", key);
    const former = this.#leave(key, record, folded, now);
    const before = this.#records.get("name", folded);
    if (before !== undefined && before.person !== key) {
      this.#lose(before.person, folded);
    }
    const changedHandsAt = before === undefined || before.person === key
      ? before?.changedHandsAt
      : now;
    this.#records.put("name", folded, {
      person: key,
      name,
      ...(changedHandsAt === undefined ? {} : { changedHandsAt }),
    });
    this.#records.put("person", key, {
      name,
      usedAt: now,
      ...(former === undefined ? {} : { former }),
    });
  }

  /** The name that a person had is kept for a while; one that it had before that is free. Returns the former name, folded. */
  #leave(
    key: string,
    record: PersonRecord | undefined,
    next: string,
    now: number,
  ): string | undefined {
    const held = record?.name;
    if (held === undefined || foldName(held) === next) return record?.former;
    const { former } = record!;
    if (
      former !== undefined && former !== next &&
      this.#records.get("name", former)?.person === key
    ) {
      this.#records.remove("name", former);
    }
    this.#records.put("name", foldName(held), {
      person: key,
      name: held,
      keptUntil: now + FORMER_NAME_KEPT_MS,
    });
    return foldName(held);
  }

  /** Nobody used the name for so long that it is free: who had it comes back without one. */
  #lose(key: string, folded: string): void {
    const record = this.#records.get("person", key);
    if (record?.name === undefined || foldName(record.name) !== folded) return;
    this.#records.put("person", key, { usedAt: record.usedAt });
  }

  #used({ key }: Person, now: number): void {
    if (key === undefined) return;
    const record = this.#records.get("person", key);
    if (record?.name === undefined || record.usedAt + USED_PRECISION_MS > now) {
      return;
    }
    this.#records.put("person", key, { ...record, usedAt: now });
  }

  #take(person: Person, name: string): void {
    if (!this.#before.has(person)) this.#before.set(person, person.name);
    this.#free(person);
    this.#give(person, name);
  }

  #give(person: Person, name: string): void {
    person.name = name;
    this.#byName.set(foldName(name), person);
  }

  #free(person: Person): void {
    if (person.name === undefined) return;
    const folded = foldName(person.name);
    if (this.#byName.get(folded) === person) this.#byName.delete(folded);
  }

  #freeGuestName(): string {
    let name: string;
    do name = guestName(++this.#guests); while (this.#byName.has(name));
    return name;
  }
}
