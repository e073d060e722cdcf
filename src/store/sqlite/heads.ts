/** How far the journal and its rooms are, put right when others have written to the file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HEADS_KNOWN } from "../../base/limits.ts";
import { Recent } from "../../base/recent.ts";
import type { Append } from "../store.ts";

/** How far a room is: the seq of its last entry, and the position of that in the journal. */
interface Changed {
  readonly head: number;
  readonly pos: number;
}

export class Heads {
  /** Some of those that the file has noted. */
  readonly #noted = new Recent<string, number>(HEADS_KNOWN);
  /** Those that are others than the file has noted, the most recently used last. */
  readonly #changed = new Map<string, Changed>();
  readonly #statements: ReturnType<typeof prepare>;
  readonly #dataVersion: StatementSync;
  #version: number;
  #pos: number;
  #notedPos: number;

  constructor(db: DatabaseSync) {
    this.#statements = prepare(db);
    this.#dataVersion = db.prepare("PRAGMA data_version");
    // In this order, what others write and note meanwhile is only looked at twice.
    this.#version = this.#versionNow();
    this.#pos = this.#notedPos = this.#statements.noted.get()?.pos as number;
    this.#catchUp();
  }

  /** Position of the last entry. */
  get pos(): number {
    return this.#pos;
  }

  /** Entries whose heads the file has not noted. */
  get unnoted(): number {
    return this.#pos - this.#notedPos;
  }

  of(room: string): number {
    const known = this.#changed.get(room)?.head ?? this.#noted.get(room);
    if (known !== undefined) return known;
    const head = this.#statements.head.get(room)?.head as number ?? 0;
    this.#noted.set(room, head);
    return head;
  }

  /** Rooms, most recently used first; conversations are none. */
  recent(limit: number): string[] {
    const changed = Array.from(this.#changed.keys()).reverse()
      .filter((key) => !key.startsWith("@"));
    if (changed.length >= limit) return changed.slice(0, limit);
    const noted = this.#statements.recent.all(limit)
      .map(({ key }) => key as string)
      .filter((key) => !this.#changed.has(key));
    return [...changed, ...noted].slice(0, limit);
  }

  /** This connection has committed these. */
  advance(appends: readonly Append[]): void {
    for (const { room, expectedHead, entries } of appends) {
      if (entries.length === 0) continue;
      this.#pos += entries.length;
      this.#change(room, expectedHead + entries.length, this.#pos);
    }
  }

  /** Takes in what others have written since; whether that were entries. */
  look(): boolean {
    const version = this.#versionNow();
    if (version === this.#version) return false;
    const before = this.#pos;
    this.#catchUp();
    this.#version = version;
    return this.#pos > before;
  }

  /** Notes the heads in the file: within a transaction, so that none is written meanwhile. */
  note(): void {
    this.look();
    const { noteHead, notePos } = this.#statements;
    for (const [room, { head, pos }] of this.#changed) {
      noteHead.run(head, pos, room);
    }
    notePos.run(this.#pos);
  }

  /** That transaction is committed. */
  noted(): void {
    for (const [room, { head }] of this.#changed) this.#noted.set(room, head);
    this.#changed.clear();
    this.#notedPos = this.#pos;
  }

  #catchUp(): void {
    const { behind } = this.#statements;
    for (const { pos, head, key } of behind.iterate(this.#pos)) {
      this.#change(key as string, head as number, pos as number);
      this.#pos = Math.max(this.#pos, pos as number);
    }
  }

  #change(room: string, head: number, pos: number): void {
    this.#changed.delete(room);
    this.#changed.set(room, { head, pos });
  }

  /** It is another one when another connection has committed, and costs next to nothing. */
  #versionNow(): number {
    return this.#dataVersion.get()?.data_version as number;
  }
}

function prepare(db: DatabaseSync) {
  return {
    noted: db.prepare("SELECT pos FROM followers WHERE name = 'heads'"),
    head: db.prepare("SELECT head FROM rooms WHERE key = ?"),
    // By an index it would be grouped without a sort, but through all that was ever said.
    behind: db.prepare(
      `SELECT key, last.head, last.pos FROM (
         SELECT room, max(seq) AS head, max(pos) AS pos FROM entries NOT INDEXED
         WHERE pos > ? GROUP BY room
       ) AS last CROSS JOIN rooms ON rooms.id = last.room ORDER BY last.pos`,
    ),
    noteHead: db.prepare(
      "UPDATE rooms SET head = ?, last_pos = ? WHERE key = ?",
    ),
    recent: db.prepare(
      `SELECT key FROM rooms WHERE last_pos IS NOT NULL AND substr(key, 1, 1) <> '@'
       ORDER BY last_pos DESC LIMIT ?`,
    ),
    notePos: db.prepare("UPDATE followers SET pos = ? WHERE name = 'heads'"),
  };
}
