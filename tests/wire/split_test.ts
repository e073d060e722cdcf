import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { splitText } from "../../src/wire/split.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("split");
const OPTIONS = propertyOptions(200);

test("leaves a text alone that is short enough", () => {
  assertEquals(splitText("one two", 7), ["one two"]);
  assertEquals(splitText("", 7), [""]);
  assertEquals(splitText("😀".repeat(4_000)), ["😀".repeat(4_000)]);
});

test("cuts at the last space that fits, which goes", () => {
  assertEquals(splitText("one two three", 8), ["one two", "three"]);
  assertEquals(splitText("one two three", 7), ["one two", "three"]);
  assertEquals(splitText("one two three", 6), ["one", "two", "three"]);
});

test("keeps lines whole where it can", () => {
  assertEquals(splitText("one two\nthree\nfour", 13), [
    "one two\nthree",
    "four",
  ]);
  assertEquals(splitText("a\none two three\nb", 8), [
    "a",
    "one two",
    "three\nb",
  ]);
});

test("cuts a word that is longer than a part", () => {
  assertEquals(splitText("abcdefgh", 3), ["abc", "def", "gh"]);
  assertEquals(splitText("a bcdefgh", 3), ["a", "bcd", "efg", "h"]);
});

test("does not cut a character of two halves", () => {
  assertEquals(splitText("😀😁😂", 2), ["😀😁", "😂"]);
});

test("makes no empty parts of spaces", () => {
  assertEquals(splitText("abc ", 3), ["abc"]);
  assertEquals(splitText("    ", 3).includes(""), false);
});

test("has 4,000 code points in a part where nothing else is said", () => {
  const parts = splitText("x".repeat(8_001));
  assertEquals(parts.map((part) => part.length), [4_000, 4_000, 1]);
});

/** Whether `parts` are what `text` is, but for one space at most after each of them. */
function areCutFrom(text: string, parts: readonly string[]): boolean {
  let places = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    for (const place of places) {
      if (!text.startsWith(part, place)) continue;
      const end = place + part.length;
      next.add(end);
      if (text[end] === " ") next.add(end + 1);
    }
    places = next;
  }
  return places.has(text.length);
}

test("loses nothing but the spaces where it cuts", () => {
  const char = fc.constantFrom("a", "b", " ", "é", "😀");
  const text = fc.string({ unit: char, minLength: 1, maxLength: 60 });
  const max = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(text, max, (given, most) => {
      const parts = splitText(given, most);
      assert(parts.every((part) => part !== "" && [...part].length <= most));
      assert(areCutFrom(given, parts), JSON.stringify(parts));
    }),
    OPTIONS,
  );
});
