/** The store in one SQLite file: a turn is one transaction. Others may write to the file, too. */
import type { DatabaseSync } from "node:sqlite";
import { type Clock, SYSTEM_CLOCK } from "../../base/clock.ts";
import { given } from "../../base/given.ts";
import {
  HEADS_NOTED_ENTRIES,
  INDEX_SLICE_CHARS,
  JOURNAL_PAGE_MESSAGES,
  SEARCH_BUDGET_MS,
  SEARCH_SLICE_MS,
} from "../../base/limits.ts";
import { type Durability, openDatabase } from "./database.ts";
import { Erasure } from "./erasure.ts";
import { attempt, faultOf, work } from "./faults.ts";
import { Followers } from "./followers.ts";
import { Heads } from "./heads.ts";
import { RecordTable } from "./records.ts";
import { Retention } from "./retention.ts";
import { EntryTable } from "./rows.ts";
import { transactions } from "./schema.ts";
import { Search } from "./search.ts";
import { SearchAll } from "./search_all.ts";
import { SearchIndex } from "./search_index.ts";
import { RoundRobin } from "./round_robin.ts";
import { checkCommit, CommitConflict } from "../store.ts";
import type {
  Commit,
  DirectoryRecord,
  Entry,
  Followed,
  Found,
  FoundInAll,
  SearchAllOptions,
  SearchOptions,
  Store,
  Trimmed,
} from "../store.ts";

interface SqliteOptions {
  /** What a commit survives: `process` by default. */
  readonly durability?: Durability;
  /** Times the looks for what others wrote. */
  readonly clock?: Clock;
}

