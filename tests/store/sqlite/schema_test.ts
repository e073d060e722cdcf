/**
 * A database of the version before: `schema_2.db` was made by the last program that knew no kinds
 * but text and action, of these entries and records, and its search index had taken in the first
 * 64.
 */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import type { Entry } from "../../../src/store/store.ts";
import { testsOf } from "../../_testing.ts";
import {
  allRecords,
  appending,
  assertHeads,
  following,
  inDirectory,
  nextOf,
} from "../_helpers.ts";

const AT = 1_768_478_400_000;
const ANN = "SHA256:ann";
const BOB = "SHA256:bob";
const STREET = "stra\u00dfe \u2728";
const TALK = "@SHA256:ann SHA256:bob";

const LOBBY: readonly Entry[] = [
  ...Array.from({ length: 70 }, (_, at): Entry => ({
    room: "lobby",
    seq: at + 1,
    at: AT + at,
    from: "ann",
    person: ANN,
    kind: "text",
    body: `message ${at + 1}`,
    id: `id-${at + 1}`,
  })),
  {
    room: "lobby",
    seq: 71,
    at: AT + 71,
    from: "bob",
    kind: "text",
    body: "Grüße an alle, 你好世界",
  },
  {
    room: "lobby",
    seq: 72,
    at: AT + 72,
    from: "ann",
    person: ANN,
    kind: "action",
    body: "waves a flag",
    id: "\x01\0'\x010\u{1f600}",
  },
];
const IN_STREET: Entry = {
  room: STREET,
  seq: 1,
  at: AT + 73,
  from: "bob",
  person: BOB,
  kind: "text",
  body: "a 'quote'\n\tand a \"quote\"",
  id: "\0",
};
const PRIVATE: readonly Entry[] = [
  {
    room: TALK,
    seq: 1,
    at: AT + 74,
    from: "ann",
    person: ANN,
    to: "bob",
    kind: "text",
    body: "between us",
    id: "p-1",
  },
  {
    room: TALK,
    seq: 2,
    at: AT + 75,
    from: "bob",
    person: BOB,
    to: "ann",
    kind: "action",
    body: "nods",
  },
];
const RECORDS = [
  { kind: "name", key: "ann", version: 1, value: { person: ANN, name: "ann" } },
  {
    kind: "person",
    key: ANN,
    version: 2,
    value: { name: "ann", usedAt: AT + 72 },
  },
  {
    kind: "room",
    key: "lobby",
    version: 1,
    value: {
      name: "lobby",
      topic: { text: 'a "topic" \u{1f600}', by: "ann", at: AT },
    },
  },
  { kind: "talk", key: TALK, version: 1, value: { waiting: { [ANN]: 1 } } },
];

const test = testsOf("database of schema 2", { read: true, write: true });

/** Calls `use` with the path of a copy of it. */
function copied(use: (path: string) => Promise<void>): Promise<void> {
  return inDirectory((directory) => {
    const path = `${directory}/confab.db`;
    Deno.copyFileSync(new URL("schema_2.db", import.meta.url), path);
    return use(path);
  });
}

test("has everything as it was said", () =>
  copied(async (path) => {
    await using store = SqliteStore.open(path);
    assertHeads(store, { lobby: 72, [STREET]: 1, [TALK]: 2 });
    assertEquals(await store.read("lobby", 1, 100), LOBBY);
    assertEquals(await store.read(STREET, 1, 100), [IN_STREET]);
    assertEquals(await store.read(TALK, 1, 100), PRIVATE);
    assertEquals(
      await store.recentOf(ANN, 3),
      [PRIVATE[0], LOBBY[71], LOBBY[69]],
    );
    assertEquals(await store.recentOf(BOB, 3), [IN_STREET]);
    assertEquals(allRecords(store), RECORDS);
    const follower = following(store);
    assertEquals(
      await nextOf(follower, 75),
      [...LOBBY, IN_STREET, ...PRIVATE],
    );
    await follower.return?.();
  }));

test("is searched, both what was indexed and what was not", () =>
  copied(async (path) => {
    await using store = SqliteStore.open(path);
    const find = async (room: string, ...words: string[]) =>
      (await store.search(room, words, 9)).entries;
    assertEquals(
      await find("lobby", "message 6"),
      [LOBBY[5]!, ...LOBBY.slice(59, 69)].slice(-9),
    );
    assertEquals(await find("lobby", "GRÜSSE"), []);
    assertEquals(await find("lobby", "grüße", "好世界"), [LOBBY[70]!]);
    assertEquals(await find("lobby", "flag"), [LOBBY[71]!]);
    assertEquals(await find(TALK, "us"), [PRIVATE[0]!]);
    assertEquals(await find(TALK, "nods"), [PRIVATE[1]!]);
    assertEquals(await find(STREET, "between"), []);
  }));

test("goes on, with kinds that it did not know", () =>
  copied(async (path) => {
    const sealed: Entry = {
      ...LOBBY[71]!,
      seq: 73,
      kind: "sealed",
      body: "\0",
    };
    const action: Entry = { ...LOBBY[71]!, seq: 74, body: "waves again" };
    {
      await using store = SqliteStore.open(path);
      const follower = following(store, await store.position());
      await store.commit(appending(72, [sealed, action]));
      assertEquals(await nextOf(follower, 2), [sealed, action]);
      await follower.return?.();
    }
    await using store = SqliteStore.open(path);
    assertEquals(
      await store.read("lobby", 71, 9),
      [LOBBY[70], LOBBY[71], sealed, action],
    );
    assertEquals(
      (await store.search("lobby", ["waves"], 9)).entries,
      [LOBBY[71]!, action],
    );
  }));

