import { assertEquals } from "@std/assert";
import { KeptLog } from "../../src/base/kept_log.ts";
import { createLog, NO_LOG } from "../../src/base/log.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("kept log");

test("has the last lines as data, also those that the level does not let through", () => {
  const written: string[] = [];
  const sink = (line: string) => void written.push(line);
  const log = new KeptLog(
    createLog({ now: () => 0, level: "error", sink }),
    () => 5,
  );
  log.debug("deep", { n: 1 });
  log.info("connected", { id: "1/7", sealed: true, why: undefined, no: null });
  log.error("failed", { bytes: 7n, at: NaN });
  assertEquals(log.from(0), [
    {
      ...{ at: 5, level: "info", event: "connected" },
      fields: { id: "1/7", sealed: true },
    },
    {
      ...{ at: 5, level: "error", event: "failed" },
      fields: { bytes: "7", at: "NaN" },
    },
  ]);
  assertEquals(written.length, 1);
});

test("keeps 500, and knows the number of the oldest", () => {
  const log = new KeptLog(NO_LOG, () => 0);
  for (let n = 0; n < 503; n++) log.warn("w", { n });
  assertEquals([log.oldest, log.count], [3, 503]);
  const numbers = log.from(0).map(({ fields }) => fields.n);
  assertEquals([numbers[0], numbers.at(-1), numbers.length], [3, 502, 500]);
  assertEquals(log.from(501).map(({ fields }) => fields.n), [501, 502]);
  assertEquals(log.from(503), []);
});

test("cuts what is long, and leaves no half of a character", () => {
  const log = new KeptLog(NO_LOG, () => 0);
  log.info("i", { long: `${"x".repeat(511)}\u{1f600}tail` });
  assertEquals(log.from(0)[0]!.fields.long, `${"x".repeat(511)}\ufffd`);
});

test("calls back behind each line that it keeps, until it is told to stop", () => {
  const log = new KeptLog(NO_LOG, () => 0);
  const counts: number[] = [];
  const stop = log.subscribe(() => void counts.push(log.count));
  log.info("a");
  log.debug("b");
  log.warn("c");
  stop();
  log.warn("d");
  assertEquals(counts, [1, 2]);
});
