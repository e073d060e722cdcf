/** The store in one SQLite file: a turn is one transaction. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ConfabError } from "../../base/errors.ts";
import { migrate } from "./schema.ts";
import { SearchIndex } from "./search_index.ts";
import type {
  Append,
  Commit,
  DirectoryRecord,
  Entry,
  RecordWrite,
  Store,
} from "../store.ts";

/**
 * What a commit survives: `process` the death of the process (the operating system has the bytes), `full` also that of the machine (the
 * disk has them).
 */
export type Durability = "process" | "full";

interface Row {
  seq: number;
  at: number;
  person: string | null;
  name: string;
  recipient: string | null;
  txt: string;
  action: number | null;
  client_id: string | null;
  room: string;
}

const COLUMNS =
  `entries.seq, entries.at, people.key AS person, entries.name, entries.recipient, entries.txt, entries.action,
  entries.client_id, rooms.key AS room`;
const JOINED =
  "entries JOIN rooms ON rooms.id = entries.room LEFT JOIN people ON people.id = entries.author";

export class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #rooms: Interned;
  readonly #people: Interned;
  readonly #heads: Map<string, number>;
  readonly #search: SearchIndex;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepare(db);
    this.#rooms = new Interned(db, "rooms");
    this.#people = new Interned(db, "people");
    this.#search = new SearchIndex(db);
    const rows = db.prepare(
      "SELECT key, (SELECT max(seq) FROM entries WHERE room = rooms.id) AS head FROM rooms",
    ).all();
    this.#heads = new Map(
      rows.map((row) => [row.key as string, row.head as number ?? 0]),
    );
  }

  /**
   * Opens the file, makes it where it is missing, and brings it to the present schema.
   *
   * @throws {ConfabError} `store` when that cannot be.
   */
  static open(
    path: string,
    options: { durability?: Durability } = {},
  ): SqliteStore {
    try {
      makePrivate(path);
      const db = new DatabaseSync(path);
      try {
        // First of all: a file that is another program's must stay as it is.
        migrate(db, path);
        db.exec(
          `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${
            options.durability === "full" ? "FULL" : "NORMAL"
          }`,
        );
        return new SqliteStore(db);
      } catch (error) {
        db.close();
        throw error;
      }
    } catch (error) {
      if (error instanceof ConfabError) throw error;
      throw new ConfabError(
        "store",
        `opening ${path}: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  commit(commit: Commit): Promise<void> {
    try {
      this.#statements.begin.run();
      for (const append of commit.appends) this.#append(append);
      for (const write of commit.writes) this.#write(write);
      this.#statements.commit.run();
    } catch (error) {
      this.#undo();
      return Promise.reject(
        new ConfabError(
          "store",
          `storing a turn: ${(error as Error).message}`,
          { cause: error },
        ),
      );
    }
    for (const { room, expectedHead, entries } of commit.appends) {
      this.#heads.set(room, expectedHead + entries.length);
    }
    this.#rooms.settle();
    this.#people.settle();
    return Promise.resolve();
  }

  heads(): Promise<Map<string, number>> {
    return Promise.resolve(
      new Map(Array.from(this.#heads).filter(([, head]) => head > 0)),
    );
  }

  read(room: string, fromSeq: number, limit: number): Promise<Entry[]> {
    return attempt("reading a room", () => {
      const id = this.#rooms.find(room);
      if (id === undefined) return [];
      const rows = this.#statements.read.all(id, fromSeq, limit);
      return (rows as unknown as Row[]).map(entryOf);
    });
  }

  recentOf(person: string, limit: number): Promise<Entry[]> {
    return attempt("reading what a person said", () => {
      const id = this.#people.find(person);
      if (id === undefined) return [];
      const rows = this.#statements.recentOf.all(id, limit);
      return (rows as unknown as Row[]).map(entryOf);
    });
  }

  search(
    room: string,
    words: readonly string[],
    limit: number,
  ): Promise<Entry[]> {
    return attempt("searching", () => {
      const id = this.#rooms.find(room);
      if (id === undefined) return [];
      const found = this.#search.find(id, words, limit).reverse();
      return found.map((pos) =>
        entryOf(this.#statements.at.get(pos) as unknown as Row)
      );
    });
  }

  index(): Promise<boolean> {
    return attempt("indexing", () => this.#search.follow());
  }

  records(): Promise<DirectoryRecord[]> {
    const rows = this.#db.prepare(
      "SELECT kind, key, version, value FROM records",
    ).all();
    return Promise.resolve(rows.map((row) => ({
      kind: row.kind as string,
      key: row.key as string,
      version: row.version as number,
      value: JSON.parse(row.value as string),
    })));
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
    return Promise.resolve();
  }

  #append({ room, expectedHead, entries }: Append): void {
    const head = this.#heads.get(room) ?? 0;
    if (head !== expectedHead) {
      throw new Error(
        `the head of a room is ${head}, expected was ${expectedHead}`,
      );
    }
    const roomId = this.#rooms.idOf(room);
    let seq = head;
    for (const entry of entries) {
      if (entry.seq !== ++seq) {
        throw new Error(
          `the seq of an entry is ${entry.seq}, the next is ${seq}`,
        );
      }
      const author = entry.person === undefined
        ? null
        : this.#people.idOf(entry.person);
      this.#statements.insert.run(
        roomId,
        seq,
        entry.at,
        author,
        entry.from,
        entry.to ?? null,
        entry.body,
        entry.kind === "action" ? 1 : null,
        entry.id === undefined ? null : storedId(entry.id),
      );
    }
  }

  #write({ kind, key, expectedVersion, value }: RecordWrite): void {
    const { create, update, remove } = this.#statements;
    let changes: number | bigint;
    if (value === null) {
      changes = remove.run(kind, key, expectedVersion).changes;
    } else if (expectedVersion === 0) {
      changes = create.run(kind, key, JSON.stringify(value)).changes;
    } else {changes =
        update.run(JSON.stringify(value), kind, key, expectedVersion).changes;}
    if (Number(changes) !== 1) {
      throw new Error(
        `a record's version is not ${expectedVersion}, which was expected`,
      );
    }
  }

  #undo(): void {
    this.#rooms.forget();
    this.#people.forget();
    try {
      this.#db.exec("ROLLBACK");
    } catch {
      // SQLite rolls back by itself on some errors (a full disk), and then has no transaction to end.
    }
  }
}

