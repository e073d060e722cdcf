/** How far the journal is, kept in memory and put right when others have written to the file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Append } from "../store.ts";

export class Heads {
  readonly #heads = new Map<string, number>();
  readonly #statements: ReturnType<typeof prepare>;
  readonly #dataVersion: StatementSync;
  /** Rooms whose heads are others than those that the file has noted. */
  readonly #changed = new Set<string>();
  #version: number;
  #pos: number;
  #noted: number;

  constructor(db: DatabaseSync) {
    this.#statements = prepare(db);
    this.#dataVersion = db.prepare("PRAGMA data_version");
    // In this order, what others write and note meanwhile is only looked at twice.
    this.#version = this.#versionNow();
    this.#pos = this.#noted = this.#statements.noted.get()?.pos as number;
    for (const { key, head } of this.#statements.heads.iterate()) {
      this.#heads.set(key as string, head as number);
    }
    this.#catchUp();
  }

  /** Position of the last entry. */
  get pos(): number {
    return this.#pos;
  }

  /** Entries whose heads the file has not noted. */
  get unnoted(): number {
    return this.#pos - this.#noted;
  }

  of(room: string): number {
    return this.#heads.get(room) ?? 0;
  }

  all(): Map<string, number> {
    return new Map(this.#heads);
  }

  /** This connection has committed these. */
  advance(appends: readonly Append[]): void {
    for (const { room, expectedHead, entries } of appends) {
      if (entries.length === 0) continue;
      this.#set(room, expectedHead + entries.length);
      this.#pos += entries.length;
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
    for (const room of this.#changed) noteHead.run(this.of(room), room);
    notePos.run(this.#pos);
  }

  /** That transaction is committed. */
  noted(): void {
    this.#changed.clear();
    this.#noted = this.#pos;
  }

  #catchUp(): void {
    const { behind } = this.#statements;
    for (const { pos, head, key } of behind.iterate(this.#pos)) {
      this.#set(key as string, head as number);
      this.#pos = Math.max(this.#pos, pos as number);
    }
  }

  #set(room: string, head: number): void {
    this.#heads.set(room, head);
    this.#changed.add(room);
  }

  /** It is another one when another connection has committed, and costs next to nothing. */
  #versionNow(): number {
    return this.#dataVersion.get()?.data_version as number;
  }
}

function prepare(db: DatabaseSync) {
  return {
    noted: db.prepare("SELECT pos FROM followers WHERE name = 'heads'"),
    heads: db.prepare("SELECT key, head FROM rooms WHERE head > 0"),
    // By an index it would be grouped without a sort, but through all that was ever said.
    behind: db.prepare(
      `SELECT key, last.head, last.pos FROM (
         SELECT room, max(seq) AS head, max(pos) AS pos FROM entries NOT INDEXED
         WHERE pos > ? GROUP BY room
       ) AS last CROSS JOIN rooms ON rooms.id = last.room`,
    ),
    noteHead: db.prepare("UPDATE rooms SET head = ? WHERE key = ?"),
    notePos: db.prepare("UPDATE followers SET pos = ? WHERE name = 'heads'"),
  };
}
