/** Several who write to one file: what each sees of the others. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { setImmediate } from "node:timers";
import { DatabaseSync } from "node:sqlite";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import { eventLoopTurn, FakeClock } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import {
  appending,
  assertHeads,
  conflictOf,
  entries,
  entry,
  following,
  inDirectory,
  nextOf,
  writing,
} from "../_helpers.ts";

const test = testsOf("SQLite stores of one file", { read: true, write: true });

interface Scene {
  readonly path: string;
  readonly own: SqliteStore;
  readonly foreign: SqliteStore;
  /** The clock of `own`. */
  readonly clock: FakeClock;
}

function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    const clock = new FakeClock();
    await using own = SqliteStore.open(path, { clock });
    await using foreign = SqliteStore.open(path, { clock: new FakeClock() });
    await use({ path, own, foreign, clock });
  });
}

test("conflict in a room that the other appended to, and go on from the real head", () =>
  scene(async ({ own, foreign }) => {
    await own.commit(appending(0, entries("lobby", 1, 2)));
    await foreign.commit(appending(2, entries("lobby", 3, 5)));
    await foreign.commit(appending(0, entries("new", 1, 1)));
    const commit = {
      appends: [
        { room: "lobby", expectedHead: 2, entries: entries("lobby", 3, 3) },
        { room: "new", expectedHead: 0, entries: entries("new", 1, 1) },
        { room: "den", expectedHead: 0, entries: entries("den", 1, 1) },
      ],
      writes: [],
    };
    assertEquals(await conflictOf(own, commit), {
      heads: [{ room: "lobby", head: 5 }, { room: "new", head: 1 }],
      records: [],
    });
    await own.commit(appending(5, entries("lobby", 6, 6)));
    await own.commit(appending(1, entries("new", 2, 2)));
    assertHeads(own, { lobby: 6, new: 2 });
    await foreign.position();
    assertHeads(foreign, { lobby: 6, new: 2 });
    assertEquals(await foreign.read("lobby", 1, 9), entries("lobby", 1, 6));
  }));

test("take at once a commit with the head that the other left", () =>
  scene(async ({ own, foreign }) => {
    await own.commit(appending(0, entries("lobby", 1, 1)));
    await foreign.commit(appending(1, entries("lobby", 2, 2)));
    await own.commit(appending(2, entries("lobby", 3, 3)));
    assertEquals(await own.read("lobby", 1, 9), entries("lobby", 1, 3));
  }));

test("conflict in a record that the other wrote or deleted", () =>
  scene(async ({ own, foreign }) => {
    await own.commit(writing("ann", 0, "mine"));
    await own.commit(writing("bob", 0, "mine"));
    await foreign.commit(writing("ann", 1, { by: ["the other"] }));
    await foreign.commit(writing("bob", 1, null));
    const commit = {
      appends: [],
      writes: [
        ...writing("ann", 1, "again").writes,
        ...writing("bob", 1, "again").writes,
      ],
    };
    assertEquals(await conflictOf(own, commit), {
      heads: [],
      records: [
        { kind: "name", key: "ann", version: 2, value: { by: ["the other"] } },
        { kind: "name", key: "bob", version: 0, value: null },
      ],
    });
    await own.commit(writing("ann", 2, "again"));
  }));

test("know rooms, people and kinds by the numbers that either gave", () =>
  scene(async ({ own, foreign }) => {
    const by = (room: string, seq: number, name: string) =>
      entry(room, seq, { person: name, kind: `kind of ${name}`, id: `${seq}` });
    await foreign.commit(appending(0, [by("a", 1, "ann")]));
    await own.commit(appending(0, [by("b", 1, "bob")]));
    await conflictOf(own, appending(4, [by("c", 5, "zoe")]));
    await foreign.commit(appending(0, [by("c", 1, "eve")]));
    await foreign.commit(appending(1, [by("b", 2, "ann")]));
    await own.commit(appending(1, [by("c", 2, "zoe"), by("c", 3, "eve")]));
    for (const store of [own, foreign]) {
      assertEquals(await store.read("a", 1, 9), [by("a", 1, "ann")]);
      assertEquals(
        await store.read("b", 1, 9),
        [by("b", 1, "bob"), by("b", 2, "ann")],
      );
      assertEquals(
        await store.recentOf("eve", 9),
        [by("c", 3, "eve"), by("c", 1, "eve")],
      );
    }
  }));

test("give one who follows what either wrote, in order, each once", () =>
  scene(async ({ own, foreign }) => {
    await foreign.commit(appending(0, entries("lobby", 1, 2)));
    const follower = following(own);
    await own.commit(appending(2, entries("lobby", 3, 3)));
    await foreign.commit(appending(3, entries("lobby", 4, 4)));
    await own.commit(appending(4, entries("lobby", 5, 6)));
    assertEquals(await nextOf(follower, 6), entries("lobby", 1, 6));
    // From here on it is at the head, and what waits for it is in memory.
    await own.commit(appending(6, entries("lobby", 7, 7)));
    await own.commit(appending(7, entries("lobby", 8, 8)));
    await foreign.commit(appending(8, entries("lobby", 9, 9)));
    await own.commit(appending(9, entries("lobby", 10, 10)));
    assertEquals(await nextOf(follower, 4), entries("lobby", 7, 10));
    assertEquals(await own.position(), 10);
    await follower.return?.();
  }));

