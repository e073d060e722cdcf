/** Who is here, and who holds which name. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { FORMER_NAME_KEPT_MS, UNUSED_NAME_KEPT_MS } from "../base/limits.ts";
import type { Hello } from "../wire/client.ts";
import { DailyCounts } from "./daily.ts";
import { foldName, guestName, judgeName } from "../wire/names.ts";
import type { PersonRecord, Records } from "./records.ts";
import type { Person } from "./state.ts";
import type { UndoLog } from "./undo.ts";

/** How long the record of a person's last visit may be out of date. */
const USED_PRECISION_MS = 24 * 3_600_000;

export class People {
  readonly #records: Records;
  readonly #byId = new Map<string, Person>();
  /** People with a name who are here, by its folded form. */
  readonly #byName = new Map<string, Person>();
  readonly #undo: UndoLog;
  readonly #claims: DailyCounts;
  #guests = 0;

  /** `claimsPerDay`: names that new people may claim a day from one address, 0 for no limit. */
  constructor(records: Records, undo: UndoLog, claimsPerDay: number) {
    this.#records = records;
    this.#undo = undo;
    this.#claims = new DailyCounts(claimsPerDay, undo);
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

  /** Whether a key holds a name. */
  holdsName(key: string): boolean {
    return this.#held(key) !== undefined;
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
    this.#undo.set(this.#byId, person.id, person);
  }

  /** The person is not here any more. */
  remove(person: Person, now: number): void {
    if (person.name !== undefined) this.#used(person, now);
    this.#undo.delete(this.#byId, person.id);
    this.#free(person);
  }

  /**
   * Gives a person its name at `hello`: the one it has here, else the one it asks for, else the one
   * it holds, else the one that is suggested for it if that can be had, else a guest's.
   *
   * @throws {ProtocolError} `name-invalid`, `name-taken`, `limit-reached` or `not-stored`.
   */
  welcome(
    person: Person,
    { name: asked, suggest }: Pick<Hello, "name" | "suggest">,
    now: number,
  ): void {
    if (person.name !== undefined) return this.#used(person, now);
    this.#undo.assign(person, "since", now);
    this.#undo.assign(person, "activeAt", now);
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
   * @throws {ProtocolError} `name-invalid`, `name-taken`, `limit-reached` or `not-stored`.
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
      if (!(error instanceof ProtocolError) || error.code === "not-stored") {
        throw error;
      }
    }
    this.#take(person, this.#freeGuestName());
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
    const usedAt = this.#records.get("person", claim.person)?.usedAt ?? now;
    return !this.#byId.has(claim.person) && usedAt + UNUSED_NAME_KEPT_MS <= now;
  }

  /** People are made without effort: an address cannot take all names with new ones. */
  #countClaim(person: Person, now: number): void {
    const [connection] = person.connections;
    if (connection === undefined || connection.peer.isLocal) return;
    if (this.#held(person.key!) !== undefined) return;
    if (this.#claims.take(connection.peer.address, now)) return;
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
      ...given({ changedHandsAt }),
    });
    this.#records.put("person", key, {
      name,
      usedAt: now,
      ...given({ former }),
    });
  }

  /** Keeps the name that a person had for a while; the one before is free. Returns the former. */
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
      this.#records.removeLater("name", former);
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
    this.#records.putLater("person", key, { ...record, usedAt: now });
  }

  #take(person: Person, name: string): void {
    this.#free(person);
    this.#undo.assign(person, "name", name);
    this.#undo.set(this.#byName, foldName(name), person);
  }

  #free(person: Person): void {
    if (person.name === undefined) return;
    const folded = foldName(person.name);
    if (this.#byName.get(folded) === person) {
      this.#undo.delete(this.#byName, folded);
    }
  }

  #freeGuestName(): string {
    const before = this.#guests;
    this.#undo.push(() => this.#guests = before);
    let name: string;
    do name = guestName(++this.#guests); while (this.#byName.has(name));
    return name;
  }
}
