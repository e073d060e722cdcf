/** Where the rooms are at a start: what was noted, and what came behind that. */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import { testsOf } from "../../_testing.ts";
import { appending, assertHeads, entries, inDirectory } from "../_helpers.ts";

const test = testsOf("heads of the rooms", { read: true, write: true });

/** Calls `use` with the path of a store that has three entries in one room, and one in another. */
function scene(use: (path: string) => Promise<void>): Promise<void> {
  return inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    {
      await using store = SqliteStore.open(path);
      await store.commit(appending(0, entries("lobby", 1, 3)));
      await store.commit(appending(0, entries("den", 1, 1)));
    }
    await use(path);
  });
}

function change(path: string, sql: string): void {
  using db = new DatabaseSync(path);
  db.exec(sql);
}

/** How far the heads are noted, and what they are. */
function notesOf(path: string): unknown {
  using db = new DatabaseSync(path);
  const noted = db.prepare("SELECT pos FROM followers WHERE name = 'heads'");
  const rooms = db.prepare("SELECT key, head FROM rooms ORDER BY id").all();
  return [noted.get()?.pos, ...rooms.map(({ key, head }) => [key, head])];
}

test("are noted when the store is closed, and not looked for again", () =>
  scene(async (path) => {
    assertEquals(notesOf(path), [4, ["lobby", 3], ["den", 1]]);
    // Whoever looked through the entries would not believe this.
    change(path, "UPDATE rooms SET head = 7 WHERE key = 'lobby'");
    await using store = SqliteStore.open(path);
    assertHeads(store, { lobby: 7, den: 1 });
  }));

test("are right after the process died, whatever was not noted", () =>
  scene(async (path) => {
    await using dead = SqliteStore.open(path);
    await dead.commit(appending(3, entries("lobby", 4, 9)));
    await dead.commit(appending(0, entries("new", 1, 2)));
    assertEquals(notesOf(path), [4, ["lobby", 3], ["den", 1], ["new", 0]]);
    await using store = SqliteStore.open(path);
    assertHeads(store, { lobby: 9, den: 1, new: 2 });
    assertEquals(await store.position(), 12);
    await store.commit(appending(9, entries("lobby", 10, 10)));
  }));

test("are right when another program appended and noted nothing", () =>
  scene(async (path) => {
    const columns = "room, seq, at, name, body";
    change(
      path,
      `INSERT INTO entries (${columns}) VALUES (2, 2, 0, 'eve', 'a'), (2, 3, 0, 'eve', 'b')`,
    );
    await using store = SqliteStore.open(path);
    assertHeads(store, { lobby: 3, den: 3 });
    assertEquals(await store.position(), 6);
  }));

test("are noted behind every 4,096 entries, those of two programs together", () =>
  scene(async (path) => {
    await using own = SqliteStore.open(path);
    await using foreign = SqliteStore.open(path);
    await own.commit(appending(3, entries("lobby", 4, 2_000)));
    await foreign.commit(appending(1, entries("den", 2, 2_000)));
    await own.commit(appending(2_000, entries("lobby", 2_001, 2_099)));
    // 4 were there, and 4,095 came.
    await own.index();
    assertEquals(notesOf(path), [4, ["lobby", 3], ["den", 1]]);
    await own.commit(appending(2_099, entries("lobby", 2_100, 2_100)));
    await foreign.commit(appending(2_000, entries("den", 2_001, 2_001)));
    await own.index();
    assertEquals(notesOf(path), [4_101, ["lobby", 2_100], ["den", 2_001]]);
    // Who notes later knows what changed since it noted itself.
    await foreign.commit(appending(2_001, entries("den", 2_002, 2_002)));
    await foreign[Symbol.asyncDispose]();
    assertEquals(notesOf(path), [4_102, ["lobby", 2_100], ["den", 2_002]]);
  }));
