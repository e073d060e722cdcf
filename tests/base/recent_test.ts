import { assertEquals } from "@std/assert";
import { Recent } from "../../src/base/recent.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("recent values");

test("are there, the last so many at least, and twice as many at most", () => {
  const recent = new Recent<number, number>(10);
  for (let key = 0; key < 1_000; key++) {
    recent.set(key, -key);
    for (let late = Math.max(0, key - 9); late <= key; late++) {
      // Only looked at by its own age: a `get` would make it young.
      if (late === key) assertEquals(recent.get(late), -late);
    }
  }
  const left = Array.from({ length: 1_000 }, (_, key) => key)
    .filter((key) => recent.get(key) !== undefined);
  assertEquals(left.slice(-10), [
    990,
    991,
    992,
    993,
    994,
    995,
    996,
    997,
    998,
    999,
  ]);
  assertEquals(left.length <= 20, true);
});

test("stay while they are asked for, whatever else is", () => {
  const recent = new Recent<string, number>(4);
  recent.set("kept", 7);
  for (let round = 0; round < 100; round++) {
    recent.set(`${round}`, round);
    assertEquals(recent.get("kept"), 7);
  }
  assertEquals(recent.get("50"), undefined);
});

test("that weigh more are fewer", () => {
  const recent = new Recent<number, string>(10, (value) => value.length);
  const left = () =>
    Array.from({ length: 100 }, (_, key) => key)
      .filter((key) => recent.get(key) !== undefined).length;
  for (let key = 0; key < 50; key++) recent.set(key, "x".repeat(5));
  assertEquals(left() >= 2 && left() <= 4, true);
  // One that is heavier than all may be is there until the next, and what is set anew counts once.
  recent.set(60, "x".repeat(50));
  assertEquals(recent.get(60)?.length, 50);
  for (let round = 0; round < 50; round++) recent.set(70, "x".repeat(5));
  recent.set(71, "x".repeat(5));
  assertEquals([recent.get(70)?.length, recent.get(71)?.length], [5, 5]);
  recent.delete(70);
  recent.clear();
  assertEquals(left(), 0);
});

test("are forgotten when they are deleted, however old", () => {
  const recent = new Recent<string, number>(2);
  for (const key of ["a", "b", "c", "d"]) recent.set(key, 1);
  for (const key of ["a", "b", "c", "d"]) {
    recent.delete(key);
    assertEquals(recent.get(key), undefined);
  }
  recent.set("a", 2);
  recent.set("a", 3);
  assertEquals(recent.get("a"), 3);
  recent.clear();
  assertEquals(recent.get("a"), undefined);
});
