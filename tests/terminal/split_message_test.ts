import { assertEquals } from "@std/assert";
import { splitMessage } from "../../src/terminal/split_message.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("split message");

test("a text that fits is one part, without empty lines around it", () => {
  assertEquals(splitMessage("\n\none\n\n  two\n\n", 20), ["one\n\n  two"]);
  assertEquals(splitMessage(" \n", 20), []);
});

test("lines stay whole where they can", () => {
  assertEquals(splitMessage("one two\nthree\nfour", 13), [
    "one two\nthree",
    "four",
  ]);
});

test("a line that is too long is split at a space", () => {
  assertEquals(splitMessage("a\none two three\nb", 8), [
    "a",
    "one two",
    "three\nb",
  ]);
});
