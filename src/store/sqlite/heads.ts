/** How far the journal and its rooms are, put right when others have written to the file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HEADS_KNOWN } from "../../base/limits.ts";
import { Recent } from "../../base/recent.ts";
import type { Append } from "../store.ts";

export class Heads {
  /** Some of those that the file has noted. */
  readonly #noted = new Recent<string, number>(HEADS_KNOWN);
  /** Those that are others than the file has noted. */
  readonly #changed = new Map<string, number>();
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
    const known = this.#changed.get(room) ?? this.#noted.get(room);
    if (known !== undefined) return known;
    const head = this.#statements.head.get(room)?.head as number ?? 0;
    this.#noted.set(room, head);
    return head;
  }

  /** This connection has committed these. */
  advance(appends: readonly Append[]): void {
    for (const { room, expectedHead, entries } of appends) {
      if (entries.length === 0) continue;
      this.#changed.set(room, expectedHead + entries.length);
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
    for (const [room, head] of this.#changed) noteHead.run(head, room);
    notePos.run(this.#pos);
  }

  /** That transaction is committed. */
  noted(): void {
    for (const [room, head] of this.#changed) this.#noted.set(room, head);
    this.#changed.clear();
    this.#notedPos = this.#pos;
  }

  #catchUp(): void {
    const { behind } = this.#statements;
    for (const { pos, head, key } of behind.iterate(this.#pos)) {
      this.#changed.set(key as string, head as number);
      this.#pos = Math.max(this.#pos, pos as number);
    }
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
       ) AS last CROSS JOIN rooms ON rooms.id = last.room`,
    ),
    noteHead: db.prepare("UPDATE rooms SET head = ? WHERE key = ?"),
    notePos: db.prepare("UPDATE followers SET pos = ? WHERE name = 'heads'"),
  };
}
