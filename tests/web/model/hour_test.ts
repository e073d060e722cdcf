import { assert, assertEquals } from "@std/assert";
import { curveOf, topOf } from "../../../src/web/model/curve.ts";
import { extremesOf, Hour } from "../../../src/web/model/hour.ts";
import type { Status } from "../../../src/wire/watched.ts";

const BEGIN = 1_790_000_000_000;
const ago = (steps: number) => BEGIN - steps * 10_000;

function status(more: Partial<Status>): Status {
  const server = {
    ...{ name: "confab", version: "1", since: 0, address: "" },
    ...{ fingerprint: "", durability: "full" },
  };
  return { type: "status", at: BEGIN, server, numbers: {}, ...more };
}

function history(until: number, messagesPerSecond: number[]): Status {
  const series = { messagesPerSecond };
  return status({ history: { stepMs: 10_000, until, series } });
}

function step(until: number, messagesPerSecond: number): Status {
  return status({ step: { until, values: { messagesPerSecond } } });
}

Deno.test("the hour: steps follow the history, and the oldest go", () => {
  const hour = new Hour();
  hour.take(history(ago(2), Array.from({ length: 359 }, (_, at) => at)));
  hour.take(step(ago(1), 1_000));
  hour.take(step(ago(0), 2_000));
  const values = hour.valuesOf("messagesPerSecond");
  assertEquals(values.length, 360);
  assertEquals([values[0], values.at(-3)], [1, 358]);
  assertEquals(values.slice(-2), [1_000, 2_000]);
  assertEquals(hour.endOf(359, 360), BEGIN);
  assertEquals(hour.endOf(0, 360), ago(359));
});

Deno.test("the hour: what is told twice counts once, and what was missed is a gap", () => {
  const hour = new Hour();
  hour.take(history(ago(5), [7]));
  hour.take(step(ago(5), 8));
  hour.take(step(ago(2), 9));
  assertEquals(hour.valuesOf("messagesPerSecond"), [7, NaN, NaN, 9]);
  assertEquals(hour.valuesOf("memoryBytes"), [NaN, NaN, NaN]);
  // However long nothing came, it is an hour.
  hour.take(step(BEGIN + 1e12, 3));
  assertEquals(hour.valuesOf("messagesPerSecond").length, 360);
});

Deno.test("the hour: a new history takes the place of all before", () => {
  const hour = new Hour();
  hour.take(history(ago(9), [1, 2, 3]));
  hour.take(history(ago(0), [4]));
  assertEquals(hour.valuesOf("messagesPerSecond"), [4]);
});

Deno.test("the hour: what stands out leaves out what is not known", () => {
  assertEquals(extremesOf([1, NaN, 5, 5, 1]), { most: 5, mostAt: 3, mean: 3 });
  assertEquals(extremesOf([NaN]), undefined);
});

Deno.test("a scale ends with the next round number", () => {
  const tops = [0, 1, 1.2, 3, 7, 10, 11, 230].map((most) =>
    topOf(most, "decimal", 1)
  );
  assertEquals(tops, [1, 1, 2, 5, 10, 10, 20, 500]);
  const MIB = 1024 * 1024;
  const bytes = [0, 1025, 90 * MIB, 600 * MIB, 1023 * MIB].map((most) =>
    topOf(most, "binary", 1024)
  );
  assertEquals(bytes, [1024, 2048, 128 * MIB, 1024 * MIB, 1024 * MIB]);
  // A server that lies breaks no chart.
  for (const most of [Infinity, -Infinity, NaN, Number.MAX_VALUE]) {
    assert(Number.isFinite(topOf(most, "decimal", 1)));
    assert(Number.isFinite(topOf(most, "binary", 1024)));
  }
});

Deno.test("a curve ends at the right edge, and has gaps", () => {
  assertEquals(curveOf([0, 5, 10], 10), {
    line: "M358 100L359 50L360 0",
    area: "M358 100L358 100L359 50L360 0L360 100Z",
  });
  assertEquals(
    curveOf([10, 0, NaN, 20], 10).line,
    "M357 0L358 100M359 0L360 0",
  );
  assertEquals(curveOf([], 10), { line: "", area: "" });
});
