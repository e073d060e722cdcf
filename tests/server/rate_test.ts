import { assert, assertEquals } from "@std/assert";
import { TokenBuckets } from "../../src/server/rate.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("rate");

test("is one for each key", () => {
  const buckets = new TokenBuckets(1, 1);
  assert(buckets.of("a", 0)?.take(1, 0));
  assert(buckets.of("b", 0)?.take(1, 0));
  assert(!buckets.of("a", 0)?.take(1, 0));
});

test("of 0 a second is no limit", () => {
  assertEquals(new TokenBuckets(1, 0).of("a", 0), undefined);
});

test("forgets full buckets only", () => {
  const buckets = new TokenBuckets(2, 1);
  const bucket = buckets.of("a", 0);
  bucket?.take(2, 0);
  buckets.sweep(1_999);
  assert(buckets.of("a", 1_999) === bucket);
  buckets.sweep(2_000);
  assert(buckets.of("a", 2_000) !== bucket);
});

test("is of so many keys at most: the oldest are forgotten", () => {
  const buckets = new TokenBuckets(1, 1, 1_000);
  for (let n = 0; n < 100_000; n++) buckets.of(`2001:db8::${n}`, 0)!.take(1, 0);
  assertEquals(buckets.size, 1_000);
  assert(!buckets.of("2001:db8::99000", 0)!.take(1, 0));
  assert(buckets.of("2001:db8::98999", 0)!.take(1, 0));
});

test("is looked at for being full some at a time, and in the end all are", () => {
  const buckets = new TokenBuckets(1, 1);
  for (let n = 0; n < 20_000; n++) buckets.of(`${n}`, 0)!.take(1, 0);
  const sizes = [1, 2, 3].map(() => {
    buckets.sweep(1_000);
    return buckets.size;
  });
  assertEquals(sizes, [11_808, 3_616, 0]);
});
