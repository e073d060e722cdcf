/** The search index (FTS5, trigrams): it follows the journal, and catches up after a crash. */
import type { DatabaseSync } from "node:sqlite";
import {
  INDEX_ENTRY_CHARS,
  INDEX_MERGE_PAGES,
  INDEX_PIECES,
  SEARCH_TRIGRAMS,
} from "../../base/limits.ts";
import { type Merge, mergeOf } from "./merge.ts";
import { IS_TEXT, transactions } from "./schema.ts";

/** A word that is shorter has no trigram. */
const TRIGRAM_CHARS = 3;

/**
 * An entry is indexed with the spans of positions that it is in, as words of their own: each is of
 * so many bits of positions. A range of row ids would not do: FTS5 looks at what is outside of it,
 * too, until it finds something.
 */
export const SPAN_BITS = [11, 14, 17] as const;

/** An entry by its place, with its text if people read it. */
export interface IndexedEntry {
  readonly pos: number;
  readonly room: number;
  readonly seq: number;
  /** Milliseconds UTC. */
  readonly at: number;
  readonly text: string | null;
}

/** What the index is asked for: entries of a span. */
interface SpanOptions {
  readonly query: string;
  /** Which of {@linkcode SPAN_BITS}. */
  readonly level: number;
  /** First and last position; both are in the span. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

export class SearchIndex {
  readonly #transaction: ReturnType<typeof transactions>;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #merge: Merge;
  #pos: number;
  /** Taken in since some were merged. */
  #pieces = 0;

  constructor(db: DatabaseSync) {
    this.#transaction = transactions(db);
    this.#statements = prepare(db);
    this.#merge = mergeOf(db);
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
    return this.#transaction(() => this.#merge(INDEX_MERGE_PAGES)) || isDue;
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

  #noted(): number {
    return this.#statements.noted.get()?.pos as number;
  }

  /** The position up to which everything is indexed. */
  get pos(): number {
    return this.#pos;
  }

  /** What asks for entries of a room that may hold the words; `undefined` where none is known. */
  queryFor(room: number, words: readonly string[]): string | undefined {
    const trigrams = trigramsOf(words);
    return trigrams.length === 0
      ? undefined
      : [tokenOf(ROOM_MARK, room), ...trigrams].map(quoted).join(" AND ");
  }

  /** Positions of entries of a span that may hold what is asked for, ascending. */
  candidates({ query, level, from, to, limit }: SpanOptions): number[] {
    const number = Math.floor(from / 2 ** SPAN_BITS[level]!);
    const span = quoted(tokenOf(SPAN_MARKS[level]!, number));
    // Descending it would take FTS5 much longer to find the span.
    const rows = this.#statements.match
      .all(`${span} AND ${query}`, from, to, limit);
    return rows.map(({ pos }) => pos as number);
  }

  /** Entries of a room before a seq, of all kinds, newest first. */
  entriesBefore(room: number, seq: number): Iterable<IndexedEntry> {
    const rows: Iterable<unknown> = this.#statements.before.iterate(room, seq);
    return rows as Iterable<IndexedEntry>;
  }

  /** The first of a room from a seq on. */
  firstFrom(room: number, seq: number): IndexedEntry | undefined {
    return entryOf(this.#statements.from.get(room, seq));
  }

  lastBefore(room: number, seq: number): IndexedEntry | undefined {
    return entryOf(this.#statements.before.get(room, seq));
  }

  firstOf(room: number): IndexedEntry | undefined {
    return this.firstFrom(room, 0);
  }

  at(pos: number): IndexedEntry | undefined {
    return entryOf(this.#statements.at.get(pos));
  }

  /** The first entry of a room that has a higher position: both grow together. */
  firstBehind(room: number, pos: number): IndexedEntry | undefined {
    let low = 0;
    let high = (this.lastBefore(room, Number.MAX_SAFE_INTEGER)?.seq ?? 0) + 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.firstFrom(room, middle);
      if (entry === undefined || entry.pos > pos) high = middle;
      else low = entry.seq;
    }
    return this.firstFrom(room, high);
  }
}

function entryOf(row: unknown): IndexedEntry | undefined {
  return row as IndexedEntry | undefined;
}

const TEXT = `iif(${IS_TEXT}, body, NULL) AS text`;
const SELECT = `SELECT pos, room, seq, at, ${TEXT} FROM entries`;

function prepare(db: DatabaseSync) {
  return {
    noted: db.prepare("SELECT pos FROM followers WHERE name = 'search'"),
    next: db.prepare(
      `SELECT pos, iif(${IS_TEXT}, length(body), 0) AS chars FROM entries
       WHERE pos > ? ORDER BY pos LIMIT ?`,
    ),
    take: db.prepare(
      `INSERT INTO search (rowid, room, span11, span14, span17, txt)
       SELECT pos, ${tokenInSql(ROOM_MARK, "room")}, ${SPANS_IN_SQL}, body
       FROM entries WHERE pos > ? AND pos <= ? AND ${IS_TEXT}`,
    ),
    note: db.prepare(
      "UPDATE followers SET pos = ? WHERE name = 'search' AND pos = ?",
    ),
    match: db.prepare(
      `SELECT rowid AS pos FROM search
       WHERE search MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid LIMIT ?`,
    ),
    before: db.prepare(
      `${SELECT} WHERE room = ? AND seq < ? ORDER BY seq DESC`,
    ),
    from: db.prepare(
      `${SELECT} WHERE room = ? AND seq >= ? ORDER BY seq LIMIT 1`,
    ),
    at: db.prepare(`${SELECT} WHERE pos = ?`),
  };
}

/** What marks the words for rooms and spans: characters that no text has. */
const ROOM_MARK = 1;
const SPAN_MARKS = [2, 3, 4] as const;
/** A number is two of so many characters that are the same in upper and lower case. */
const DIGITS = 20_000;
const FIRST_DIGIT = 0x4e00;

/** The number of a room or a span as a word of one trigram. */
function tokenOf(mark: number, number: number): string {
  const [high, low] = [Math.floor(number / DIGITS), number % DIGITS];
  return String.fromCodePoint(mark, FIRST_DIGIT + high, FIRST_DIGIT + low);
}

/** The same in SQL. */
function tokenInSql(mark: number, number: string): string {
  const digit = (value: string) => `${FIRST_DIGIT} + ${value}`;
  const high = digit(`(${number}) / ${DIGITS}`);
  return `char(${mark}, ${high}, ${digit(`(${number}) % ${DIGITS}`)})`;
}

const SPANS_IN_SQL = SPAN_BITS
  .map((bits, level) => tokenInSql(SPAN_MARKS[level]!, `pos >> ${bits}`))
  .join(", ");

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

/** A word for a query of FTS5: a string that it cannot break out of (SQLite FTS5, section 3.1). */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
