/** How far the journal is, kept in memory and put right when others have written to the file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Append } from "../store.ts";

export class Heads {
  readonly #heads = new Map<string, number>();
  readonly #dataVersion: StatementSync;
  readonly #after: StatementSync;
  #version: number;
  #pos: number;

  constructor(db: DatabaseSync) {
    this.#dataVersion = db.prepare("PRAGMA data_version");
    // In the order of the table: grouped by room, SQLite would go through all that was ever said.
    this.#after = db.prepare(
      `SELECT pos, seq, rooms.key AS room FROM entries JOIN rooms ON rooms.id = entries.room
       WHERE pos > ? ORDER BY pos`,
    );
    // In this order, what others write meanwhile is only looked at twice.
    this.#version = this.#versionNow();
    this.#pos = db.prepare("SELECT max(pos) AS pos FROM entries").get()
      ?.pos as number ?? 0;
    const rooms = db.prepare(
      "SELECT key, (SELECT max(seq) FROM entries WHERE room = rooms.id) AS head FROM rooms",
    );
    for (const { key, head } of rooms.iterate()) {
      if (head !== null) this.#heads.set(key as string, head as number);
    }
  }

  /** Position of the last entry. */
  get pos(): number {
    return this.#pos;
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
      this.#heads.set(room, expectedHead + entries.length);
      this.#pos += entries.length;
    }
  }

  /** Takes in what others have written since; whether that were entries. */
  look(): boolean {
    const version = this.#versionNow();
    if (version === this.#version) return false;
    const before = this.#pos;
    for (const { pos, seq, room } of this.#after.iterate(before)) {
      this.#heads.set(room as string, seq as number);
      this.#pos = pos as number;
    }
    this.#version = version;
    return this.#pos > before;
  }

  /** It is another one when another connection has committed, and costs next to nothing. */
  #versionNow(): number {
    return this.#dataVersion.get()?.data_version as number;
  }
}