test("has its read marks with the conversations and people that they are of", () =>
  copied(async (path) => {
    const talk = `@ ${ANN} ${BOB}`;
    {
      using db = new DatabaseSync(path);
      db.prepare("UPDATE rooms SET key = ? WHERE key = ?").run(talk, TALK);
      db.prepare("UPDATE records SET key = ? WHERE key = ?").run(talk, TALK);
      const mark = db.prepare("INSERT INTO records VALUES ('read', ?, 3, ?)");
      mark.run(`${BOB} lobby`, JSON.stringify({ seq: 70 }));
      mark.run(`${BOB} ${STREET}`, JSON.stringify({ seq: 1 }));
      mark.run(`${BOB} ${talk}`, JSON.stringify({ seq: 2 }));
      mark.run(`${ANN} ${talk}`, JSON.stringify({ seq: 1 }));
      mark.run(`${ANN} lobby`, JSON.stringify({ seq: 72 }));
    }
    await using store = SqliteStore.open(path);
    assertEquals(store.record("talk", talk)?.value, {
      waiting: { [ANN]: 1 },
      read: { [ANN]: 1, [BOB]: 2 },
    });
    // Ann has not read it to the end.
    assertEquals(
      store.list("inbox", "", 9).map(({ key, value }) => [key, value]),
      [[`${ANN} ${talk}`, { at: AT + 75 }]],
    );
    const seqs = (person: string) => {
      const { rooms } = store.record("read", person)?.value as {
        rooms: Record<string, { seq: number }>;
      };
      return Object.entries(rooms).map(([room, { seq }]) => [room, seq]);
    };
    assertEquals(seqs(ANN), [["lobby", 72]]);
    assertEquals(seqs(BOB).toSorted(), [["lobby", 70], [STREET, 1]].toSorted());
    assertEquals(store.list("read", "", 9).length, 2);
  }));

test("has the bans, mutes and invitations of its rooms as records, and counts in the rooms", () =>
  copied(async (path) => {
    const topic = { text: "tea", by: "ann", at: 7 };
    const rooms = {
      den: {
        name: "Den",
        creator: ANN,
        operators: [BOB],
        bans: [
          { name: "Eve", key: "SHA256:eve" },
          { name: "gus", address: "10.0.0.7" },
        ],
        muted: [{ name: "mut", key: "SHA256:mut" }],
        locked: true,
        invited: [BOB, "SHA256:ivy"],
        topic,
      },
      hall: { name: "hall", bans: [], invited: [] },
      inn: { name: "inn", creator: ANN, topic },
    };
    {
      using db = new DatabaseSync(path);
      const room = db.prepare("INSERT INTO records VALUES ('room', ?, 3, ?)");
      const known = db.prepare("INSERT INTO rooms (key) VALUES (?)");
      for (const [key, value] of Object.entries(rooms)) {
        room.run(key, JSON.stringify(value));
        known.run(key);
      }
    }
    await using store = SqliteStore.open(path);
    const valuesOf = (kind: string) =>
      store.list(kind, "", 9).map(({ key, value }) => [key, value]);
    assertEquals(valuesOf("ban"), [
      ["den 10.0.0.7", { name: "gus", at: 0 }],
      ["den SHA256:eve", { name: "Eve", at: 0 }],
    ]);
    assertEquals(valuesOf("ban-name"), [
      ["den eve SHA256:eve", {}],
      ["den gus 10.0.0.7", {}],
    ]);
    assertEquals(valuesOf("mute"), [
      ["den SHA256:mut", { name: "mut", at: 0 }],
    ]);
    assertEquals(valuesOf("mute-name"), [["den mut SHA256:mut", {}]]);
    assertEquals(valuesOf("invited"), [
      [`den 0 ${BOB}`, {}],
      ["den 0 SHA256:ivy", {}],
    ]);
    assertEquals(store.record("room", "den"), {
      kind: "room",
      key: "den",
      version: 4,
      value: {
        name: "Den",
        creator: ANN,
        operators: [BOB],
        locked: true,
        topic,
        lists: { ban: { count: 2 }, mute: { count: 1 } },
        invited: 2,
      },
    });
    assertEquals(store.record("room", "hall")?.value, { name: "hall" });
    assertEquals(store.record("room", "inn"), {
      kind: "room",
      key: "inn",
      version: 3,
      value: rooms.inn,
    });
  }));

test("has the schema of a new one afterwards", () =>
  copied(async (path) => {
    await SqliteStore.open(path)[Symbol.asyncDispose]();
    await SqliteStore.open(`${path}.new`)[Symbol.asyncDispose]();
    assertEquals(schemaOf(path), schemaOf(`${path}.new`));
  }));

function schemaOf(path: string): unknown[] {
  using db = new DatabaseSync(path);
  return [
    db.prepare("PRAGMA user_version").get(),
    ...db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all(),
    ...db.prepare("SELECT * FROM kinds").all(),
  ];
}