test("hand own commits over as they are, without reading them", () =>
  scene(async ({ own }) => {
    const follower = following(own);
    const said = entry("lobby", 1);
    await own.commit(appending(0, [said]));
    assertStrictEquals((await nextOf(follower, 1))[0], said);
    await follower.return?.();
  }));

test("look once a second for what the other wrote while one who follows waits", () =>
  scene(async ({ own, foreign, clock }) => {
    const follower = following(own);
    let hasCome = false;
    const waiting = nextOf(follower, 2).finally(() => hasCome = true);
    await clock.advanceSlowly(10_000, 500);
    await foreign.commit(appending(0, entries("lobby", 1, 2)));
    clock.advance(999);
    await eventLoopTurn();
    assert(!hasCome);
    clock.advance(1);
    assertEquals(await waiting, entries("lobby", 1, 2));
    assertEquals(clock.waiting, 0);
    await follower.return?.();
  }));

test("give what the other wrote at once when a commit conflicts with it", () =>
  scene(async ({ own, foreign }) => {
    const follower = following(own);
    const waiting = nextOf(follower, 1);
    await eventLoopTurn();
    await foreign.commit(appending(0, entries("lobby", 1, 1)));
    await conflictOf(own, appending(0, entries("lobby", 1, 1)));
    assertEquals(await waiting, entries("lobby", 1, 1));
    await follower.return?.();
  }));

test("have a position behind what the other wrote", () =>
  scene(async ({ own, foreign }) => {
    await foreign.commit(appending(0, entries("lobby", 1, 3)));
    const pos = await own.position();
    assertEquals(pos, 3);
    const follower = following(own, pos);
    await foreign.commit(appending(3, entries("lobby", 4, 4)));
    assertEquals(await nextOf(follower, 1), entries("lobby", 4, 4));
    await follower.return?.();
  }));

test("leave no timer behind when one who follows and waits returns, or the store ends", () =>
  scene(async ({ own, clock }) => {
    const returning = following(own);
    const left = following(own);
    const ends = [returning.next(), left.next()];
    await eventLoopTurn();
    assertEquals(clock.waiting, 2);
    await returning.return?.();
    assertEquals(clock.waiting, 1);
    await own[Symbol.asyncDispose]();
    assertEquals(clock.waiting, 0);
    for (const end of ends) assertEquals((await end).done, true);
  }));

test("keep 8,192 entries in memory for one who follows and does not come, and give all", () =>
  scene(async ({ own }) => {
    const follower = following(own);
    const said = entries("lobby", 1, 9_000);
    for (let head = 0; head < 9_000; head += 1_000) {
      await own.commit(appending(head, said.slice(head, head + 1_000)));
    }
    const came = await nextOf(follower, 9_000);
    assertEquals(came, said);
    assertStrictEquals(came[7_999], said[7_999]);
    assert(came[8_000] !== said[8_000]);
    // It is at the head again.
    const next = entry("lobby", 9_001);
    await own.commit(appending(9_000, [next]));
    assertStrictEquals((await nextOf(follower, 1))[0], next);
    await follower.return?.();
  }));

test("read a long journal a page at a time, and let others have their turn", () =>
  scene(async ({ own }) => {
    await own.commit(appending(0, entries("lobby", 1, 1_000)));
    const follower = following(own);
    let isDone = false;
    let turns = 0;
    const count = () => {
      if (isDone) return;
      turns++;
      setImmediate(count);
    };
    setImmediate(count);
    assertEquals(await nextOf(follower, 1_000), entries("lobby", 1, 1_000));
    isDone = true;
    assert(turns >= 4, `${turns}`);
    await follower.return?.();
    await eventLoopTurn();
  }));

test("take an entry into the search index once", () =>
  scene(async ({ path, own, foreign }) => {
    await own.commit(appending(0, entries("lobby", 1, 100)));
    // A body of nine characters or less counts as 41 or less.
    assertEquals(await own.index(50 * 41), true);
    assertEquals(await own.index(100 * 41), true);
    assertEquals(await own.index(), false);
    assertEquals(await foreign.index(), false);
    await foreign.commit(appending(100, entries("lobby", 101, 102)));
    assertEquals([await foreign.index(), await foreign.index()], [true, false]);
    assertEquals(await own.index(), false);
    using db = new DatabaseSync(path);
    const { pos } = db.prepare(
      "SELECT pos FROM followers WHERE name = 'search'",
    ).get()!;
    assertEquals(pos, 102);
    for (const store of [own, foreign]) {
      const found = await store.search("lobby", ["lobby 10"], 9);
      assertEquals(found.entries.map(({ seq }) => seq), [10, 100, 101, 102]);
    }
  }));
