import { assert, assertEquals } from "@std/assert";
import { Latencies } from "../../src/base/latencies.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("latencies");

function of(...ms: number[]): Latencies {
  const latencies = new Latencies();
  for (const one of ms) latencies.add(one);
  return latencies;
}

/** Not less than the value, and at most the width of a bucket more. */
function assertAbout(actual: number, expected: number): void {
  const isAbout = actual >= expected * 0.999 && actual <= expected * 1.023;
  assert(isAbout, `${actual} is not about ${expected}`);
}

test("nothing has quantiles of 0", () => {
  assertEquals([of().quantileMs(0.99), of().maxMs, of().total], [0, 0, 0]);
});

test("a quantile is what that share stays within, to 2 %", () => {
  const hundred = of(...Array.from({ length: 100 }, (_, at) => at + 1));
  assertAbout(hundred.quantileMs(0.5), 50);
  assertAbout(hundred.quantileMs(0.99), 99);
  assertEquals(hundred.quantileMs(1), 100);
  assertEquals(hundred.maxMs, 100);
});

test("microseconds and minutes both have their place", () => {
  assertAbout(of(0.25, 0.25, 500).quantileMs(0.5), 0.25);
  assertEquals(of(0).quantileMs(0.5), 0);
  const long = of(1, 1_000_000);
  assertEquals(long.maxMs, 1_000_000);
  assertAbout(long.quantileMs(0.5), 1);
});

test("two are merged as if all had been added to one", () => {
  const merged = of(1, 2, 3);
  merged.merge(of(4, 5, 600).snapshot);
  const all = of(1, 2, 3, 4, 5, 600);
  assertEquals(merged.snapshot, all.snapshot);
  assertEquals(merged.total, 6);
});

test("what came since is a difference: neither more nor less", () => {
  const all = of(1, 1, 1, 1_000);
  const before = all.copy();
  assertEquals(all.since(before).total, 0);
  assertEquals(all.since(before).quantileMs(0.99), 0);
  for (const ms of [4, 4, 8]) all.add(ms);
  const since = all.since(before);
  assertEquals(since.total, 3);
  assertAbout(since.quantileMs(0.5), 4);
  assertAbout(since.quantileMs(0.99), 8);
});
