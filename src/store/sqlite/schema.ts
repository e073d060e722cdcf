/** The schema, as the steps that lead to it; `PRAGMA user_version` counts those taken. */
import type { DatabaseSync } from "node:sqlite";
import { ConfabError } from "../../base/errors.ts";

/** Marks the file as confab's ("conf" in ASCII). */
const APPLICATION_ID = 0x636f6e66;

/** Entries that people read, as a condition of SQL: texts have no number of a kind. */
export const IS_TEXT = "(kind IS NULL OR kind = 1)";

const STEPS: readonly string[] = [
  `
  -- Rooms and authors are stored once and numbered.
  CREATE TABLE rooms (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE people (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  -- pos: the order of all messages; seq: the order in the room.
  CREATE TABLE entries (
    pos INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES rooms,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author INTEGER REFERENCES people,
    name TEXT NOT NULL,
    recipient TEXT,
    txt TEXT NOT NULL,
    action INTEGER,
    client_id TEXT
  ) STRICT;
  CREATE UNIQUE INDEX entries_by_room ON entries (room, seq);
  CREATE INDEX entries_by_author ON entries (author, pos) WHERE author IS NOT NULL AND client_id IS NOT NULL;
  CREATE TABLE records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Trigrams find parts of words, and words of scripts that put no spaces between them. The texts
  -- are in entries only (content = '').
  CREATE VIRTUAL TABLE search USING fts5 (room, txt, content = '', tokenize = 'trigram');
  -- How far something that follows the journal has come: the last pos that it has seen.
  CREATE TABLE followers (name TEXT PRIMARY KEY, pos INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO followers VALUES ('search', 0);
  `,
  `
  -- Entries have kinds. Those there were keep their numbers, so that no row is written anew.
  ALTER TABLE entries RENAME COLUMN txt TO body;
  ALTER TABLE entries RENAME COLUMN action TO kind;
  CREATE TABLE kinds (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO kinds VALUES (1, 'action');
  `,
  `
  -- How far each room is, up to the pos that is noted: at a start only what came behind that is read.
  ALTER TABLE rooms ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
  UPDATE rooms SET head = coalesce((SELECT max(seq) FROM entries WHERE room = rooms.id), 0);
  INSERT INTO followers SELECT 'heads', coalesce(max(pos), 0) FROM entries;
  `,
  `
  -- The index knows which trigrams an entry has, and not where: that takes a quarter of the place
  -- and half of the time. An entry can be taken out of it. All are taken in again.
  DROP TABLE search;
  CREATE VIRTUAL TABLE search USING fts5 (
    room, txt, content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram'
  );
  -- Merged is in small steps, when there is time, and not when somebody waits for it.
  INSERT INTO search (search, rank) VALUES ('automerge', 0), ('crisismerge', 256), ('usermerge', 8);
  UPDATE followers SET pos = 0 WHERE name = 'search';
  `,
];

/**
 * Brings a database to the schema of this program; each step is a transaction.
 *
 * @throws {ConfabError} `store` when the file belongs to another program, or to a newer confab.
 */
export function migrate(db: DatabaseSync, path: string): void {
  const applicationId = pragma(db, "application_id");
  const version = pragma(db, "user_version");
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n;
  const isNew = applicationId === 0 && version === 0 && tables === 0;
  const refuse = (reason: string): never => {
    throw new ConfabError("store", `opening ${path}: ${reason}`);
  };
  if (!isNew && applicationId !== APPLICATION_ID) {
    refuse("it is not a database of confab; give another --data");
  }
  if (version > STEPS.length) {
    refuse(
      `it was made by a newer confab (schema ${version}, this one knows ${STEPS.length})`,
    );
  }
  for (const [at, step] of STEPS.entries()) {
    if (at < version) continue;
    const marks =
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${
        at + 1
      };`;
    db.exec(`BEGIN IMMEDIATE; ${step} ${marks} COMMIT;`);
  }
}

/** Runs what it is given within a transaction of the database, which a throw undoes. */
export function transactions(db: DatabaseSync): <T>(run: () => T) => T {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  return (run) => {
    try {
      begin.run();
      const result = run();
      commit.run();
      return result;
    } catch (error) {
      try {
        db.exec("ROLLBACK");
      } catch {
        // SQLite rolls back by itself on some errors (a full disk).
      }
      throw error;
    }
  };
}

function pragma(db: DatabaseSync, name: string): number {
  return db.prepare(`PRAGMA ${name}`).get()?.[name] as number;
}
