/** Opens the file of the database, as all of it is to be written. */
import { DatabaseSync } from "node:sqlite";
import { DATABASE_BUSY_MS, DATABASE_LOG_BYTES } from "../../base/limits.ts";
import { migrate } from "./schema.ts";

/**
 * What a commit survives: `process` the death of the process (the operating system has the bytes),
 * `full` also that of the machine (the disk has them).
 */
export type Durability = "process" | "full";

/** Opens the file, makes it where it is missing, and brings it to the present schema. */
export function openDatabase(
  path: string,
  durability: Durability = "process",
): DatabaseSync {
  makePrivate(path);
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${DATABASE_BUSY_MS}`);
    // First of all: a file that is another program's must stay as it is.
    migrate(db, path);
    const synchronous = durability === "full" ? "FULL" : "NORMAL";
    // What is deleted is overwritten, and the log of changes does not stay at its longest.
    db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
       PRAGMA secure_delete = ON; PRAGMA journal_size_limit = ${DATABASE_LOG_BYTES}`,
    );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes a missing file, for its owner only; SQLite gives its journals the same mode. */
function makePrivate(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
