import { assertEquals } from "@std/assert";
import { concat, concatAll } from "../../src/wire/bytes.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("bytes");

test("are joined in order, empty parts and views included", () => {
  const whole = Uint8Array.of(1, 2, 3, 4, 5);
  const parts = [whole.subarray(3), new Uint8Array(0), whole.subarray(0, 2)];
  assertEquals([...concat(...parts)], [4, 5, 1, 2]);
  assertEquals([...concatAll(parts)], [4, 5, 1, 2]);
});

test("are an empty array when there is nothing to join", () => {
  assertEquals(concat().length, 0);
  assertEquals(concatAll([]).length, 0);
});

test("are a copy, even of a single part", () => {
  const part = Uint8Array.of(1, 2);
  const joined = concat(part);
  part[0] = 9;
  assertEquals([...joined], [1, 2]);
});

test("are joined however many parts there are", () => {
  const parts = Array.from(
    { length: 200_000 },
    (_, at) => Uint8Array.of(at % 256),
  );
  const joined = concatAll(parts);
  assertEquals(joined.length, 200_000);
  assertEquals(joined[199_999], 199_999 % 256);
});
