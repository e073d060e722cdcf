/** Work in slices: each in its turn, with pauses, and never longer than it may. */
import { assertEquals, assertRejects } from "@std/assert";
import { RoundRobin } from "../../../src/store/sqlite/round_robin.ts";
import { eventLoopTurn, FakeClock } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("round robin");

/** Slices of 5 ms, and work that notes its steps. */
function begin(budgetMs = 20) {
  const clock = new FakeClock();
  const slices = new RoundRobin({ clock, sliceMs: 5, budgetMs });
  const steps: string[] = [];
  /** Work of so many steps, each of which takes all the time that it may. */
  const work = (name: string, count: number) => {
    let done = 0;
    return (untilMs: number) => {
      const now = clock.monotonic();
      steps.push(`${name} ${now} to ${untilMs}`);
      clock.stall(untilMs - now);
      return ++done === count;
    };
  };
  return { clock, slices, steps, work };
}

test("take turns, and pause for as long as they took", async () => {
  const { clock, slices, steps, work } = begin();
  const [one, two] = [
    slices.run(work("one", 2)),
    slices.run(work("two", 1)),
  ];
  await eventLoopTurn();
  assertEquals(steps, ["one 0 to 5"]);
  clock.advance(4);
  await eventLoopTurn();
  assertEquals(steps.length, 1);
  clock.advance(1);
  clock.advance(5);
  assertEquals(steps.slice(1), ["two 10 to 15", "one 20 to 25"]);
  assertEquals([await one, await two], [10, 5]);
  // With nothing to do it is not called any more, and then begins at once.
  assertEquals(clock.waiting, 0);
  const three = slices.run(work("three", 1));
  await eventLoopTurn();
  assertEquals([await three, steps.at(-1)], [5, "three 25 to 30"]);
});

test("end with their budget, the last one within it", async () => {
  const { clock, slices, steps, work } = begin(12);
  const all = slices.run(work("one", 9));
  await eventLoopTurn();
  clock.advance(100);
  assertEquals(steps, ["one 0 to 5", "one 10 to 15", "one 20 to 22"]);
  assertEquals(await all, 12);
});

test("go on when one throws, or nobody waits for it any more", async () => {
  const { clock, slices, work } = begin();
  const gone = new AbortController();
  const failing = slices.run(() => {
    throw new Error("the disk fails");
  });
  const left = slices.run(work("left", 1), gone.signal);
  const last = slices.run(work("last", 1));
  gone.abort(new Error("gone"));
  const outcomes = Promise.all([
    assertRejects(() => failing, Error, "the disk fails"),
    assertRejects(() => left, Error, "gone"),
    last,
  ]);
  await eventLoopTurn();
  clock.advance(100);
  await outcomes;
});
