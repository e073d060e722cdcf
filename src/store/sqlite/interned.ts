/** Strings that are stored once and numbered: rooms, people, kinds. */
import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * Numbers of the strings of a table. A number stays what it is, whoever wrote it; those given in a
 * transaction count only when it is committed.
 */
export class Interned {
  readonly #known = new Map<string, number>();
  readonly #fresh = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync, table: "rooms" | "people" | "kinds") {
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

  /** The number of a string, which is given now if it has none: within a transaction. */
  idOf(key: string): number {
    let id = this.#fresh.get(key) ?? this.find(key);
    if (id === undefined) {
      id = Number(this.#insert.run(key).lastInsertRowid);
      this.#fresh.set(key, id);
    }
    return id;
  }

  /** The transaction is committed. */
  settle(): void {
    if (this.#fresh.size === 0) return;
    for (const [key, id] of this.#fresh) this.#known.set(key, id);
    this.#fresh.clear();
  }

  /** The transaction never was. */
  forget(): void {
    this.#fresh.clear();
  }
}
