/** Which rooms were used most recently, as any store knows it. */
import { assertEquals } from "@std/assert";
import { SqliteStore } from "../../src/store/sqlite/store.ts";
import type { Store } from "../../src/store/store.ts";
import { testsOf } from "../_testing.ts";
import { entry, inDirectory } from "./_helpers.ts";
import { testStores } from "./_stores.ts";

/** Something is said in these rooms, one after the other. */
async function said(store: Store, ...rooms: string[]): Promise<void> {
  for (const room of rooms) {
    const head = store.headOf(room);
    const entries = [entry(room, head + 1)];
    await store.commit({
      appends: [{ room, expectedHead: head, entries }],
      writes: [],
    });
  }
}

testStores({
  "gives the rooms by when something was said there last": async (store) => {
    assertEquals(store.recentRooms(10), []);
    await said(store, "a", "b", "@ SHA256:x SHA256:y", "c", "a");
    assertEquals(store.recentRooms(10), ["a", "c", "b"]);
    assertEquals(store.recentRooms(2), ["a", "c"]);
    await said(store, "b");
    assertEquals(store.recentRooms(2), ["b", "a"]);
  },
});

const test = testsOf("store in SQLite", { read: true, write: true });

test("knows the order of rooms when it is opened again, and what was said since then", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    {
      await using store = SqliteStore.open(path);
      await said(store, "a", "b", "@ SHA256:x SHA256:y", "c", "a");
    }
    await using store = SqliteStore.open(path);
    assertEquals(store.recentRooms(10), ["a", "c", "b"]);
    await said(store, "b", "d");
    assertEquals(store.recentRooms(10), ["d", "b", "a", "c"]);
    assertEquals(store.recentRooms(3), ["d", "b", "a"]);
    await using other = SqliteStore.open(path);
    assertEquals(other.recentRooms(3), ["d", "b", "a"]);
  }));
