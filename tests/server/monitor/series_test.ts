import { assert, assertEquals } from "@std/assert";
import { FRAME_MAX_BYTES } from "../../../src/base/limits.ts";
import { Series, type StepValues } from "../../../src/server/monitor/series.ts";
import { SERIES } from "../../../src/wire/watched.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("series");

function step(value: number, more: Partial<StepValues> = {}): StepValues {
  const all = Object.fromEntries(SERIES.map((name) => [name, value]));
  return { ...all, ...more } as StepValues;
}

test("has every number of each step, the oldest first", () => {
  const series = new Series();
  assertEquals(series.history(5).series.connections, []);
  series.push(step(1, { connections: 7 }));
  series.push(step(2, { connections: 8 }));
  const history = series.history(20_000);
  assertEquals(Object.keys(history.series), [...SERIES]);
  assertEquals([history.stepMs, history.until], [10_000, 20_000]);
  assertEquals(history.series.connections, [7, 8]);
  assertEquals(history.series.memoryBytes, [1, 2]);
  const { until, values } = series.last(20_000);
  assertEquals([until, values.connections, values.turnP99Ms], [20_000, 8, 2]);
});

test("keeps an hour: 360 steps, of which the oldest makes way", () => {
  const series = new Series();
  for (let n = 1; n <= 365; n++) series.push(step(n));
  const { messagesPerSecond } = series.history(0).series;
  assertEquals(messagesPerSecond!.length, 360);
  assertEquals(messagesPerSecond!.slice(0, 2), [6, 7]);
  assertEquals(messagesPerSecond!.slice(-2), [364, 365]);
  assertEquals(series.last(0).values.queuedBytes, 365);
});

test("fits a frame with a status around it, however long its numbers are", () => {
  const series = new Series();
  for (const value of [1.234e12, 0.0001234]) {
    for (let n = 0; n < 360; n++) series.push(step(value));
    const json = JSON.stringify(series.history(8_640_000_000_000_000));
    assert(json.length < FRAME_MAX_BYTES - 4_096, `${json.length}`);
  }
});
