/** What every store says of a commit that is not as it was expected. */
import { assert, assertEquals } from "@std/assert";
import { CommitConflict } from "../../src/store/store.ts";
import {
  allRecords,
  appending,
  assertHeads,
  assertRefused,
  conflictOf,
  entries,
  recordsOf,
  writing,
} from "./_helpers.ts";
import { testStores } from "./_stores.ts";

testStores({
  "says every head and record that is not the expected one, as it is": async (
    store,
  ) => {
    await store.commit(appending(0, entries("lobby", 1, 3)));
    await store.commit(appending(0, entries("den", 1, 1)));
    await store.commit(writing("ann", 0, 1));
    await store.commit(writing("ann", 1, { now: "two" }));
    await store.commit(writing("bob", 0, "bob's"));
    const append = (room: string, expectedHead: number) => ({
      room,
      expectedHead,
      entries: entries(room, expectedHead + 1, expectedHead + 1),
    });
    const write = (key: string, expectedVersion: number, value: unknown) => {
      return { kind: "name", key, expectedVersion, value };
    };
    const commit = {
      appends: [
        append("lobby", 2),
        append("den", 1),
        append("new", 4),
        append("other", 0),
      ],
      writes: [
        write("ann", 1, 3),
        write("bob", 1, 4),
        write("eve", 2, 5),
        write("zoe", 1, null),
        write("new", 0, 6),
      ],
    };
    const name = (key: string, version: number, value: unknown) => {
      return { kind: "name", key, version, value };
    };
    assertEquals(await conflictOf(store, commit), {
      heads: [{ room: "lobby", head: 3 }, { room: "new", head: 0 }],
      records: [
        name("ann", 2, { now: "two" }),
        name("eve", 0, null),
        name("zoe", 0, null),
      ],
    });
    assertHeads(store, { lobby: 3, den: 1 });
    assertEquals(allRecords(store).length, 2);
  },

  "says of a conflict what was there and what was expected": async (store) => {
    await store.commit(appending(0, entries("lobby", 1, 2)));
    await store.commit(writing("ann", 0, 1));
    const head = await assertRefused(
      store,
      appending(1, entries("lobby", 2, 2)),
    );
    assertEquals(
      head.message,
      "storing a turn: the head of a room is 2, expected was 1",
    );
    const version = await assertRefused(store, writing("ann", 5, 1));
    assertEquals(
      version.message,
      "storing a turn: a record's version is 1, expected was 5",
    );
  },

  "takes a commit again with the heads and versions of the conflict": async (
    store,
  ) => {
    await store.commit(appending(0, entries("lobby", 1, 3)));
    await store.commit(writing("ann", 0, 1));
    const stale = {
      ...appending(0, entries("lobby", 1, 1)),
      ...{ writes: writing("ann", 0, 2).writes },
    };
    const { heads, records } = await conflictOf(store, stale);
    const head = heads[0]!.head;
    await store.commit({
      ...appending(head, entries("lobby", head + 1, head + 1)),
      writes: writing("ann", records[0]!.version, 2).writes,
    });
    assertHeads(store, { lobby: 4 });
    assertEquals(recordsOf(store), [["ann", 2, 2]]);
  },

  "calls a fault of the commit itself no conflict": async (store) => {
    const [first, second] = entries("lobby", 1, 3);
    const append = { room: "lobby", expectedHead: 0, entries: [first!] };
    const next = { room: "lobby", expectedHead: 1, entries: [second!] };
    for (
      const commit of [
        appending(0, [first!, first!]),
        appending(0, [second!]),
        appending(7, [first!]),
        { appends: [append, next], writes: [] },
      ]
    ) {
      const error = await assertRefused(store, commit);
      assert(!(error instanceof CommitConflict));
    }
    assertHeads(store, {});
  },

  "takes the deletion of a record that is not there": async (store) => {
    await store.commit(writing("ann", 0, null));
    assertEquals(allRecords(store), []);
    await store.commit(writing("ann", 0, 1));
    const { records } = await conflictOf(store, writing("ann", 0, null));
    assertEquals(records, [{ kind: "name", key: "ann", version: 1, value: 1 }]);
  },
});
