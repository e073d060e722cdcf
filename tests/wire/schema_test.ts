import { assert, assertEquals } from "@std/assert";
import {
  array,
  boolean,
  type Field,
  integer,
  isFault,
  isObject,
  number,
  object,
  optional,
  readShape,
  string,
} from "../../src/wire/schema.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("schema");

/** Asserts which of the values a field takes as they are; all others it does not take at all. */
function assertTakes<T>(
  field: Field<T>,
  taken: readonly T[],
  refused: readonly unknown[],
): void {
  for (const value of taken) assertEquals(field.take(value), value);
  for (const value of refused) {
    assertEquals(field.take(value), undefined, String(value));
  }
}

test("reads the fields of a shape into a new object", () => {
  const shape = { a: integer(0), b: optional(string("a text")) };
  const given = { a: 1, b: "x", c: true };
  const read = readShape(shape, given);
  assertEquals(read, { a: 1, b: "x" });
  assert(read as unknown !== given);
  assertEquals(readShape(shape, { a: 1 }), { a: 1 });
});

test("names the first field that is wrong or missing, and what it must be", () => {
  const shape = { a: integer(0, 9), b: optional(string("a text")) };
  const faults: [object, string, string][] = [
    [{}, "a", "a whole number from 0 to 9"],
    [{ a: 10, b: 1 }, "a", "a whole number from 0 to 9"],
    [{ a: 1, b: 1 }, "b", "a text"],
    [{ a: 1, b: null }, "b", "a text"],
  ];
  for (const [value, field, what] of faults) {
    const read = readShape(shape, value);
    assert(isFault(read));
    assertEquals(read.fault, { field, what });
  }
});

test("does not take for a field what an object inherits", () => {
  const anything: Field<unknown> = { what: "anything", take: (value) => value };
  const read = readShape({ toString: anything }, {});
  assert(isFault(read));
  assertEquals(read.fault.field, "toString");
});

test("takes well-formed strings, cleans them and then judges them", () => {
  const field = string("short", (text) => text.trim(), (text) => text !== "");
  assertEquals(field.take(" a "), "a");
  assertTakes(field, ["a"], ["  ", "", "\ud800", "a\udfff", 1, null, ["a"]]);
});

test("takes whole numbers within their bounds", () => {
  assertTakes(
    integer(1, 3),
    [1, 2, 3],
    [0, 4, 1.5, NaN, Infinity, "2", null, true, 2n, [2]],
  );
  assertTakes(integer(0), [0, 9_007_199_254_740_991], [-1, 2 ** 53]);
});

test("takes finite numbers, and booleans that are just that", () => {
  assertTakes(number, [0, -1.5, 1e308], [NaN, Infinity, -Infinity, "1", null]);
  assertTakes(boolean, [true, false], [0, 1, "true", null, undefined]);
});

test("takes lists up to their length, if every item is right", () => {
  const field = array(integer(0), 2);
  assertTakes(field, [[], [1], [1, 2]], [[1, 2, 3], [1, -1], [null], {}, "12"]);
});

test("takes objects of a shape within others", () => {
  const field = object("a point", { x: integer(0), y: optional(number) });
  assertEquals(field.take({ x: 1, y: 0.5, z: 2 }), { x: 1, y: 0.5 });
  assertTakes(field, [{ x: 1 }], [{}, { x: 1, y: "0" }, [], null, "x", 1]);
});

test("knows a JSON object from everything else", () => {
  assertEquals([{}, { a: 1 }].map(isObject), [true, true]);
  const others = [[], null, undefined, "", 0, true, () => {}];
  assertEquals(others.some(isObject), false);
});
