/** Runs the same tests over every store. */
import { FakeClock } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { testsOf } from "../_testing.ts";
import { SqliteStore } from "../../src/store/sqlite/store.ts";
import type { Store } from "../../src/store/store.ts";
import { inDirectory } from "./_helpers.ts";

type Use = (store: Store) => Promise<void>;

/** Registers a test of each behaviour for the store in memory, and for the one in SQLite. */
export function testStores(behaviours: Record<string, Use>): void {
  const inMemory = testsOf("store in memory");
  const inSqlite = testsOf("store in SQLite", { read: true, write: true });
  for (const [name, use] of Object.entries(behaviours)) {
    inMemory(name, async () => {
      await using store = new MemoryStore();
      await use(store);
    });
    inSqlite(name, () =>
      inDirectory(async (directory) => {
        const path = `${directory}/confab.db`;
        await using store = SqliteStore.open(path, { clock: new FakeClock() });
        await use(store);
      }));
  }
}
