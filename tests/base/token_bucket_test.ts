import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { TokenBucket } from "../../src/base/token_bucket.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("token bucket");

test("gives a burst at once, and then nothing", () => {
  const bucket = new TokenBucket(3, 10, 0);
  assertEquals([1, 2, 3, 4].map(() => bucket.take(1, 0)), [
    true,
    true,
    true,
    false,
  ]);
});

test("comes back with time, up to the burst", () => {
  const bucket = new TokenBucket(3, 10, 0);
  assert(bucket.take(3, 0));
  assert(!bucket.take(1, 99));
  assert(bucket.take(1, 100));
  assert(!bucket.take(1, 199));
  assert(bucket.take(1, 200));
  assert(!bucket.take(4, 1_000_000));
  assert(bucket.take(3, 1_000_000));
});

test("takes nothing when there is less than what is asked", () => {
  const bucket = new TokenBucket(10, 10, 0);
  assert(bucket.take(8, 0));
  assert(!bucket.take(5, 0));
  assert(bucket.take(2, 0));
});

test("says how long it takes until there is enough", () => {
  const bucket = new TokenBucket(20, 10, 0);
  assertEquals(bucket.waitMs(20, 0), 0);
  assert(bucket.take(20, 0));
  assertEquals(bucket.waitMs(1, 0), 100);
  assertEquals(bucket.waitMs(5, 0), 500);
  assertEquals(bucket.waitMs(5, 200), 300);
  assert(!bucket.take(5, 499));
  assert(bucket.take(5, 500));
});

test("knows when it is full", () => {
  const bucket = new TokenBucket(2, 1, 0);
  assert(bucket.isFull(0));
  bucket.take(1, 0);
  assert(!bucket.isFull(999));
  assert(bucket.isFull(1_000));
});

test("is charged more than there is, and has it back with time", () => {
  const bucket = new TokenBucket(10, 10, 0);
  bucket.charge(15, 0);
  assertEquals(bucket.waitMs(0, 0), 500);
  assert(!bucket.take(1, 599));
  assert(bucket.take(1, 600));
  bucket.giveBack(100, 600);
  assert(bucket.take(10, 600));
  assert(!bucket.take(1, 600));
});

test("never gives more than the burst and what came since", () => {
  const step = fc.record({
    ms: fc.nat(700),
    cost: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const bucket = new TokenBucket(20, 10, 0);
      let now = 0;
      let taken = 0;
      for (const { ms, cost } of steps) {
        now += ms;
        if (bucket.take(cost, now)) taken += cost;
        assertLessOrEqual(taken, 20 + now / 100 + 1e-6);
      }
    }),
    propertyOptions(300),
  );
});
