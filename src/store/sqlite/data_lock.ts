/**
 * One server a data directory: a lock that the operating system releases when the process dies,
 * however it dies.
 */
import { DatabaseSync } from "node:sqlite";
import { ConfabError } from "../../base/errors.ts";

/** Holds a data directory until it is disposed of. */
export class DataLock implements Disposable {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Takes the lock of a directory, which must exist.
   *
   * @throws {ConfabError} `data-in-use`, naming the process that has it; `store` when the directory
   * cannot be written.
   */
  static take(directory: string): DataLock {
    const pidPath = `${directory}/server.pid`;
    let db: DatabaseSync | undefined;
    try {
      // SQLite's own lock: it works wherever the database itself does, and needs no more than it.
      db = new DatabaseSync(`${directory}/server.lock`);
      db.exec(
        "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
      );
      Deno.writeTextFileSync(pidPath, `${Deno.pid}\n`);
      return new DataLock(db);
    } catch (error) {
      db?.close();
      if (/locked|busy/i.test((error as Error).message)) {
        const holder = readPid(pidPath);
        const who = holder === undefined
          ? "another process"
          : `process ${holder}`;
        throw new ConfabError(
          "data-in-use",
          `${directory} is in use by ${who}: stop that, or give another --data`,
        );
      }
      throw new ConfabError(
        "store",
        `locking ${directory}: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

function readPid(path: string): string | undefined {
  try {
    return /^\d+$/.exec(Deno.readTextFileSync(path).trim())?.[0];
  } catch {
    return undefined;
  }
}
