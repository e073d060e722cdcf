import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FewSet } from "../../src/chat/few_set.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("few set");

test("has what was added, once and in that order", () => {
  const set = new FewSet<string>();
  assertEquals([set.size, set.has("a"), [...set]], [0, false, []]);
  set.add("a");
  set.add("a");
  assertEquals([set.size, set.has("a"), [...set]], [1, true, ["a"]]);
  set.add("b");
  set.add("a");
  assertEquals([set.size, set.has("b"), [...set]], [2, true, ["a", "b"]]);
  set.delete("a");
  set.add("a");
  assertEquals([...set], ["b", "a"]);
});

test("is empty when the only one was taken away, and not by another", () => {
  const set = new FewSet<string>();
  set.add("a");
  set.delete("b");
  assertEquals([...set], ["a"]);
  set.delete("a");
  assertEquals([set.size, set.has("a"), [...set]], [0, false, []]);
});

test("shows what is left to one who goes through it while items are taken away", () => {
  const set = new FewSet<string>();
  for (const item of ["a", "b", "c"]) set.add(item);
  const seen: string[] = [];
  for (const item of set) {
    seen.push(item);
    set.delete("b");
  }
  assertEquals(seen, ["a", "c"]);
});

test("is like a set, whatever is done to it", () => {
  const item = fc.constantFrom("a", "b", "c");
  const step = fc.tuple(fc.constantFrom("add", "delete", "clear"), item);
  fc.assert(fc.property(fc.array(step), (steps) => {
    const few = new FewSet<string>();
    const set = new Set<string>();
    for (const [what, item] of steps) {
      for (const one of [few, set]) {
        if (what === "add") one.add(item);
        else if (what === "delete") one.delete(item);
        else one.clear();
      }
      const known = ["a", "b", "c"].map((item) => few.has(item));
      assertEquals(known, ["a", "b", "c"].map((item) => set.has(item)));
      assertEquals([few.size, [...few]], [set.size, [...set]]);
    }
  }));
});