export class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #transaction: ReturnType<typeof transactions>;
  readonly #records: RecordTable;
  readonly #entries: EntryTable;
  readonly #heads: Heads;
  readonly #index: SearchIndex;
  readonly #searches: RoundRobin;
  readonly #clock: Clock;
  readonly #followers: Followers;
  readonly #erasure: Erasure;
  readonly #retention: Retention;

  private constructor(db: DatabaseSync, clock: Clock, path: string) {
    this.#db = db;
    this.#transaction = transactions(db);
    this.#records = new RecordTable(db);
    this.#entries = new EntryTable(db);
    this.#heads = new Heads(db);
    this.#index = new SearchIndex(db);
    this.#clock = clock;
    this.#searches = new RoundRobin({
      clock,
      sliceMs: SEARCH_SLICE_MS,
      budgetMs: SEARCH_BUDGET_MS,
    });
    this.#followers = new Followers((from) => this.#readPage(from), clock);
    this.#erasure = new Erasure(db);
    this.#retention = new Retention(db, this.#transaction, path);
  }

  /**
   * Opens the file, makes it where it is missing, and brings it to the present schema.
   *
   * @throws {ConfabError} `store` when that cannot be.
   */
  static open(path: string, options: SqliteOptions = {}): SqliteStore {
    return work(`opening ${path}`, () => {
      const db = openDatabase(path, options.durability);
      try {
        return new SqliteStore(db, options.clock ?? SYSTEM_CLOCK, path);
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  commit(commit: Commit): Promise<void> {
    return attempt("storing a turn", () => {
      checkCommit(commit);
      try {
        this.#transaction(() => this.#write(commit));
      } catch (error) {
        this.#entries.forget();
        throw error;
      }
      const before = this.#heads.pos;
      this.#heads.advance(commit.appends);
      if (this.#heads.pos > before) {
        this.#followers.push(commit.appends, before, this.#heads.pos);
      }
    });
  }

  entryAt(room: string, seq: number): Entry | undefined {
    const read = () => this.#entries.ofRoom(room, seq, 1);
    const [entry] = work("reading an entry", read);
    return entry?.seq === seq ? entry : undefined;
  }

  lastOf(room: string, person: string, before?: number): Entry | undefined {
    const seq = work(
      "reading what a person said",
      () => this.#erasure.lastOf(room, person, before),
    );
    return seq === undefined ? undefined : this.entryAt(room, seq);
  }

  headOf(room: string): number {
    return work("reading the head of a room", () => this.#heads.of(room));
  }

  recentRooms(limit: number): string[] {
    return work("reading the rooms", () => this.#heads.recent(limit));
  }

  record(kind: string, key: string): DirectoryRecord | undefined {
    return work("reading a record", () => this.#records.get(kind, key));
  }

  list(
    kind: string,
    prefix: string,
    limit: number,
    after?: string,
  ): DirectoryRecord[] {
    const read = () => this.#records.list(kind, prefix, limit, after);
    return work("reading records", read);
  }

  expire(now: number, limit: number): Promise<number> {
    return attempt("removing old records", () => {
      return this.#records.expire(now, limit);
    });
  }

  read(room: string, fromSeq: number, limit: number): Promise<Entry[]> {
    const read = () => this.#entries.ofRoom(room, fromSeq, limit);
    return attempt("reading a room", read);
  }

  recentOf(person: string, limit: number): Promise<Entry[]> {
    const read = () => this.#entries.ofPerson(person, limit);
    return attempt("reading what a person said", read);
  }

  async search(
    room: string,
    words: readonly string[],
    limit: number,
    { before, signal }: SearchOptions = {},
  ): Promise<Found> {
    try {
      const id = this.#entries.rooms.find(room);
      if (id === undefined) return { entries: [], more: false, tookMs: 0 };
      const options = { room: id, words, limit, ...given({ before }) };
      const search = new Search(this.#index, this.#clock, options);
      const step = (untilMs: number) => search.step(untilMs);
      const tookMs = await this.#searches.run(step, signal);
      const { places, reached, hasMore: more } = search;
      const entries = this.#entries.texts(places);
      const searched = reached && { seq: reached.seq, at: reached.at };
      return { entries, more, tookMs, ...given({ searched }) };
    } catch (error) {
      throw faultOf("searching", error);
    }
  }

  async searchAll(
    rooms: readonly string[],
    words: readonly string[],
    limit: number,
    { before, signal }: SearchAllOptions = {},
  ): Promise<FoundInAll> {
    try {
      const numbers = new Map<number, string>();
      for (const key of rooms) {
        const id = this.#entries.rooms.find(key);
        if (id !== undefined) numbers.set(id, key);
      }
      const from = before && this.#entries.rooms.find(before.room);
      const search = new SearchAll(this.#index, this.#clock, {
        rooms: [...numbers.keys()],
        words,
        limit,
        ...(from === undefined ? {} : { before: [from, before!.seq] }),
      });
      const step = (untilMs: number) => search.step(untilMs);
      const tookMs = await this.#searches.run(step, signal);
      const { places, reached, hasMore: more } = search;
      const entries = this.#entries.texts(places);
      const searched = reached &&
        { room: numbers.get(reached.room)!, seq: reached.seq, at: reached.at };
      return { entries, more, tookMs, ...given({ searched }) };
    } catch (error) {
      throw faultOf("searching", error);
    }
  }

  index(chars = INDEX_SLICE_CHARS): Promise<boolean> {
    return attempt("indexing", () => {
      if (this.#heads.unnoted >= HEADS_NOTED_ENTRIES) this.#noteHeads();
      return this.#index.work(chars);
    });
  }

  trim(before: number, limit: number, now: number): Promise<Trimmed> {
    return attempt("removing the oldest messages", () => {
      const trimmed = this.#retention.trim(before, limit, now, this.#erasure);
      if (trimmed.entries > 0) this.#entries.forget();
      return trimmed;
    });
  }

  forgetRooms(...which: Parameters<Store["forgetRooms"]>): Promise<number> {
    return attempt("forgetting rooms", () => {
      const rooms = this.#retention.forgetRooms(...which);
      if (rooms > 0) this.#entries.forget();
      return rooms;
    });
  }

  usedBytes(): Promise<number> {
    return attempt("measuring", () => this.#retention.usedBytes);
  }

  cleanse(): Promise<boolean> {
    return attempt("emptying the log of changes", () => {
      return this.#erasure.cleanse();
    });
  }

  cleanseIndex(pages: number): Promise<boolean> {
    return attempt("writing the index anew", () => {
      return this.#transaction(() => this.#erasure.cleanseIndex(pages));
    });
  }

  /**
   * Erases everything that a person wrote, in one transaction; nothing of it is left in the file.
   * Takes its time: for when nobody waits.
   *
   * @returns how many entries there were.
   */
  eraseAllOf(person: string): Promise<number> {
    return attempt("erasing what a person wrote", () => {
      const entries = this.#retention.withoutReferences(() => {
        return this.#erasure.eraseAllOf(person);
      });
      this.#erasure.compact();
      this.#entries.forget();
      return entries;
    });
  }

  position(): Promise<number> {
    return attempt("looking at the journal", () => {
      this.#look();
      return this.#heads.pos;
    });
  }

  follow(from = 0): AsyncIterable<Followed> {
    return this.#followers.follow(from);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#followers.end();
    if (!this.#db.isOpen) return Promise.resolve();
    try {
      if (this.#heads.unnoted > 0) this.#noteHeads();
    } catch {
      // The next start reads what is not noted.
    }
    this.#db.close();
    return Promise.resolve();
  }

  /** So that the next start has little to read. */
  #noteHeads(): void {
    this.#transaction(() => this.#heads.note());
    this.#heads.noted();
  }

  /** Writes all of it, or finds all that it conflicts with. */
  #write(commit: Commit): void {
    this.#look();
    const heads = commit.appends
      .filter(({ room, expectedHead }) => this.#heads.of(room) !== expectedHead)
      .map(({ room }) => ({ room, head: this.#heads.of(room) }));
    if (heads.length === 0) {
      for (const { room, entries } of commit.appends) {
        this.#entries.insert(room, entries);
      }
      for (const place of commit.erasures ?? []) this.#erasure.erase(place);
    }
    const records = commit.writes
      .filter((write) => !this.#records.write(write))
      .map((write) => this.#records.now(write));
    if (heads.length > 0 || records.length > 0) {
      throw new CommitConflict({ heads, records }, commit);
    }
  }

  /** Takes in what others have written. */
  #look(): void {
    if (this.#heads.look()) this.#followers.wake();
  }

  /** What is behind a position, others' entries too. */
  #readPage(from: number): Followed {
    return work("following the journal", () => {
      this.#look();
      return from < this.#heads.pos
        ? this.#entries.after(from, JOURNAL_PAGE_MESSAGES)
        : { entries: [], pos: from };
    });
  }
}
