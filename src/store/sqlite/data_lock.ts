/**
 * One server a data directory: a lock that the operating system releases when the process dies,
 * however it dies.
 */
import { DatabaseSync } from "node:sqlite";
import { ConfabError } from "../../base/errors.ts";

/**
 * Takes the lock of a directory, which must exist, and holds it until it is disposed of.
 *
 * @throws {ConfabError} `data-in-use`, naming the process that has it; `store` when the directory
 * cannot be written.
 */
export function lockData(directory: string): Disposable {
  const pidPath = `${directory}/server.pid`;
  let db: DatabaseSync | undefined;
  try {
    // SQLite's own lock: it works wherever the database itself does, and needs no more than it.
    db = new DatabaseSync(`${directory}/server.lock`);
    db.exec(
      "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
    );
    Deno.writeTextFileSync(pidPath, `${Deno.pid}\n`);
    return db;
  } catch (cause) {
    db?.close();
    const { message } = cause as Error;
    if (!/locked|busy/i.test(message)) {
      const what = `locking ${directory}: ${message}`;
      throw new ConfabError("store", what, { cause });
    }
    const holder = readPid(pidPath);
    const who = holder === undefined ? "another process" : `process ${holder}`;
    throw new ConfabError(
      "data-in-use",
      `${directory} is in use by ${who}: stop that, or give another --data`,
    );
  }
}

function readPid(path: string): string | undefined {
  try {
    return /^\d+$/.exec(Deno.readTextFileSync(path).trim())?.[0];
  } catch {
    return undefined;
  }
}
