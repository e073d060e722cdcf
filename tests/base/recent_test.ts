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
