/**
 * What only the store in a file does: it is there again, knows its own files, and outlives a full
 * disk.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ConfabError } from "../../../src/base/errors.ts";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import { testsOf } from "../../_testing.ts";
import {
  allRecords,
  appending,
  assertHeads,
  assertRefused,
  entries,
  entry,
  inDirectory,
  writing,
} from "../_helpers.ts";

/** "conf" in ASCII. */
const APPLICATION_ID = 1_668_247_142;
const ANN = "SHA256:ann";
const STEPS_TAKEN = 10;

const test = testsOf("SQLite store", { read: true, write: true });

for (const durability of ["process", "full"] as const) {
  test(`has everything again after it was closed, with durability ${durability}`, () =>
    inFile(async (path) => {
      const said = entry("lobby", 3, { person: ANN, id: "1" });
      {
        await using store = SqliteStore.open(path, { durability });
        await store.commit(appending(0, entries("lobby", 1, 2)));
        await store.commit(appending(2, [said]));
        await store.commit(appending(0, entries("den", 1, 4)));
        await store.commit(writing("ann", 0, 1));
        await store.commit(writing("ann", 1, { person: ANN }));
      }
      await using store = SqliteStore.open(path, { durability });
      assertHeads(store, { lobby: 3, den: 4 });
      assertEquals(
        await store.read("lobby", 1, 9),
        [...entries("lobby", 1, 2), said],
      );
      assertEquals(await store.recentOf(ANN, 9), [said]);
      assertEquals(allRecords(store), [
        { kind: "name", key: "ann", version: 2, value: { person: ANN } },
      ]);
      // And it goes on from there.
      await assertRefused(store, appending(2, entries("lobby", 3, 3)));
      const next = entry("lobby", 4, { person: ANN, id: "2" });
      await store.commit(appending(3, [next]));
      await store.commit(writing("ann", 2, null));
      assertEquals(await store.recentOf(ANN, 9), [next, said]);
    }));
}

test("has what was committed though it was never closed", () =>
  inFile(async (path) => {
    await using first = SqliteStore.open(path);
    await first.commit(appending(0, entries("lobby", 1, 3)));
    await using second = SqliteStore.open(path);
    assertHeads(second, { lobby: 3 });
  }));

test("may be closed twice", () =>
  inFile(async (path) => {
    const store = SqliteStore.open(path);
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  }));

test("makes an empty file one of the present schema", () =>
  inFile(async (path) => {
    Deno.writeFileSync(path, new Uint8Array(0));
    await SqliteStore.open(path)[Symbol.asyncDispose]();
    assertEquals(marksOf(path), [APPLICATION_ID, STEPS_TAKEN]);
    // A second time there is nothing to do.
    await SqliteStore.open(path)[Symbol.asyncDispose]();
    assertEquals(marksOf(path), [APPLICATION_ID, STEPS_TAKEN]);
  }));

test("refuses a file of a newer confab, and names it", () =>
  inFile(async (path) => {
    await SqliteStore.open(path)[Symbol.asyncDispose]();
    change(path, "PRAGMA user_version = 99");
    assertStringIncludes(refusalOf(path), "newer");
    assertEquals(marksOf(path), [APPLICATION_ID, 99]);
  }));

test("refuses another program's database, names it, and leaves it as it is", () =>
  inFile((path) => {
    for (
      const sql of [
        "CREATE TABLE foreign_one (a)",
        "PRAGMA application_id = 1234567; CREATE TABLE foreign_two (a)",
        "PRAGMA user_version = 1",
      ]
    ) {
      change(path, sql);
      const before = Deno.readFileSync(path);
      refusalOf(path);
      assertEquals(Deno.readFileSync(path), before);
    }
  }));

test("refuses a file that is no database, and names it", () =>
  inFile((path) => {
    Deno.writeTextFileSync(path, "a text of some length\n".repeat(500));
    refusalOf(path);
  }));

test("names the path when it cannot be opened", () =>
  inDirectory((directory) => {
    refusalOf(directory);
    refusalOf(`${directory}/missing/confab.db`);
  }));

test("keeps nothing of a turn for which the disk is too full, and works again when there is space", () =>
  inFile(async (path) => {
    const [store, db] = openWithConnection(path);
    await using _ = store;
    await store.commit(appending(0, [entry("lobby", 1)]));
    const pages = db.prepare("PRAGMA page_count").get()!.page_count as number;
    db.exec(`PRAGMA max_page_count = ${pages}`);
    const txt = "x".repeat(4_000);
    const many = Array.from(
      { length: 50 },
      (_, at) =>
        entry("lobby", 2 + at, { person: ANN, id: `${at}`, body: txt }),
    );
    const turn = {
      appends: [
        { room: "new", expectedHead: 0, entries: entries("new", 1, 1) },
        { room: "lobby", expectedHead: 1, entries: many },
      ],
      writes: writing("ann", 0, { txt }).writes,
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      const error = await assertRefused(store, turn);
      assertStringIncludes(error.message, "full");
      assertHeads(store, { lobby: 1 });
      assertEquals(await store.read("lobby", 1, 9), [entry("lobby", 1)]);
      assertEquals(await store.read("new", 1, 9), []);
      assertEquals(await store.recentOf(ANN, 9), []);
      assertEquals(allRecords(store), []);
    }
    db.exec("PRAGMA max_page_count = 1000000");
    await store.commit(turn);
    assertHeads(store, { lobby: 51, new: 1 });
    assertEquals(await store.recentOf(ANN, 1), [many.at(-1)!]);
    assertEquals(allRecords(store).length, 1);
  }));

/** Calls `use` with the path of a file that is not there yet. */
function inFile(use: (path: string) => void | Promise<void>): Promise<void> {
  return inDirectory((directory) => use(`${directory}/confab.db`));
}

function change(path: string, sql: string): void {
  using db = new DatabaseSync(path);
  db.exec(sql);
}

/** The marks of a database: `application_id` and `user_version`. */
function marksOf(path: string): unknown[] {
  using db = new DatabaseSync(path, { readOnly: true });
  return [
    db.prepare("PRAGMA application_id").get()!.application_id,
    db.prepare("PRAGMA user_version").get()!.user_version,
  ];
}

/** What is said when a path cannot be opened; it names the path. */
function refusalOf(path: string): string {
  const error = assertThrows(() => SqliteStore.open(path), ConfabError);
  assertEquals(error.code, "store");
  assertStringIncludes(error.message, path);
  return error.message;
}

/** A store and its own connection: how large a file may become is a matter of the connection. */
function openWithConnection(path: string): [SqliteStore, DatabaseSync] {
  let db: DatabaseSync | undefined;
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql: string) {
    db = this;
    return exec.call(this, sql);
  };
  try {
    const store = SqliteStore.open(path);
    assert(db !== undefined);
    return [store, db];
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
}
