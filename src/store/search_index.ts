/** The search index in SQLite (FTS5, trigrams): it follows the journal, and catches up after a crash. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  INDEX_BATCH,
  INDEX_BEFORE_SEARCH,
  SEARCH_SCAN_MESSAGES,
} from "../limits.ts";

/** A word that is shorter has no trigram. */
const TRIGRAM_CHARS = 3;

/** An entry by its place, with its text. */
interface Candidate {
  readonly pos: number;
  readonly txt: string;
}

export class SearchIndex {
  readonly #db: DatabaseSync;
  readonly #statements: Record<
    "take" | "note" | "match" | "scan",
    StatementSync
  >;
  #pos: number;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = {
      take: db.prepare(
        `INSERT INTO search (rowid, room, txt) SELECT pos, printf('r%010d', room), txt FROM entries WHERE pos > ? AND pos <= ?`,
      ),
      note: db.prepare("UPDATE followers SET pos = ? WHERE name = 'search'"),
      match: db.prepare(
        `SELECT entries.pos, entries.txt FROM search JOIN entries ON entries.pos = search.rowid
         WHERE search MATCH ? ORDER BY search.rowid DESC`,
      ),
      scan: db.prepare(
        "SELECT pos, txt FROM entries WHERE room = ? ORDER BY seq DESC LIMIT ?",
      ),
    };
    this.#pos = db.prepare("SELECT pos FROM followers WHERE name = 'search'")
      .get()?.pos as number;
  }

  /** Takes in the entries that come next; whether there are more. */
  follow(batch: number = INDEX_BATCH): boolean {
    const last =
      this.#db.prepare("SELECT max(pos) AS pos FROM entries").get()?.pos as
        | number
        | null ?? 0;
    if (this.#pos >= last) return false;
    const to = Math.min(last, this.#pos + batch);
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      this.#statements.take.run(this.#pos, to);
      this.#statements.note.run(to);
      this.#db.exec("COMMIT");
    } catch (error) {
      try {
        this.#db.exec("ROLLBACK");
      } catch {
        // SQLite rolls back by itself on some errors (a full disk).
      }
      throw error;
    }
    this.#pos = to;
    return to < last;
  }

  /** Places of the last entries of a room that hold every word, at most `limit`. */
  find(room: number, words: readonly string[], limit: number): number[] {
    this.follow(INDEX_BEFORE_SEARCH);
    const folded = words.map((word) => word.toLowerCase());
    const indexed = words.filter((word) => [...word].length >= TRIGRAM_CHARS);
    const candidates =
      (indexed.length > 0
        ? this.#statements.match.iterate(matchOf(room, indexed))
        : this.#statements.scan.iterate(
          room,
          SEARCH_SCAN_MESSAGES,
        )) as Iterable<unknown> as Iterable<Candidate>;
    const found: number[] = [];
    for (const { pos, txt } of candidates) {
      const text = txt.toLowerCase();
      // What the index found by trigrams holds the long words already; the short ones are looked for here.
      if (
        !folded.every((word) =>
          text.includes(word) ||
          indexed.length > 0 && [...word].length >= TRIGRAM_CHARS
        )
      ) continue;
      found.push(pos);
      if (found.length === limit) break;
    }
    return found;
  }
}

/** An FTS5 query that no word can break out of: each is a string, its quotes doubled (SQLite FTS5, section 3.1). */
function matchOf(room: number, words: readonly string[]): string {
  const quoted = words.map((word) => `txt : "${word.replaceAll('"', '""')}"`);
  return [`room : "r${String(room).padStart(10, "0")}"`, ...quoted].join(
    " AND ",
  );
}