/** Makes the file, where it is missing, for its owner only; SQLite gives its journals the same mode. */
function makePrivate(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** The result of work that is done at once. What it throws is a rejection: whoever reads may be in the midst of something. */
function attempt<T>(doing: string, work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(
      new ConfabError("store", `${doing}: ${(error as Error).message}`, {
        cause: error,
      }),
    );
  }
}

function prepare(db: DatabaseSync) {
  return {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    insert: db.prepare(
      `INSERT INTO entries (room, seq, at, author, name, recipient, txt, action, client_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    read: db.prepare(
      `SELECT ${COLUMNS} FROM ${JOINED} WHERE entries.room = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    ),
    at: db.prepare(`SELECT ${COLUMNS} FROM ${JOINED} WHERE pos = ?`),
    recentOf: db.prepare(
      `SELECT ${COLUMNS} FROM ${JOINED} WHERE author = ? AND client_id IS NOT NULL ORDER BY pos DESC LIMIT ?`,
    ),
    create: db.prepare(
      "INSERT INTO records (kind, key, version, value) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
    ),
    update: db.prepare(
      "UPDATE records SET value = ?, version = version + 1 WHERE kind = ? AND key = ? AND version = ?",
    ),
    remove: db.prepare(
      "DELETE FROM records WHERE kind = ? AND key = ? AND version = ?",
    ),
  };
}

/** Numbers of strings that are stored once. Those given in a transaction count only when it is committed. */
class Interned {
  readonly #known = new Map<string, number>();
  readonly #fresh = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync, table: "rooms" | "people") {
    this.#find = db.prepare(`SELECT id FROM ${table} WHERE key = ?`);
    this.#insert = db.prepare(`INSERT INTO ${table} (key) VALUES (?)`);
  }

  find(key: string): number | undefined {
    let id = this.#known.get(key);
    if (id !== undefined) return id;
    id = this.#find.get(key)?.id as number | undefined;
    if (id !== undefined) this.#known.set(key, id);
    return id;
  }

  idOf(key: string): number {
    let id = this.#fresh.get(key) ?? this.find(key);
    if (id === undefined) {
      id = Number(this.#insert.run(key).lastInsertRowid);
      this.#fresh.set(key, id);
    }
    return id;
  }

  settle(): void {
    if (this.#fresh.size === 0) return;
    for (const [key, id] of this.#fresh) this.#known.set(key, id);
    this.#fresh.clear();
  }

  forget(): void {
    this.#fresh.clear();
  }
}

function entryOf(row: Row): Entry {
  return {
    room: row.room,
    seq: row.seq,
    at: row.at,
    from: row.name,
    kind: row.action === null ? "text" : "action",
    body: row.txt,
    ...(row.person === null ? {} : { person: row.person }),
    ...(row.recipient === null ? {} : { to: row.recipient }),
    ...(row.client_id === null ? {} : { id: givenId(row.client_id) }),
  };
}

/** An id may hold anything, but SQLite gives a text back only up to its first NUL. */
const ESCAPE = "\x01";

function storedId(id: string): string {
  return id.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll("\0", `${ESCAPE}0`);
}

function givenId(stored: string): string {
  return stored.replaceAll(`${ESCAPE}0`, "\0").replaceAll(`${ESCAPE}1`, ESCAPE);
}
