import { assertEquals } from "@std/assert";
import { given } from "../../src/base/given.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("given");

test("leaves out what has no value, and nothing else", () => {
  const key: string | undefined = undefined;
  const fields = { id: "a", key, away: "", count: 0, guest: false };
  const kept = { id: "a", away: "", count: 0, guest: false };
  assertEquals(given(fields), kept);
});
