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
  `
  -- A record may have a time, after which it counts for nothing.
  ALTER TABLE records ADD COLUMN until INTEGER;
  CREATE INDEX records_by_until ON records (until) WHERE until IS NOT NULL;
  -- How far people have read: the marks of a conversation are kept with it, those of the rooms of a
  -- person in one record.
  CREATE TEMP TABLE marks AS
    SELECT substr(key, 1, instr(key, ' ') - 1) AS person, substr(key, instr(key, ' ') + 1) AS room,
      value ->> 'seq' AS seq
    FROM records WHERE kind = 'read';
  UPDATE records SET version = version + 1, value = json_set(value, '$.read', (
      SELECT json_group_object(person, seq) FROM marks WHERE room = records.key
    ))
    WHERE kind = 'talk' AND key IN (SELECT room FROM marks);
  DELETE FROM records WHERE kind = 'read';
  INSERT INTO records (kind, key, version, value)
    SELECT 'read', person, 1, json_object('rooms', json_group_object(room,
      json_object('seq', seq, 'at', CAST(unixepoch('subsec') * 1000 AS INTEGER))))
    FROM marks WHERE room NOT LIKE '@%' GROUP BY person;
  DROP TABLE marks;
  -- Conversations where somebody has not read everything, by that person.
  CREATE TEMP TABLE talkers AS
    SELECT talk, read, substr(rest, 1, instr(rest, ' ') - 1) AS one,
      substr(rest, instr(rest, ' ') + 1) AS two
    FROM (SELECT key AS talk, value -> '$.read' AS read, substr(key, 3) AS rest FROM records
      WHERE kind = 'talk' AND key LIKE '@ %');
  INSERT OR IGNORE INTO records (kind, key, version, value)
    SELECT 'inbox', person || ' ' || talk, 1, json_object('at', last.at)
    FROM (SELECT one AS person, talk, read FROM talkers
      UNION SELECT two, talk, read FROM talkers) AS side
    JOIN rooms ON rooms.key = talk
    JOIN entries AS last ON last.room = rooms.id
      AND last.seq = (SELECT max(seq) FROM entries WHERE room = rooms.id)
    WHERE last.seq > coalesce(
      (SELECT mark.value FROM json_each(side.read) AS mark WHERE mark.key = side.person), 0);
  DROP TABLE talkers;
  -- Rooms where nothing was said have no records any more.
  DELETE FROM records WHERE kind = 'room' AND key NOT IN (SELECT key FROM rooms);
  `,
  `
  -- The index knows of each entry the spans of 2^11, 2^14 and 2^17 positions that it is in, so that
  -- a search can go through a part of it. All are taken in again.
  DROP TABLE search;
  CREATE VIRTUAL TABLE search USING fts5 (
    room, span11, span14, span17, txt,
    content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram'
  );
  INSERT INTO search (search, rank) VALUES ('automerge', 0), ('crisismerge', 256), ('usermerge', 8);
  -- Of lists that take more than four pages, it also knows where their parts are: small pages, so
  -- that most of what is not in a span is skipped.
  INSERT INTO search (search, rank) VALUES ('pgsz', 1000);
  UPDATE followers SET pos = 0 WHERE name = 'search';
  `,
  `
  -- Who is banned, muted or invited in a room is a record of its own, and the room has just counts.
  CREATE TEMP TABLE listed AS
    SELECT records.key AS room, list.key AS list, item.value ->> 'name' AS name,
      coalesce(item.value ->> 'key', item.value ->> 'address') AS target
    FROM records, json_each(records.value) AS list, json_each(list.value) AS item
    WHERE records.kind = 'room' AND list.key IN ('bans', 'muted')
    UNION ALL
    SELECT records.key, 'invited', NULL, item.value
    FROM records, json_each(records.value, '$.invited') AS item WHERE records.kind = 'room';
  INSERT OR IGNORE INTO records (kind, key, version, value)
    SELECT iif(list = 'bans', 'ban', 'mute'), room || ' ' || target, 1,
      json_object('name', name, 'at', 0)
    FROM listed WHERE list <> 'invited';
  -- By the name of then, as far as SQLite knows lower case.
  INSERT OR IGNORE INTO records (kind, key, version, value)
    SELECT iif(list = 'bans', 'ban-name', 'mute-name'), room || ' ' || lower(name) || ' ' || target,
      1, '{}'
    FROM listed WHERE list <> 'invited';
  INSERT OR IGNORE INTO records (kind, key, version, value)
    SELECT 'invited', room || ' 0 ' || target, 1, '{}' FROM listed WHERE list = 'invited';
  UPDATE records SET version = version + 1, value = json_patch(
      json_remove(value, '$.bans', '$.muted', '$.invited'),
      json_object(
        'lists', json_object(
          'ban', json_object('count', (SELECT count(DISTINCT target) FROM listed
            WHERE room = records.key AND list = 'bans')),
          'mute', json_object('count', (SELECT count(DISTINCT target) FROM listed
            WHERE room = records.key AND list = 'muted'))),
        'invited', (SELECT count(DISTINCT target) FROM listed
          WHERE room = records.key AND list = 'invited')))
    WHERE kind = 'room' AND key IN (SELECT room FROM listed);
  DROP TABLE listed;
  -- An empty list has no items to be found by.
  UPDATE records SET version = version + 1,
      value = json_remove(value, '$.bans', '$.muted', '$.invited')
    WHERE kind = 'room' AND (value ->> '$.bans' = '[]' OR value ->> '$.muted' = '[]'
      OR value ->> '$.invited' = '[]');
  `,
  `
  -- Entries go. Of a room without entries it is known since when (milliseconds UTC).
  ALTER TABLE rooms ADD COLUMN emptied_at INTEGER;
  CREATE INDEX rooms_emptied ON rooms (emptied_at) WHERE emptied_at IS NOT NULL;
  -- With entries_by_author this is every author's every entry.
  CREATE INDEX entries_without_id ON entries (author) WHERE author IS NOT NULL AND client_id IS NULL;
  INSERT OR IGNORE INTO kinds (key) VALUES ('gone'), ('deleted');
  -- How many entries were erased, and how many of these the search index has nothing of.
  INSERT INTO followers VALUES ('erased', 0), ('cleansed', 0);
  `,
  `
  -- Position of a room's last entry, noted with its head: which rooms were used most recently.
  ALTER TABLE rooms ADD COLUMN last_pos INTEGER;
  UPDATE rooms SET last_pos =
    (SELECT pos FROM entries WHERE room = rooms.id ORDER BY seq DESC LIMIT 1);
  CREATE INDEX rooms_recent ON rooms (last_pos)
    WHERE last_pos IS NOT NULL AND substr(key, 1, 1) <> '@';
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
