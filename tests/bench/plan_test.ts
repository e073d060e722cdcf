import { assertEquals } from "@std/assert";
import { nextStep, roomsOf, roundDown, shareOf } from "../../src/bench/plan.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("the plan of the steps");

/** All steps when everything up to `limit` is held, in time without end. */
function stepsTo(limit: number, most: number, affordable = Infinity): number[] {
  const steps: number[] = [];
  let held = 0;
  let notHeld: number | undefined;
  for (;;) {
    const tried = notHeld === undefined ? {} : { notHeld };
    const next = nextStep({ held, most, affordable, ...tried });
    if (next === undefined) return steps;
    steps.push(next);
    if (next <= limit) held = next;
    else notHeld = next;
  }
}

test("few people at first, then half as many again each time, up to the most", () => {
  assertEquals(stepsTo(Infinity, 4_000), [
    ...[10, 50, 100, 500, 1_000, 1_500, 2_200, 3_300, 4_000],
  ]);
  assertEquals(stepsTo(Infinity, 7), [7]);
});

test("between what is held and what is not, some are tried until it is close enough", () => {
  assertEquals(stepsTo(200, 4_000), [10, 50, 100, 500, 300, 200, 250]);
});

test("when not even the first is held, nothing more is tried", () => {
  assertEquals(stepsTo(0, 4_000), [10]);
});

test("no more are tried than can come in the time that is left", () => {
  const known = { held: 1_000, most: 20_000 };
  assertEquals(nextStep({ ...known, affordable: 1_399 }), 1_300);
  assertEquals(nextStep({ ...known, affordable: 1_150 }), undefined);
  assertEquals(nextStep({ held: 0, most: 10, affordable: 0 }), undefined);
});

test("rooms of fifty, or as many rooms as are wanted", () => {
  assertEquals([roomsOf(10, 0), roomsOf(51, 0), roomsOf(500, 0)], [1, 2, 10]);
  assertEquals([roomsOf(10, 3), roomsOf(2, 3)], [3, 2]);
});

test("each room belongs to one thread, and everybody has a room", () => {
  const first = shareOf(120, { thread: 0, threads: 2, rooms: 0 });
  const second = shareOf(120, { thread: 1, threads: 2, rooms: 0 });
  assertEquals([first.length, second.length], [70, 50]);
  assertEquals([...new Set(first)], [0, 2]);
  assertEquals([...new Set(second)], [1]);
  assertEquals(shareOf(5, { thread: 1, threads: 2, rooms: 3 }), [1, 1]);
});

test("who is there stays when more come", () => {
  const share = { thread: 1, threads: 2, rooms: 0 };
  assertEquals(shareOf(400, share).slice(0, 50), shareOf(100, share));
});

test("a round number has two digits that count", () => {
  assertEquals([7, 64, 1_282, 20_999].map(roundDown), [7, 64, 1_200, 20_000]);
  assertEquals(roundDown(Infinity), Infinity);
});
