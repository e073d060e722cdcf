/** Who is here, and under which name. */
import { ProtocolError } from "../base/errors.ts";
import type { Hello } from "../wire/client.ts";
import { foldName } from "../wire/fold.ts";
import { guestName, isGuestName, judgeName, nameLooks } from "../wire/names.ts";
import { Claims } from "./claims.ts";
import { DailyCounts } from "./daily.ts";
import type { Records } from "./records.ts";
import type { Person } from "./state.ts";
import type { UndoLog } from "./undo.ts";

export class People {
  readonly claims: Claims;
  readonly #byId = new Map<string, Person>();
  /** People with a name who are here, by its folded form, and by what it looks like. */
  readonly #byName = new Map<string, Person>();
  readonly #byLook = new Map<string, readonly Person[]>();
  readonly #undo: UndoLog;
  readonly #claimed: DailyCounts;
  #guests = 0;

  /** `claimsPerDay`: names that people may claim a day from one address, 0 for no limit. */
  constructor(records: Records, undo: UndoLog, claimsPerDay: number) {
    this.claims = new Claims(records, (key) => this.#byId.has(key));
    this.#undo = undo;
    this.#claimed = new DailyCounts(claimsPerDay, undo);
  }

  get(id: string): Person | undefined {
    return this.#byId.get(id);
  }

  /** Somebody who is here. */
  named(name: string): Person | undefined {
    return this.#byName.get(foldName(name));
  }

  /** What to tell others of a person whose name was somebody else's not long ago. */
  strangerNotice({ name, key }: Person, now: number): string | undefined {
    return this.claims.strangerNotice(name!, key, now);
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
    const held = this.#heldFree(person, now);
    if (asked !== undefined && asked !== "" && asked !== held) {
      this.rename(person, asked, now);
    } else if (held !== undefined) this.#take(person, held);
    else this.#suggest(person, suggest, now);
    this.#used(person, now);
  }

  /**
   * Changes a person's name; a key claims it.
   *
   * @throws {ProtocolError} `name-invalid`, `name-taken`, `limit-reached` or `not-stored`.
   */
  rename(person: Person, name: string, now: number): void {
    const { key } = person;
    const folded = foldName(name);
    if (!this.#isFree(folded, person, now)) {
      throw new ProtocolError(
        "name-taken",
        `the name ${name} is taken: choose another`,
      );
    }
    judgeName(name);
    this.#demandUnlike(person, name, now);
    if (key !== undefined) {
      if (!this.claims.isOwn(folded, key, now)) this.#countClaim(person, now);
      this.claims.claim(key, name, now);
    }
    this.#take(person, name);
  }

  /**
   * The name that a person holds, unless it was unused for long and is another's now, or looks like
   * that of a guest who came meanwhile.
   */
  #heldFree(person: Person, now: number): string | undefined {
    const { key } = person;
    const held = key === undefined ? undefined : this.claims.heldBy(key);
    if (held === undefined) return undefined;
    if (!this.#isFree(foldName(held), person, now)) return undefined;
    const looks = nameLooks(held);
    const isOthers = this.claims.isUnused(key!, now)
      ? this.#alike(person, looks, now) !== undefined
      : looks.some((look) =>
        this.#byLook.get(look)?.some((one) => one.key === undefined)
      );
    return isOthers ? undefined : held;
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

  #isFree(folded: string, person: Person, now: number): boolean {
    const here = this.#byName.get(folded);
    if (here !== undefined) return here === person;
    return this.claims.isFree(folded, person.key, now);
  }

  /**
   * What a name looks like must not be what another's looks like, unless it is so now: names that
   * are held already stay.
   *
   * @throws {ProtocolError} `name-taken`.
   */
  #demandUnlike(person: Person, name: string, now: number): void {
    const own = person.name ?? this.#heldFree(person, now);
    const known = own === undefined ? [] : nameLooks(own);
    const looks = nameLooks(name).filter((look) => !known.includes(look));
    const other = this.#alike(person, looks, now);
    if (other === undefined) return;
    throw new ProtocolError(
      "name-taken",
      `the name ${name} looks like ${other}, which is taken: choose another`,
    );
  }

  /** A name of somebody else, here or not, that has one of these looks. */
  #alike(
    person: Person,
    looks: readonly string[],
    now: number,
  ): string | undefined {
    for (const look of looks) {
      const here = this.#byLook.get(look)?.find((one) => one !== person);
      if (here !== undefined) return here.name;
    }
    return this.claims.looks.alike(looks).values()
      .find((folded) => !this.#isFree(folded, person, now));
  }

  /** People are made without effort: an address cannot take all names with new ones. */
  #countClaim(person: Person, now: number): void {
    const [connection] = person.connections;
    if (connection === undefined || connection.peer.isLocal) return;
    if (this.#claimed.take(connection.peer.address, now)) return;
    throw new ProtocolError(
      "limit-reached",
      "too many names were taken from your address today: come without a name, or tomorrow",
    );
  }

  #used({ key }: Person, now: number): void {
    if (key !== undefined) this.claims.used(key, now);
  }

  #take(person: Person, name: string): void {
    this.#free(person);
    this.#undo.assign(person, "name", name);
    this.#undo.set(this.#byName, foldName(name), person);
    for (const look of looksHere(name)) {
      const people = this.#byLook.get(look) ?? [];
      this.#undo.set(this.#byLook, look, [...people, person]);
    }
  }

  #free(person: Person): void {
    const { name } = person;
    if (name === undefined) return;
    const folded = foldName(name);
    if (this.#byName.get(folded) === person) {
      this.#undo.delete(this.#byName, folded);
    }
    for (const look of looksHere(name)) {
      const people = this.#byLook.get(look)?.filter((one) => one !== person);
      if (people === undefined || people.length === 0) {
        this.#undo.delete(this.#byLook, look);
      } else this.#undo.set(this.#byLook, look, people);
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

/** What nobody else's name may look like; that of a guest without a name looks like no name. */
function looksHere(name: string): readonly string[] {
  return isGuestName(name) ? [] : nameLooks(name);
}
