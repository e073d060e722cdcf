import { assert, assertEquals } from "@std/assert";
import { Indexer } from "../../src/server/indexer.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("indexer");

/** When a step began, and how many characters it was to take in. */
type Step = [at: number, chars: number];

/**
 * An indexer of a journal that has so many steps of work; `work` is what each does, and may move
 * the clock.
 */
function scene(count: number, work: (clock: FakeClock, chars: number) => void) {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const load = { stored: 0 };
  const steps: Step[] = [];
  const indexer = new Indexer({
    journal: {
      // deno-lint-ignore require-await -- what it throws is a rejection.
      async index(chars = 0) {
        steps.push([clock.monotonic(), chars]);
        work(clock, chars);
        return steps.length < count;
      },
    },
    clock,
    stored: () => load.stored,
    onFault: (error) => void faults.push(error),
  });
  return { clock, indexer, faults, steps, load };
}

const NOTHING = () => {};

test("begins after 100 ms, goes on after half a millisecond, and waits when all is indexed", async () => {
  const { clock, indexer, steps } = scene(3, NOTHING);
  indexer.wake();
  indexer.wake();
  await clock.advanceSlowly(99, 33);
  assertEquals(steps.length, 0);
  await clock.advanceSlowly(1, 1);
  assertEquals(steps.length, 1);
  await clock.advanceSlowly(100, 0.5);
  assertEquals(steps.map(([at]) => at), [100, 100.5, 101]);
  assertEquals(clock.waiting, 0);
  indexer.wake();
  await clock.advanceSlowly(100, 100);
  assertEquals(steps.length, 4);
});

test("takes in more at a time until a step takes 6 ms, and less when it takes longer", async () => {
  let charsPerMs = 4_096;
  const { clock, indexer, steps } = scene(1_000, (clock, chars) => {
    clock.advance(chars / charsPerMs);
  });
  indexer.wake();
  await clock.advanceSlowly(200, 1);
  // It began with 8,192.
  assertEquals(steps.slice(0, 8).map(([, chars]) => chars), [
    8_192,
    10_240,
    12_800,
    16_000,
    20_000,
    25_000,
    20_000,
    25_000,
  ]);
  charsPerMs = 1_024;
  await clock.advanceSlowly(400, 1);
  // 6 ms hold 6,144; one step up, and one down.
  const last = new Set(steps.slice(-4).map(([, chars]) => chars));
  assertEquals(last.size, 2);
  assert(Math.min(...last) <= 6_144 && Math.max(...last) <= 6_144 * 1.25);
});

test("takes in neither less than 2,048 characters nor more than 65,536", async () => {
  for (const [ms, end] of [[0, 65_536], [50, 2_048]] as const) {
    const { clock, indexer, steps } = scene(
      1_000,
      (clock) => clock.advance(ms),
    );
    indexer.wake();
    await clock.advanceSlowly(200, 1);
    assertEquals(steps.at(-1)![1], end);
  }
});

test("pauses twice as long each time while others need the loop, and half as long when not", async () => {
  const { clock, indexer, steps } = scene(1_000, NOTHING);
  indexer.wake();
  await clock.advanceSlowly(100, 1);
  const turns: number[] = [];
  for (let turn = 1; turn <= 20; turn++) {
    const before = steps.length;
    clock.stall(15);
    await eventLoopTurn();
    if (steps.length > before) turns.push(turn);
  }
  // Pauses of 0.5, 1, 2, 4 and 8 ms end with the next turn of 15 ms, one of 16 with the one after
  // it, and those of 32, which is the longest, with the third.
  assertEquals(turns, [1, 2, 3, 4, 5, 7, 10, 13, 16, 19]);
  await clock.advanceSlowly(100, 1);
  // What is left of 32 ms, which is 17, and 16, 8, 4, 2 and 1; then as often as the clock goes.
  assertEquals(steps.length, 1 + turns.length + 6 + (100 - 17 - 31));
});

test("takes a third of the time while more is stored, and all when not", async () => {
  const { clock, indexer, steps, load } = scene(1_000, (clock) => {
    clock.advance(2);
  });
  indexer.wake();
  load.stored = 1;
  for (let ms = 0; ms < 126; ms++) {
    load.stored++;
    await clock.advanceSlowly(1, 1);
  }
  assertEquals(steps.slice(0, 4).map(([at]) => at), [100, 106, 112, 118]);
  const before = steps.length;
  await clock.advanceSlowly(60, 0.5);
  assert(steps.length - before > 15, `${steps.length - before} steps`);
});

test("tells of a step that failed, and tries again when there is more", async () => {
  const broken = new Error("the disk");
  let isBroken = true;
  const { clock, indexer, faults, steps } = scene(1, () => {
    if (isBroken) throw broken;
  });
  indexer.wake();
  await clock.advanceSlowly(1_000, 100);
  assertEquals([faults, steps.length], [[broken], 1]);
  isBroken = false;
  indexer.wake();
  await clock.advanceSlowly(100, 100);
  assertEquals([faults.length, steps.length], [1, 2]);
});

test("leaves the rest when it stops", async () => {
  const { clock, indexer, steps } = scene(9, NOTHING);
  indexer.wake();
  await clock.advanceSlowly(100, 100);
  await indexer.stop();
  await clock.advanceSlowly(1_000, 100);
  assertEquals([steps.length, clock.waiting], [1, 0]);
});
