/** Entries as rows of the table: how they are written and read. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NUMBERS_KNOWN } from "../../base/limits.ts";
import { Recent } from "../../base/recent.ts";
import { isText } from "../kinds.ts";
import type { Entry, Followed } from "../store.ts";

type Row =
  & Pick<Entry, "room" | "seq" | "at" | "from" | "body">
  & Record<"person" | "to" | "kind" | "id", string | null>;

const SELECT = `SELECT pos, rooms.key AS room, seq, at, people.key AS person,
    name AS "from", recipient AS "to", kinds.key AS kind, body, client_id AS id
  FROM entries JOIN rooms ON rooms.id = entries.room
    LEFT JOIN people ON people.id = entries.author
    LEFT JOIN kinds ON kinds.id = entries.kind`;

/** The table of entries, with the tables of what they have in common. */
export class EntryTable {
  readonly rooms: Interned;
  readonly #people: Interned;
  readonly #kinds: Interned;
  readonly #insert: StatementSync;
  readonly #ofRoom: StatementSync;
  readonly #ofPerson: StatementSync;
  readonly #at: StatementSync;
  readonly #after: StatementSync;

  constructor(db: DatabaseSync) {
    this.rooms = new Interned(db, "rooms");
    this.#people = new Interned(db, "people");
    this.#kinds = new Interned(db, "kinds");
    this.#insert = db.prepare(
      `INSERT INTO entries (room, seq, at, author, name, recipient, kind, body, client_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#ofRoom = db.prepare(
      `${SELECT} WHERE entries.room = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    );
    this.#ofPerson = db.prepare(
      `${SELECT} WHERE author = ? AND client_id IS NOT NULL ORDER BY pos DESC LIMIT ?`,
    );
    this.#at = db.prepare(`${SELECT} WHERE pos = ?`);
    this.#after = db.prepare(`${SELECT} WHERE pos > ? ORDER BY pos LIMIT ?`);
  }

  /** Writes entries of one room: within a transaction; `forget` if it fails. */
  insert(room: string, entries: readonly Entry[]): void {
    const roomId = this.rooms.idOf(room);
    for (const entry of entries) {
      const { person, kind, body, id } = entry;
      this.#insert.run(
        roomId,
        entry.seq,
        entry.at,
        person === undefined ? null : this.#people.idOf(person),
        entry.from,
        entry.to ?? null,
        kind === "text" ? null : this.#kinds.idOf(stored(kind)),
        // Texts as they are, so that they can be searched; they hold no control characters.
        isText(kind) ? body : stored(body),
        id === undefined ? null : stored(id),
      );
    }
  }

  /** The transaction never was. */
  forget(): void {
    for (const table of [this.rooms, this.#people, this.#kinds]) table.forget();
  }

  ofRoom(room: string, fromSeq: number, limit: number): Entry[] {
    const id = this.rooms.find(room);
    if (id === undefined) return [];
    return this.#ofRoom.all(id, fromSeq, limit).map(entryOf);
  }

  /** The last of a person with a client's id, newest first. */
  ofPerson(person: string, limit: number): Entry[] {
    const id = this.#people.find(person);
    if (id === undefined) return [];
    return this.#ofPerson.all(id, limit).map(entryOf);
  }

  /** What people read at these positions, as far as it is still there. */
  texts(positions: readonly number[]): Entry[] {
    return positions.map((pos) => this.#at.get(pos))
      .filter((row) => row !== undefined).map(entryOf)
      .filter(({ kind }) => isText(kind));
  }

  /** Those behind a position, in order, and the position of the last. */
  after(pos: number, limit: number): Followed {
    const rows = this.#after.all(pos, limit);
    return {
      entries: rows.map(entryOf),
      pos: rows.at(-1)?.pos as number ?? pos,
    };
  }
}

/**
 * Numbers of strings that are stored once. A number stays what it is, whoever wrote it; those that
 * were asked for last are remembered.
 */
class Interned {
  readonly #known = new Recent<string, number>(NUMBERS_KNOWN);
  readonly #find: StatementSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync, table: "rooms" | "people" | "kinds") {
    this.#find = db.prepare(`SELECT id FROM ${table} WHERE key = ?`);
    this.#insert = db.prepare(`INSERT INTO ${table} (key) VALUES (?)`);
  }

  find(key: string): number | undefined {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#find.get(key)?.id as number | undefined;
    if (id !== undefined) this.#known.set(key, id);
    return id;
  }

  /** The number of a string, which is given now if it has none: within a transaction. */
  idOf(key: string): number {
    let id = this.find(key);
    if (id === undefined) {
      id = Number(this.#insert.run(key).lastInsertRowid);
      this.#known.set(key, id);
    }
    return id;
  }

  /** A transaction never was: with it go the numbers that it gave. */
  forget(): void {
    this.#known.clear();
  }
}

function entryOf(columns: Record<string, unknown>): Entry {
  const row = columns as unknown as Row;
  const kind = row.kind === null ? "text" : given(row.kind);
  return {
    room: row.room,
    seq: row.seq,
    at: row.at,
    from: row.from,
    kind,
    body: isText(kind) ? row.body : given(row.body),
    ...(row.person === null ? {} : { person: row.person }),
    ...(row.to === null ? {} : { to: row.to }),
    ...(row.id === null ? {} : { id: given(row.id) }),
  };
}

/**
 * What cannot stand in a text of SQLite, which ends at its first NUL when it is read and has no
 * place for half a surrogate pair; and the mark that stands before their numbers.
 */
// deno-lint-ignore no-control-regex
const SPECIAL = /[\0\x01\ud800-\udfff]/gu;
// deno-lint-ignore no-control-regex
const ESCAPED = /\x01([01]|d[89a-f]..)/g;

/** A string that may hold anything, as one that SQLite gives back whole. */
function stored(text: string): string {
  const escape = (char: string) => `\x01${char.charCodeAt(0).toString(16)}`;
  return text.replace(SPECIAL, escape);
}

function given(text: string): string {
  const unescape = (_: string, hex: string) =>
    String.fromCharCode(parseInt(hex, 16));
  return text.replace(ESCAPED, unescape);
}
