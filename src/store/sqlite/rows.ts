/** Entries as rows of the table: how they are written and read. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Interned } from "./interned.ts";
import type { Entry } from "../store.ts";

interface Row {
  readonly pos: number;
  readonly seq: number;
  readonly at: number;
  readonly person: string | null;
  readonly name: string;
  readonly recipient: string | null;
  readonly kind: string | null;
  readonly body: string;
  readonly client_id: string | null;
  readonly room: string;
}

const SELECT =
  `SELECT entries.pos, entries.seq, entries.at, people.key AS person, entries.name,
    entries.recipient, kinds.key AS kind, entries.body, entries.client_id, rooms.key AS room
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

  /** Writes entries of one room: within a transaction, of which `settle` or `forget` is the end. */
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
        isText(kind) ? body : stored(body),
        id === undefined ? null : stored(id),
      );
    }
  }

  settle(): void {
    for (const table of [this.rooms, this.#people, this.#kinds]) table.settle();
  }

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

  at(pos: number): Entry {
    return entryOf(this.#at.get(pos)!);
  }

  /** Those behind a position, in order, and the position of the last. */
  after(pos: number, limit: number): { entries: Entry[]; pos: number } {
    const rows = this.#after.all(pos, limit);
    return {
      entries: rows.map(entryOf),
      pos: rows.at(-1)?.pos as number ?? pos,
    };
  }
}

function entryOf(columns: Record<string, unknown>): Entry {
  const row = columns as unknown as Row;
  const kind = row.kind === null ? "text" : given(row.kind);
  return {
    room: row.room,
    seq: row.seq,
    at: row.at,
    from: row.name,
    kind,
    body: isText(kind) ? row.body : given(row.body),
    ...(row.person === null ? {} : { person: row.person }),
    ...(row.recipient === null ? {} : { to: row.recipient }),
    ...(row.client_id === null ? {} : { id: given(row.client_id) }),
  };
}

/** Texts are stored as they are, so that they can be searched; they hold no control characters. */
function isText(kind: string): boolean {
  return kind === "text" || kind === "action";
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
  return text.replace(
    SPECIAL,
    (char) => `\x01${char.charCodeAt(0).toString(16)}`,
  );
}

function given(text: string): string {
  return text.replace(
    ESCAPED,
    (_, code) => String.fromCharCode(parseInt(code, 16)),
  );
}
