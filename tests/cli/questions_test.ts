import { assertEquals } from "@std/assert";
import { nameInstead } from "../../src/cli/questions.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("questions");

test("a name is suggested that is like the one that was refused", () => {
  assertEquals(nameInstead("ann"), "ann2");
  assertEquals(nameInstead("ann2"), "ann3");
  assertEquals(nameInstead("ann9"), "ann10");
  assertEquals(nameInstead("Mary Ann"), "Mary_Ann");
  assertEquals(nameInstead("o'hara!"), "ohara");
  assertEquals(nameInstead("x".repeat(32)), `${"x".repeat(31)}2`);
  assertEquals(nameInstead("admin"), "admin2");
  assertEquals(nameInstead("..."), "...2");
  assertEquals(nameInstead("!"), "");
});
