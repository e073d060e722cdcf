/** The search index (FTS5, trigrams): it follows the journal, and catches up after a crash. */
import type { DatabaseSync } from "node:sqlite";
import {
  INDEX_BEFORE_SEARCH_CHARS,
  INDEX_ENTRY_CHARS,
  INDEX_MERGE_PAGES,
  INDEX_PIECES,
  SEARCH_NEWEST_CHARS,
  SEARCH_NEWEST_MESSAGES,
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
  readonly seq: number;
  readonly text: string | null;
}

/** Places of entries, from the last on, and how many of the room were not looked for. */
interface Places {
  readonly places: number[];
  readonly behind: number;
}

export class SearchIndex {
  readonly #transaction: ReturnType<typeof transactions>;
  readonly #statements: ReturnType<typeof prepare>;
  #pos: number;
  /** Taken in since some were merged. */
  #pieces = 0;

  constructor(db: DatabaseSync) {
    this.#transaction = transactions(db);
    this.#statements = prepare(db);
    this.#pos = this.#noted();
  }

  /**
   * Takes in the entries that come next, of about so many code points, but at least one; or merges
   * some of what it has. Whether there may be more to do.
   *
   * What is taken in at once is a piece of the index of its own; pieces are merged, so that they
   * stay few (SQLite FTS5, section 6.8): now and then, and when there is nothing else to do.
   */
  work(maxChars: number): boolean {
    const isDue = this.#pieces >= INDEX_PIECES;
    if (!isDue && this.#take(maxChars)) return true;
    this.#pieces = 0;
    return this.#transaction(() => this.#merge()) || isDue;
  }

  /** Whether there was anything to take in. */
  #take(maxChars: number): boolean {
    const { next, note, take } = this.#statements;
    const most = Math.ceil(maxChars / INDEX_ENTRY_CHARS);
    let to = this.#pos;
    let chars = 0;
    for (const entry of next.iterate(to, most + 1)) {
      chars += INDEX_ENTRY_CHARS + (entry.chars as number);
      if (to > this.#pos && chars > maxChars) break;
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
      return this.#take(maxChars);
    }
    this.#pos = to;
    this.#pieces++;
    return true;
  }

  /** Whether there was anything to merge. */
  #merge(): boolean {
    const { merge, changes } = this.#statements;
    const before = changes.get()?.n as number;
    merge.run(INDEX_MERGE_PAGES);
    // As SQLite counts, one is none.
    return changes.get()?.n as number - before >= 2;
  }

  #noted(): number {
    return this.#statements.noted.get()?.pos as number;
  }

  /**
   * Places of the last entries of a room that hold every word, at most `limit`. The newest, which
   * the index may not have yet, are looked at one by one; behind them it gives entries that may
   * hold the words, and each is looked at, too. How many, and how much text, is bounded: the words
   * may be chosen so that the index knows them everywhere and none holds them all.
   */
  find(room: number, words: readonly string[], limit: number): Places {
    const { match, ofRoom } = this.#statements;
    const look = new Look(words, limit);
    const trigrams = trigramsOf(words);
    if (trigrams.length === 0) {
      look.through(ofRoom.iterate(room, SEARCH_SCAN_MESSAGES));
      return { places: look.places, behind: 0 };
    }
    this.#take(INDEX_BEFORE_SEARCH_CHARS);
    const behind = this.#findNewest(room, look);
    const query = matchOf(room, trigrams);
    const most = SEARCH_SCAN_MESSAGES - look.messages;
    if (!look.isOver) look.through(match.iterate(query, this.#pos, room, most));
    return { places: look.places, behind };
  }

  /** Looks at what is not indexed; how many entries of that are too many to be looked at. */
  #findNewest(room: number, look: Look): number {
    const rows = this.#statements.ofRoom.iterate(room, SEARCH_NEWEST_MESSAGES);
    let oldest = 1;
    for (const candidate of rows as Iterable<unknown> as Iterable<Candidate>) {
      if (candidate.pos <= this.#pos || look.isOver) return 0;
      if (look.chars > SEARCH_NEWEST_CHARS) break;
      look.at(candidate);
      oldest = candidate.seq;
    }
    return this.#notIndexedBefore(room, oldest);
  }

  /** How many entries of a room the index does not have, of those before one that it has not. */
  #notIndexedBefore(room: number, seq: number): number {
    let indexed = 0;
    let first = seq;
    while (first - indexed > 1) {
      const middle = Math.floor((indexed + first) / 2);
      const pos = this.#statements.from.get(room, middle)?.pos as number;
      if (pos <= this.#pos) indexed = middle;
      else first = middle;
    }
    return seq - first;
  }
}

/** Looks for words in entries, from the last on. */
class Look {
  readonly places: number[] = [];
  /** What was looked at: entries, and UTF-16 units of their texts. */
  messages = 0;
  chars = 0;
  readonly #words: readonly string[];
  readonly #limit: number;

  constructor(words: readonly string[], limit: number) {
    this.#words = words.map((word) => word.toLowerCase());
    this.#limit = limit;
  }

  /** Enough was found, or looked at. */
  get isOver(): boolean {
    return this.places.length >= this.#limit || this.chars > SEARCH_SCAN_CHARS;
  }

  through(rows: Iterable<unknown>): void {
    for (const candidate of rows as Iterable<Candidate>) {
      if (this.isOver) return;
      this.at(candidate);
    }
  }

  at({ pos, text }: Candidate): void {
    this.messages++;
    if (text === null) return;
    this.chars += text.length;
    const lower = text.toLowerCase();
    if (this.#words.every((word) => lower.includes(word))) {
      this.places.push(pos);
    }
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
      `INSERT INTO search (rowid, room, txt) SELECT pos, ${ROOM_TOKEN}, body
       FROM entries WHERE pos > ? AND pos <= ? AND ${IS_TEXT}`,
    ),
    note: db.prepare(
      "UPDATE followers SET pos = ? WHERE name = 'search' AND pos = ?",
    ),
    merge: db.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)"),
    changes: db.prepare("SELECT total_changes() AS n"),
    // With a plus, so that it goes by the index of words and not by that of the room.
    match: db.prepare(
      `SELECT entries.pos, seq, entries.body AS text FROM search
       JOIN entries ON entries.pos = search.rowid
       WHERE search MATCH ? AND search.rowid <= ? AND +entries.room = ?
       ORDER BY search.rowid DESC LIMIT ?`,
    ),
    // The limit counts entries of all kinds: everybody waits while SQLite passes over them.
    ofRoom: db.prepare(
      `SELECT pos, seq, iif(${IS_TEXT}, body, NULL) AS text FROM entries
       WHERE room = ? ORDER BY seq DESC LIMIT ?`,
    ),
    from: db.prepare(
      "SELECT pos FROM entries WHERE room = ? AND seq >= ? ORDER BY seq LIMIT 1",
    ),
  };
}

/**
 * The number of a room as a word of one trigram, in SQL. It begins with a character that no text
 * has, and goes on with two of 20,000 that are the same in upper and lower case.
 */
const ROOM_TOKEN = "char(1, 19968 + room / 20000, 19968 + room % 20000)";

function roomToken(room: number): string {
  const [high, low] = [Math.floor(room / 20_000), room % 20_000];
  return String.fromCodePoint(1, 19_968 + high, 19_968 + low);
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
  return [roomToken(room), ...trigrams]
    .map((one) => `"${one.replaceAll('"', '""')}"`).join(" AND ");
}
