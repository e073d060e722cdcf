import { assertEquals } from "@std/assert";
import { TypedAhead } from "../../src/terminal/typed_ahead.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("typed ahead");

const HELD = new Uint8Array(8);
const KEY = new Uint8Array(1);

test("what comes at once is dropped, and what is typed is not", () => {
  let now = 0;
  const after = (what: "dropped" | "taken", ms: number) => {
    const ahead = new TypedAhead(what, () => now);
    now += ms;
    return [HELD, HELD].map((bytes) => ahead.isDropped(bytes));
  };
  assertEquals(after("dropped", 5), [true, false]);
  assertEquals(after("dropped", 1_000), [false, false]);
  assertEquals(after("taken", 5), [false, false]);
  assertEquals(new TypedAhead("dropped", () => now).isDropped(KEY), false);
});
