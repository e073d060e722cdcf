import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { testsOf } from "../../_testing.ts";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import type { Commit, Entry } from "../../../src/store/store.ts";
import {
  allRecords,
  appending,
  entries,
  entry,
  inDirectory,
} from "../_helpers.ts";

const test = testsOf("retention in SQLite", { read: true, write: true });

const NOW = entry("den", 0).at + 1_000_000;

function inStore(
  use: (store: SqliteStore, path: string) => Promise<void>,
): () => Promise<void> {
  return () =>
    inDirectory(async (directory) => {
      const path = `${directory}/confab.db`;
      await using store = SqliteStore.open(path);
      await use(store, path);
    });
}

async function indexAll(store: SqliteStore): Promise<void> {
  while (await store.index());
}

/** What stands in a table, asked by another program. */
function rows(path: string, sql: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare(sql).all().map((row) => Object.values(row).join(" "));
  } finally {
    db.close();
  }
}

test(
  "takes away the oldest of all rooms, and from the index",
  inStore(async (store, path) => {
    await store.commit(appending(0, entries("one", 1, 3)));
    await store.commit(appending(0, entries("two", 1, 3)));
    await store.commit(appending(3, entries("one", 4, 6)));
    await indexAll(store);
    const trimmed = await store.trim(Infinity, 4, NOW);
    assertEquals(trimmed, { entries: 4, until: entry("two", 1).at });
    const seqs = async (room: string) =>
      (await store.read(room, 1, 9)).map(({ seq }) => seq);
    assertEquals(await seqs("one"), [4, 5, 6]);
    assertEquals(await seqs("two"), [2, 3]);
    const found = await store.search("one", ["one"], 9);
    assertEquals(found.entries.map(({ seq }) => seq), [4, 5, 6]);
    assertEquals(rows(path, "SELECT count(*) FROM search_docsize"), ["5"]);
    assertEquals([store.headOf("one"), store.headOf("two")], [6, 3]);
  }),
);

test(
  "takes away what is older than a time, and nothing else",
  inStore(async (store) => {
    await store.commit(appending(0, entries("den", 1, 9)));
    const before = entry("den", 4).at;
    assertEquals((await store.trim(before, 100, NOW)).entries, 3);
    assertEquals((await store.trim(before, 100, NOW)).entries, 0);
    assertEquals((await store.read("den", 1, 1))[0]?.seq, 4);
  }),
);

test("gives no seq twice, where nothing is left of a room, after a restart too", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    {
      await using store = SqliteStore.open(path);
      await store.commit(appending(0, entries("den", 1, 5)));
      await store.commit(appending(0, entries("other", 1, 1)));
      assertEquals((await store.trim(Infinity, 100, NOW)).entries, 5);
      assertEquals(store.headOf("den"), 5);
      // Whoever opens it now finds it as after a crash: nothing was noted at the end.
      await using other = SqliteStore.open(path);
      assertEquals(other.headOf("den"), 5);
    }
    await using store = SqliteStore.open(path);
    assertEquals(await store.read("den", 1, 9), []);
    assertEquals(store.headOf("den"), 5);
    await store.commit(appending(5, entries("den", 6, 6)));
    assertEquals((await store.read("den", 1, 9)).map(({ seq }) => seq), [6]);
  }));

test(
  "keeps the journal's last entry, which counts the positions, and takes its text when it is due",
  inStore(async (store) => {
    await store.commit(appending(0, entries("den", 1, 3)));
    const position = await store.position();
    assertEquals((await store.trim(Infinity, 100, NOW)).entries, 2);
    assertEquals((await store.read("den", 1, 9))[0]?.body, "den 3");
    assertEquals((await store.trim(NOW, 100, NOW)).entries, 1);
    assertEquals((await store.read("den", 1, 9))[0]?.kind, "gone");
    assertEquals((await store.trim(NOW, 100, NOW)).entries, 0);
    await store.commit(appending(3, entries("den", 4, 4)));
    assertEquals(await store.position(), position + 1);
    await indexAll(store);
    assertEquals((await store.search("den", ["den"], 9)).entries.length, 1);
  }),
);

/** A conversation with a message, and what is known of it. */
function talk(): Commit {
  const key = "@ SHA256:a SHA256:b";
  const kinds = [
    ["talk", key],
    ["inbox", `SHA256:b ${key}`],
    ["request", `SHA256:a ${key}`],
    ["inbox", "SHA256:b @ SHA256:b SHA256:c"],
  ] as const;
  return {
    ...appending(0, [entry(key, 1, { person: "SHA256:a", to: "bob" })]),
    writes: kinds.map(([kind, key]) => ({
      kind,
      key,
      expectedVersion: 0,
      value: {},
    })),
  };
}

