/** Takes away the oldest entries, and with them what nothing refers to any more. */
import type { DatabaseSync } from "node:sqlite";
import type { Trimmed, Upkeep } from "../store.ts";
import { type Erasure, KIND } from "./erasure.ts";
import type { transactions } from "./schema.ts";

/** An entry that may go. */
interface Old {
  readonly pos: number;
  readonly room: number;
  readonly seq: number;
  readonly at: number;
  readonly author: number | null;
}

/** Kinds of records whose keys begin with a room, and which count for nothing without it. */
const ROOM_LISTS = [
  ...["ban", "ban-name", "ban-near", "mute", "mute-name", "mute-near"],
  ...["invited", "uninvited"],
].map((kind) => `'${kind}'`).join(", ");

export class Retention {
  readonly #db: DatabaseSync;
  readonly #transaction: ReturnType<typeof transactions>;
  readonly #statements: ReturnType<typeof prepare>;

  readonly #logPath: string;

  constructor(
    db: DatabaseSync,
    transaction: ReturnType<typeof transactions>,
    path: string,
  ) {
    this.#db = db;
    this.#transaction = transaction;
    this.#logPath = `${path}-wal`;
    this.#statements = prepare(db);
  }

  /** As `Upkeep.trim`. */
  trim(
    before: number,
    limit: number,
    now: number,
    erasure: Pick<Erasure, "erase" | "soil">,
  ): Trimmed {
    return this.withoutReferences(() => {
      const { newest, oldest, roomKey, isThere } = this.#statements;
      const last = newest.get() as unknown as Old | undefined;
      if (last === undefined) return { entries: 0, until: 0 };
      const rows = oldest.all(last.pos, limit) as unknown as Old[];
      const old = rows.slice(
        0,
        rows.findLastIndex(({ at }) => at < before) + 1,
      );
      if (old.length > 0) this.#remove(old, now);
      if (old.length > 0) erasure.soil();
      const until = old.at(-1)?.at ?? 0;
      const isLast = old.length === rows.length && rows.length < limit;
      const isDue = isLast && before < Infinity && last.at < before;
      if (!isDue || !isThere.get(last.pos)) {
        return { entries: old.length, until };
      }
      erasure.erase({
        room: roomKey.get(last.room)!.key as string,
        seq: last.seq,
      });
      return { entries: old.length + 1, until: last.at };
    });
  }

  /** As `Upkeep.forgetRooms`. */
  forgetRooms(
    ...[before, limit, isKept, looksOf]: Parameters<Upkeep["forgetRooms"]>
  ): number {
    return this.#transaction(() => {
      const { emptied, hasEntries, filled, forgetLists } = this.#statements;
      let forgotten = 0;
      let records = limit;
      for (const { id, key } of emptied.all(before, limit)) {
        const room = id as number;
        if (hasEntries.get(room)) filled.run(room);
        else if (!isKept(key as string)) {
          forgotten++;
          // Its name begins the keys of those who are on its lists.
          const lists = forgetLists.run(`${key} `, `${key}!`, records);
          records -= Number(lists.changes);
          if (records === 0) break;
          this.#forgetRoom(room, key as string, looksOf);
        }
      }
      return forgotten;
    });
  }

  #forgetRoom(
    id: number,
    key: string,
    looksOf: Parameters<Upkeep["forgetRooms"]>[3],
  ): void {
    const { forgetRoom, forgetRecord, record, setRecord } = this.#statements;
    const valueOf = (kind: string, key: string) => {
      const value = record.get(kind, key)?.value;
      return value === undefined ? undefined : JSON.parse(value as string);
    };
    const name: string | undefined = valueOf("room", key)?.name;
    for (const look of name === undefined ? [] : looksOf?.(name) ?? []) {
      const names: string[] = valueOf("room-look", look)?.names ?? [];
      const others = names.filter((one) => one !== key);
      if (others.length === 0) forgetRecord.run("room-look", look);
      else {
        const value = JSON.stringify({ names: others });
        setRecord.run(value, "room-look", look);
      }
    }
    forgetRoom.run(id);
    forgetRecord.run("room", key);
  }

  /** Bytes of the pages that are in use, and of the log of changes. */
  get usedBytes(): number {
    const { pages, free, pageBytes } = this.#statements;
    const used = pages.get()!.page_count as number -
      (free.get()!.freelist_count as number);
    return used * (pageBytes.get()!.page_size as number) + this.#logBytes();
  }

  #logBytes(): number {
    try {
      return Deno.statSync(this.#logPath).size;
    } catch {
      return 0;
    }
  }

  /** Removes the first entries, which these are. */
  #remove(old: readonly Old[], now: number): void {
    const { unindex, remove, noteHead, isUsed, removePerson } =
      this.#statements;
    const last = old.at(-1)!;
    unindex.run(last.pos);
    remove.run(last.pos);
    // A seq is given once, also where nothing is left that has one.
    const heads = new Map(old.map(({ room, seq }) => [room, seq]));
    for (const [room, head] of heads) {
      noteHead.run(head, room);
      this.#lookAtRoom(room, now);
    }
    for (const author of new Set(old.map(({ author }) => author))) {
      if (author === null) continue;
      const isFound = isUsed.get(author, author) !== undefined;
      if (!isFound) removePerson.run(author);
    }
  }

  /** A conversation of which nothing is left is none; of a room it is noted since when. */
  #lookAtRoom(room: number, now: number): void {
    const { hasEntries, emptyRoom, roomKey, forgetRecord } = this.#statements;
    if (hasEntries.get(room)) return;
    emptyRoom.run(now, room);
    const key = roomKey.get(room)!.key as string;
    if (!key.startsWith("@")) return;
    forgetRecord.run("talk", key);
    for (const person of new Set(key.split(" ").slice(1))) {
      forgetRecord.run("inbox", `${person} ${key}`);
      forgetRecord.run("request", `${person} ${key}`);
    }
  }

  /**
   * A transaction in which SQLite does not look for rows that refer to one that goes: for people it
   * would read all entries each time.
   */
  withoutReferences<T>(run: () => T): T {
    this.#db.exec("PRAGMA foreign_keys = OFF");
    try {
      return this.#transaction(run);
    } finally {
      this.#db.exec("PRAGMA foreign_keys = ON");
    }
  }
}

