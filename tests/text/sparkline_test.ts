import { assertEquals } from "@std/assert";
import { sparkline } from "../../src/text/sparkline.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("a sparkline");

test("goes from the lowest bar for nothing to the highest for the most", () => {
  assertEquals(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, 9), "▁▁▂▃▄▅▆▇█");
  assertEquals(sparkline([0, 0, 0], 3, 3), "▁▁▁");
});

test("ends now: what is not there yet is blank at its beginning", () => {
  assertEquals(sparkline([8, 4], 4, 4), "  █▄");
  assertEquals(sparkline([], 4, 4), "    ");
  assertEquals(sparkline([9, 8, 4], 2, 2), "█▄");
});

test("shows the most of what a cell stands for", () => {
  assertEquals(sparkline([1, 8, 1, 1, 4, 1], 6, 3), "█▁▄");
  // Half of the first cell is before the beginning.
  assertEquals(sparkline([8, 1, 1], 4, 2), "█▁");
});

test("has its cells whatever a server says", () => {
  for (const series of [[-5, -1], [1e300, 1], [Infinity, 1]]) {
    assertEquals(sparkline(series, 2, 2).length, 2);
  }
});
