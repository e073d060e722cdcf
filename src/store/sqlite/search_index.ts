/** The search index (FTS5, trigrams): it follows the journal, and catches up after a crash. */
import type { DatabaseSync } from "node:sqlite";
import {
  INDEX_BATCH,
  INDEX_BATCH_CHARS,
  INDEX_BEFORE_SEARCH,
  INDEX_BEFORE_SEARCH_CHARS,
  SEARCH_SCAN_CHARS,
  SEARCH_SCAN_MESSAGES,
  SEARCH_TRIGRAMS,
} from "../../base/limits.ts";
import { IS_TEXT, transactions } from "./schema.ts";

/** A word that is shorter has no trigram. */
const TRIGRAM_CHARS = 3;

/** An entry by its place, with its text if people read it. */
interface Candidate {
  readonly pos: number;
  readonly text: string | null;
}

export class SearchIndex {
  readonly #transaction: ReturnType<typeof transactions>;
  readonly #statements: ReturnType<typeof prepare>;
  #pos: number;

  constructor(db: DatabaseSync) {
    this.#transaction = transactions(db);
    this.#statements = prepare(db);
    this.#pos = this.#noted();
  }

  /**
   * Takes in the entries that come next, up to so many code points of their texts, but at least
   * one; whether there may be more.
   */
  follow(maxEntries = INDEX_BATCH, maxChars = INDEX_BATCH_CHARS): boolean {
    const { next, note, take } = this.#statements;
    let to = this.#pos;
    let chars = 0;
    let hasMore = false;
    for (const entry of next.iterate(to, maxEntries + 1)) {
      chars += entry.chars as number;
      hasMore = to > this.#pos &&
        (chars > maxChars || entry.pos as number > this.#pos + maxEntries);
      if (hasMore) break;
      to = entry.pos as number;
    }
    if (to === this.#pos) return false;
    const isTaken = this.#transaction(() => {
      // Another program on this file may have been here first: nothing is taken in twice.
      if (Number(note.run(to, this.#pos).changes) !== 1) return false;
      take.run(this.#pos, to);
      return true;
    });
    if (!isTaken) {
      this.#pos = this.#noted();
      return this.follow(maxEntries, maxChars);
    }
    this.#pos = to;
    return hasMore;
  }

  #noted(): number {
    return this.#statements.noted.get()?.pos as number;
  }

  /**
   * Places of the last entries of a room that hold every word, at most `limit`. The index gives
   * entries that may; each is looked at. How many, and how much text, is bounded: the words may be
   * chosen so that the index knows them everywhere and none holds them all.
   */
  find(room: number, words: readonly string[], limit: number): number[] {
    this.follow(INDEX_BEFORE_SEARCH, INDEX_BEFORE_SEARCH_CHARS);
    const folded = words.map((word) => word.toLowerCase());
    const found: number[] = [];
    let charsLeft = SEARCH_SCAN_CHARS;
    for (const { pos, text } of this.#candidates(room, words)) {
      if (charsLeft < 0) break;
      if (text === null) continue;
      charsLeft -= text.length;
      const lower = text.toLowerCase();
      if (!folded.every((word) => lower.includes(word))) continue;
      found.push(pos);
      if (found.length === limit) break;
    }
    return found;
  }

  /** From the last on: what the index knows of the words; all, where it can know none of them. */
  #candidates(room: number, words: readonly string[]): Iterable<Candidate> {
    const { match, scan } = this.#statements;
    const trigrams = trigramsOf(words);
    const rows = trigrams.length > 0
      ? match.iterate(matchOf(room, trigrams), SEARCH_SCAN_MESSAGES)
      : scan.iterate(room, SEARCH_SCAN_MESSAGES);
    return rows as Iterable<unknown> as Iterable<Candidate>;
  }
}

function prepare(db: DatabaseSync) {
  return {
    noted: db.prepare("SELECT pos FROM followers WHERE name = 'search'"),
    next: db.prepare(
      `SELECT pos, iif(${IS_TEXT}, length(body), 0) AS chars FROM entries
       WHERE pos > ? ORDER BY pos LIMIT ?`,
    ),
    take: db.prepare(
      `INSERT INTO search (rowid, room, txt) SELECT pos, printf('r%010d', room), body
       FROM entries WHERE pos > ? AND pos <= ? AND ${IS_TEXT}`,
    ),
    note: db.prepare(
      "UPDATE followers SET pos = ? WHERE name = 'search' AND pos = ?",
    ),
    match: db.prepare(
      `SELECT entries.pos, entries.body AS text FROM search
       JOIN entries ON entries.pos = search.rowid
       WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?`,
    ),
    // The limit counts entries of all kinds: everybody waits while SQLite passes over them.
    scan: db.prepare(
      `SELECT pos, iif(${IS_TEXT}, body, NULL) AS text FROM entries
       WHERE room = ? ORDER BY seq DESC LIMIT ?`,
    ),
  };
}

/**
 * Some trigrams of the words, spread over them. All of them as phrases would be exact, but SQLite
 * compares the places of every one in every message: seconds, for long words in messages that
 * repeat them.
 */
function trigramsOf(words: readonly string[]): string[] {
  const trigrams = new Set<string>();
  const perWord = Math.max(1, Math.floor(SEARCH_TRIGRAMS / words.length));
  for (const word of words) {
    const points = [...word];
    const last = points.length - TRIGRAM_CHARS;
    const step = Math.max(TRIGRAM_CHARS, Math.ceil(last / perWord));
    for (let at = 0; at <= last; at += step) {
      trigrams.add(points.slice(at, at + TRIGRAM_CHARS).join(""));
    }
  }
  return [...trigrams];
}

/**
 * An FTS5 query that no trigram can break out of: each is a string, its quotes doubled (SQLite
 * FTS5, section 3.1).
 */
function matchOf(room: number, trigrams: readonly string[]): string {
  const quoted = trigrams.map((one) => `"${one.replaceAll('"', '""')}"`);
  const inRoom = `room : "r${String(room).padStart(10, "0")}"`;
  return [inRoom, ...quoted].join(" AND ");
}