function prepare(db: DatabaseSync) {
  return {
    newest: db.prepare(
      "SELECT pos, room, seq, at, author FROM entries ORDER BY pos DESC LIMIT 1",
    ),
    oldest: db.prepare(
      "SELECT pos, room, seq, at, author FROM entries WHERE pos < ? ORDER BY pos LIMIT ?",
    ),
    isThere: db.prepare(
      `SELECT 1 FROM entries WHERE pos = ? AND kind IS NOT ${KIND("gone")}
         AND kind IS NOT ${KIND("deleted")}`,
    ),
    unindex: db.prepare("DELETE FROM search WHERE rowid <= ?"),
    remove: db.prepare("DELETE FROM entries WHERE pos <= ?"),
    noteHead: db.prepare("UPDATE rooms SET head = max(head, ?) WHERE id = ?"),
    hasEntries: db.prepare("SELECT 1 FROM entries WHERE room = ? LIMIT 1"),
    emptyRoom: db.prepare("UPDATE rooms SET emptied_at = ? WHERE id = ?"),
    filled: db.prepare("UPDATE rooms SET emptied_at = NULL WHERE id = ?"),
    emptied: db.prepare(
      `SELECT id, key FROM rooms WHERE emptied_at < ? AND id < (SELECT max(id) FROM rooms)
       ORDER BY emptied_at LIMIT ?`,
    ),
    roomKey: db.prepare("SELECT key FROM rooms WHERE id = ?"),
    forgetRoom: db.prepare("DELETE FROM rooms WHERE id = ?"),
    forgetRecord: db.prepare("DELETE FROM records WHERE kind = ? AND key = ?"),
    forgetLists: db.prepare(
      `DELETE FROM records WHERE (kind, key) IN (
         SELECT kind, key FROM records
         WHERE kind IN (${ROOM_LISTS}) AND key >= ? AND key < ? LIMIT ?)`,
    ),
    record: db.prepare("SELECT value FROM records WHERE kind = ? AND key = ?"),
    setRecord: db.prepare(
      "UPDATE records SET value = ?, version = version + 1 WHERE kind = ? AND key = ?",
    ),
    isUsed: db.prepare(
      `SELECT 1 FROM entries WHERE author = ? AND client_id IS NOT NULL
       UNION ALL SELECT 1 FROM entries WHERE author = ? AND client_id IS NULL LIMIT 1`,
    ),
    // Numbers are not given again while another program at the file may remember one.
    removePerson: db.prepare(
      "DELETE FROM people WHERE id = ? AND id < (SELECT max(id) FROM people)",
    ),
    pages: db.prepare("PRAGMA page_count"),
    free: db.prepare("PRAGMA freelist_count"),
    pageBytes: db.prepare("PRAGMA page_size"),
  };
}
