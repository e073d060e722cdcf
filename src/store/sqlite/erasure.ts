/**
 * Takes the text of entries out of the tables and out of the files. The database overwrites what it
 * frees (`secure_delete`); what remains is the log of changes (WAL), and trigrams in the pieces of
 * the search index, which are written anew without them.
 */
import type { DatabaseSync } from "node:sqlite";
import { DATABASE_BUSY_MS, LAST_OWN_ENTRIES } from "../../base/limits.ts";
import type { DeletionKind, Place } from "../store.ts";
import { type Merge, mergeOf } from "./merge.ts";
import { IS_TEXT } from "./schema.ts";

/** Bytes that are overwritten at a time. */
const ZEROS_MAX_BYTES = 16 * 1_024 * 1_024;
/** Numbers of kinds, in SQL. */
export const KIND = (key: DeletionKind) =>
  `(SELECT id FROM kinds WHERE key = '${key}')`;
const BLANK = `kind = ${KIND("gone")}, name = '', recipient = NULL, body = ''`;

export class Erasure {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #merge: Merge;
  /** Something was erased or trimmed, and the log of changes may have it. */
  #isLogUnclean = true;
  /** How many were erased when the index began to be written anew. */
  #merging: number | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepare(db);
    this.#merge = mergeOf(db);
  }

  /** Erases an entry, if it is there and may be: within a transaction. */
  erase({ room, seq }: Place): void {
    const row = this.#statements.eraseOne.get(room, seq);
    if (row !== undefined) this.#unindex([row.pos as number]);
  }

  /** The seq of the last text of a person in a room before a seq, among the last of these. */
  lastOf(
    room: string,
    person: string,
    before = Number.MAX_SAFE_INTEGER,
  ): number | undefined {
    const row = this.#statements.lastOf.get(room, before, person);
    return row?.seq as number | undefined;
  }

  /**
   * Erases everything that a person wrote, and who wrote it: within a transaction in which nothing
   * looks for references to the person.
   *
   * @returns how many entries there were.
   */
  eraseAllOf(person: string): number {
    const { ofPerson, ofPersonWithoutId, eraseWhole, removePerson } =
      this.#statements;
    const places = [...ofPerson.all(person), ...ofPersonWithoutId.all(person)]
      .map(({ pos }) => pos as number);
    for (const pos of places) eraseWhole.run(pos);
    this.#unindex(places);
    removePerson.run(person);
    return places.length;
  }

  /** Writes the index anew at once, and overwrites everything in the file that is free. */
  compact(): void {
    const { followed, noteCleansed } = this.#statements;
    this.#db.exec("INSERT INTO search (search) VALUES ('optimize')");
    noteCleansed.run(followed.get("erased")!.pos as number);
    this.#merging = undefined;
    this.#overwriteFree();
    this.soil();
    this.cleanse();
  }

  /** What is free may be from before it was overwritten: something of zeros takes it, and goes. */
  #overwriteFree(): void {
    const numberOf = (name: string) =>
      this.#db.prepare(`PRAGMA ${name}`).get()![name] as number;
    const pageBytes = numberOf("page_size");
    this.#db.exec("CREATE TABLE zeros (bytes BLOB)");
    const fill = this.#db.prepare("INSERT INTO zeros VALUES (zeroblob(?))");
    try {
      for (let free = 1; free > 0; free = numberOf("freelist_count")) {
        fill.run(Math.min(free * pageBytes, ZEROS_MAX_BYTES));
      }
    } finally {
      this.#db.exec("DROP TABLE zeros");
    }
  }

  /** The log of changes has something that is to go. */
  soil(): void {
    this.#isLogUnclean = true;
  }

  /** Empties the log of changes; `false` when another program at the file keeps it from that. */
  cleanse(): boolean {
    if (!this.#isLogUnclean) return true;
    // Everybody waits meanwhile: for another program it is not waited.
    this.#db.exec("PRAGMA busy_timeout = 0");
    try {
      const { busy } = this.#statements.checkpoint.get()!;
      this.#isLogUnclean = busy !== 0;
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${DATABASE_BUSY_MS}`);
    }
    return !this.#isLogUnclean;
  }

  /**
   * Writes some pages of the index anew, without what was erased: within a transaction. Whether
   * there is more to do.
   */
  cleanseIndex(pages: number): boolean {
    const { followed, noteCleansed } = this.#statements;
    const posOf = (name: string) => followed.get(name)!.pos as number;
    if (this.#merging === undefined) {
      if (posOf("erased") === posOf("cleansed")) return false;
      this.#merging = posOf("erased");
      this.#merge(-pages);
      this.soil();
      return true;
    }
    const wasMerged = this.#merge(pages);
    this.soil();
    if (wasMerged) return true;
    noteCleansed.run(this.#merging);
    this.#merging = undefined;
    return posOf("erased") > posOf("cleansed");
  }

  /** The index finds these no more, and is to be written anew. */
  #unindex(places: readonly number[]): void {
    for (const pos of places) this.#statements.unindex.run(pos);
    this.#statements.countErased.run(places.length);
    this.soil();
  }
}

function prepare(db: DatabaseSync) {
  const ofPerson = (hasId: string) =>
    `SELECT pos FROM entries WHERE author = (SELECT id FROM people WHERE key = ?)
       AND client_id IS ${hasId}`;
  return {
    eraseOne: db.prepare(
      `UPDATE entries SET ${BLANK}
       WHERE room = (SELECT id FROM rooms WHERE key = ?) AND seq = ?
         AND kind IS NOT ${KIND("gone")} AND kind IS NOT ${KIND("deleted")}
       RETURNING pos`,
    ),
    eraseWhole: db.prepare(
      `UPDATE entries SET ${BLANK}, author = NULL, client_id = NULL WHERE pos = ?`,
    ),
    lastOf: db.prepare(
      `SELECT max(seq) AS seq FROM (
         SELECT seq, author, kind FROM entries
         WHERE room = (SELECT id FROM rooms WHERE key = ?) AND seq < ?
         ORDER BY seq DESC LIMIT ${LAST_OWN_ENTRIES}
       ) WHERE ${IS_TEXT} AND author = (SELECT id FROM people WHERE key = ?)`,
    ),
    ofPerson: db.prepare(ofPerson("NOT NULL")),
    ofPersonWithoutId: db.prepare(ofPerson("NULL")),
    removePerson: db.prepare("DELETE FROM people WHERE key = ?"),
    unindex: db.prepare("DELETE FROM search WHERE rowid = ?"),
    countErased: db.prepare(
      "UPDATE followers SET pos = pos + ? WHERE name = 'erased'",
    ),
    followed: db.prepare("SELECT pos FROM followers WHERE name = ?"),
    noteCleansed: db.prepare(
      "UPDATE followers SET pos = ? WHERE name = 'cleansed'",
    ),
    checkpoint: db.prepare("PRAGMA wal_checkpoint(TRUNCATE)"),
  };
}
