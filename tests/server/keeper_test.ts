import { assert, assertEquals } from "@std/assert";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { testsOf } from "../_testing.ts";
import { Keeper, type KeepOptions } from "../../src/server/keeper.ts";
import { Tap, type TapEvent } from "../../src/server/tap.ts";
import { entries } from "../store/_helpers.ts";

const test = testsOf("a keeper");

const MIB = 2 ** 20;
const MINUTE_MS = 60_000;

/** A store with messages; a keeper of it, a clock, and what the keeper tells. */
async function withKeeper(
  count: number,
  options: KeepOptions,
  use: (scene: {
    store: MemoryStore;
    told: TapEvent[];
    refusals: (string | undefined)[];
    keeper: Keeper;
    tap: Tap;
    pass: (ms: number) => Promise<void>;
  }) => Promise<void>,
) {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const tap = new Tap();
  const told: TapEvent[] = [];
  tap.subscribe((event) => void told.push(event));
  const said = entries("den", 1, count)
    .map((one) => ({ ...one, at: clock.wall() - (count - one.seq) * 1_000 }));
  await store.commit({
    appends: [{ room: "den", expectedHead: 0, entries: said }],
    writes: [],
  });
  const refusals: (string | undefined)[] = [];
  const keeper = new Keeper({
    ...options,
    ...{ store, clock, tap },
    onSpace: (refusal) => refusals.push(refusal),
    onTrimmed: () => {},
    isHeard: () => false,
    onForgotten: () => {},
  });
  const pass = async (ms: number) => {
    for (let past = 0; past < ms; past += 50) {
      clock.advance(50);
      await eventLoopTurn();
    }
  };
  await use({ store, told, refusals, keeper, tap, pass });
  await keeper.stop();
  const pending = told.length;
  await pass(MINUTE_MS);
  assertEquals(told.length, pending, "it goes on after its end");
}

async function firstSeq(store: MemoryStore): Promise<number | undefined> {
  return (await store.read("den", 1, 1))[0]?.seq;
}

test("takes away what is too old, and tells once how much", () =>
  withKeeper(3_000, { keepMs: 100_500 }, async ({ store, told, pass }) => {
    await pass(10_000);
    // Some seconds have passed since.
    const first = await firstSeq(store) ?? 0;
    assert(first >= 2_900 && first <= 2_911, `${first}`);
    const [trimmed, ...more] = told;
    assert(trimmed?.kind === "trimmed" && more.length === 0);
    assertEquals(trimmed.entries, first - 1);
    // The next look is a minute later.
    await pass(MINUTE_MS);
    assertEquals((await firstSeq(store) ?? 0) > first + 50, true);
  }));

test("empties the log of changes once a second, and writes the index anew every ten", () =>
  withKeeper(5, {}, async ({ store, pass }) => {
    let [emptied, written] = [0, 0];
    store.cleanse = () => Promise.resolve(++emptied > 0);
    store.cleanseIndex = () => Promise.resolve(++written % 5 > 0);
    await pass(20_500);
    assertEquals(emptied, 21);
    // Each time until there is no more to do.
    assertEquals(written, 15);
  }));

test("takes away nothing by itself", () =>
  withKeeper(500, {}, async ({ store, told, pass }) => {
    await pass(2 * MINUTE_MS);
    assertEquals([await firstSeq(store), told], [1, []]);
  }));

test("takes away the oldest when too much of the disk is used, down to a mark", () =>
  // A message takes 1,000 bytes of this store.
  withKeeper(
    2_000,
    { diskBytes: 1_600_000 },
    async ({ store, told, refusals, pass }) => {
      await pass(2_000);
      assertEquals(await store.usedBytes() <= 1_400_000, true);
      assertEquals(await store.usedBytes() > 1_000_000, true);
      assertEquals(told.map(({ kind }) => kind), ["trimmed"]);
      assertEquals(refusals, []);
    },
  ));

test("does not wait for the next look when much is stored", () =>
  withKeeper(
    2_000,
    { diskBytes: 2_100_000 },
    async ({ store, keeper, tap, pass }) => {
      tap.turned({ effects: 1, entries: 2_000, commitMs: 1, turnMs: 1 });
      keeper.stored();
      await pass(200);
      assertEquals(await store.usedBytes() <= 1_837_500, true);
    },
  ));

test("refuses while there is nothing left to take away, says so once, and takes again", () => {
  let free = 63 * MIB;
  return withKeeper(
    5,
    { freeBytes: () => free },
    async ({ told, refusals, pass }) => {
      await pass(2_000);
      assertEquals(refusals.length, 1);
      assert(refusals[0]?.includes("no space left"));
      // Not at the first byte.
      free = 70 * MIB;
      await pass(2_000);
      assertEquals(refusals.length, 1);
      free = 81 * MIB;
      await pass(2_000);
      assertEquals(refusals.slice(1), [undefined]);
      const full = told.map((event) => event.kind === "space" && event.isFull);
      assertEquals(full, [true, false]);
    },
  );
});

test("refuses when what is used is not what can be taken away", () =>
  withKeeper(2, { diskBytes: 900 }, async ({ store, refusals, pass }) => {
    await pass(2_000);
    assertEquals([await firstSeq(store), refusals.length], [2, 1]);
  }));
