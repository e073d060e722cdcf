/** The directory as rows of a table. */
import type { DatabaseSync } from "node:sqlite";
import { endOfPrefix } from "../directory.ts";
import type { DirectoryRecord, RecordWrite } from "../store.ts";

export class RecordTable {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#statements = prepare(db);
  }

  get(kind: string, key: string): DirectoryRecord | undefined {
    const row = this.#statements.one.get(kind, key);
    return row === undefined ? undefined : recordOf(row);
  }

  /** Those whose keys begin with a prefix, ascending from behind the key `after` on. */
  list(
    kind: string,
    prefix: string,
    limit: number,
    after = "",
  ): DirectoryRecord[] {
    const end = endOfPrefix(prefix);
    return this.#statements.some.all(kind, prefix, after, after, end, limit)
      .map(recordOf);
  }

  /** Whether the record was of the version that is expected, and so is written now. */
  write(write: RecordWrite): boolean {
    const { kind, key, expectedVersion, value, until = null } = write;
    const { create, update, remove } = this.#statements;
    if (value === null && expectedVersion === 0) {
      return this.now(write).version === 0;
    }
    const json = JSON.stringify(value);
    const { changes } = value === null
      ? remove.run(kind, key, expectedVersion)
      : expectedVersion === 0
      ? create.run(kind, key, json, until)
      : update.run(json, until, kind, key, expectedVersion);
    return Number(changes) === 1;
  }

  /** As it is, or is not: version 0. */
  now({ kind, key }: RecordWrite): DirectoryRecord {
    return this.get(kind, key) ?? { kind, key, version: 0, value: null };
  }

  /** Removes some of those whose time is over; gives how many. */
  expire(now: number, limit: number): number {
    return Number(this.#statements.expire.run(now, limit).changes);
  }
}

function prepare(db: DatabaseSync) {
  const columns = "kind, key, version, value";
  return {
    one: db.prepare(
      `SELECT ${columns} FROM records WHERE kind = ? AND key = ?`,
    ),
    some: db.prepare(
      `SELECT ${columns} FROM records
       WHERE kind = ? AND key >= max(?, ?) AND key <> ? AND key < ? ORDER BY key LIMIT ?`,
    ),
    create: db.prepare(
      `INSERT INTO records (kind, key, version, value, until) VALUES (?, ?, 1, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    update: db.prepare(
      `UPDATE records SET value = ?, until = ?, version = version + 1
       WHERE kind = ? AND key = ? AND version = ?`,
    ),
    remove: db.prepare(
      "DELETE FROM records WHERE kind = ? AND key = ? AND version = ?",
    ),
    expire: db.prepare(
      `DELETE FROM records WHERE (kind, key) IN
       (SELECT kind, key FROM records WHERE until <= ? LIMIT ?)`,
    ),
  };
}

function recordOf(row: Record<string, unknown>): DirectoryRecord {
  return {
    ...row as unknown as DirectoryRecord,
    value: JSON.parse(row.value as string),
  };
}