test(
  "forgets conversations and people of whom nothing is left",
  inStore(async (store, path) => {
    const by = (person: string, more: Partial<Entry> = {}) => (one: Entry) => ({
      ...one,
      person,
      ...more,
    });
    await store.commit(talk());
    await store.commit(
      appending(0, entries("den", 1, 2).map(by("SHA256:gone", { id: "x" }))),
    );
    await store.commit(appending(2, entries("den", 3, 3).map(by("SHA256:b"))));
    await store.commit(appending(3, entries("den", 4, 4).map(by("SHA256:d"))));
    await store.trim(Infinity, 3, NOW);
    assertEquals(allRecords(store).map(({ key }) => key), [
      "SHA256:b @ SHA256:b SHA256:c",
    ]);
    assertEquals(rows(path, "SELECT key FROM people ORDER BY key"), [
      "SHA256:b",
      "SHA256:d",
    ]);
    // Who is forgotten is stored like anybody when it writes again.
    const again = entries("den", 5, 5).map(by("SHA256:gone"));
    await store.commit(appending(4, again));
    assertEquals(await store.read("den", 5, 9), again);
    assertEquals(rows(path, "PRAGMA foreign_key_check"), []);
  }),
);

test(
  "forgets rooms that have been empty for long, and not those where somebody is",
  inStore(async (store) => {
    for (const room of ["one", "two", "last"]) {
      await store.commit({
        ...appending(0, entries(room, 1, 1)),
        writes: [{
          kind: "room",
          key: room,
          expectedVersion: 0,
          value: { name: room },
        }],
      });
    }
    await store.trim(Infinity, 9, NOW);
    const isKept = (room: string) => room === "two";
    assertEquals(await store.forgetRooms(NOW, 9, isKept), 0);
    assertEquals(await store.forgetRooms(NOW + 1, 9, isKept), 1);
    assertEquals(allRecords(store, ["room"]).map(({ key }) => key), [
      "last",
      "two",
    ]);
    // One where something was said since is no empty room.
    await store.commit(appending(1, entries("two", 2, 2)));
    assertEquals(await store.forgetRooms(NOW + 1, 9, () => false), 0);
    assertEquals(store.headOf("two"), 2);
  }),
);

test(
  "forgets with a room who was banned, muted or invited there, and what its name looks like",
  inStore(async (store) => {
    const put = (kind: string, key: string, value: unknown = {}) => ({
      kind,
      key,
      expectedVersion: 0,
      value,
    });
    const lists = ["ban", "ban-name", "mute-near", "invited", "uninvited"];
    const others = ["de", "den2", "den.", "denn"];
    for (const room of ["den", ...others]) {
      await store.commit({
        ...appending(0, entries(room, 1, 1)),
        writes: [
          put("room", room, { name: room === "den" ? "Den" : room }),
          ...lists.map((kind) => put(kind, `${room} 0 SHA256:ann`)),
        ],
      });
    }
    const looks = [
      put("room-look", "den-like", { names: ["den", "de"] }),
      put("room-look", "den-only", { names: ["den"] }),
      put("server-ban", "den 0 SHA256:ann"),
    ];
    await store.commit({ appends: [], writes: looks });
    await store.trim(Infinity, 9, NOW);
    const forget = () =>
      store.forgetRooms(
        Infinity,
        4,
        (room) => room !== "den",
        (name) => name === "Den" ? ["den-like", "den-only", "none"] : [],
      );
    // At most as many records at a time as rooms: what is left of a list goes before its room.
    assertEquals(await forget(), 1);
    assertEquals(store.record("room", "den")?.value, { name: "Den" });
    assertEquals(await forget(), 1);
    assertEquals(store.record("room", "den"), undefined);
    assertEquals(await forget(), 0);
    const left = allRecords(store, lists).map(({ key }) => key.split(" ")[0]);
    assertEquals(new Set(left), new Set(others));
    assertEquals(left.length, lists.length * others.length);
    assertEquals(
      allRecords(store, ["room-look"]).map(({ key, value }) => [key, value]),
      [["den-like", { names: ["de"] }]],
    );
    assertEquals(allRecords(store, ["server-ban"]).length, 1);
  }),
);

test(
  "gives the space of what it took away to what comes next",
  inStore(async (store, path) => {
    const body = "x".repeat(4_000);
    let head = 0;
    const write = async (count: number) => {
      const some = Array.from(
        { length: count },
        (_, at) => entry("den", head + at + 1, { body: `${body}${at}` }),
      );
      await store.commit(appending(head, some));
      head += count;
    };
    await write(500);
    const before = await store.usedBytes();
    for (let round = 0; round < 10; round++) {
      assertEquals((await store.trim(Infinity, 250, NOW)).entries, 250);
      await write(250);
    }
    await store.cleanse();
    assert(await store.usedBytes() < 1.2 * before);
    assert(Deno.statSync(path).size < 1.2 * before);
  }),
);
