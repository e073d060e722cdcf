import { assertEquals } from "@std/assert";
import { DailyCounts } from "../../src/chat/daily.ts";
import { UndoLog } from "../../src/chat/undo.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("counts of a day");
const DAY_MS = 24 * 3_600_000;

/** How often an address is let do it, of so many times. */
function taken(counts: DailyCounts, address: string, times: number): number {
  return Array.from({ length: times }, () => counts.take(address, NOON_MS))
    .filter((isTaken) => isTaken).length;
}

test("let an address do something so often, and again the next day", () => {
  const counts = new DailyCounts(3, new UndoLog());
  assertEquals(taken(counts, "192.0.2.7", 5), 3);
  assertEquals(taken(counts, "192.0.2.8", 5), 3);
  assertEquals(counts.take("192.0.2.7", NOON_MS + DAY_MS), true);
});

test("let a site do it three times as often, whatever its addresses are", () => {
  const counts = new DailyCounts(3, new UndoLog());
  const all = Array.from(
    { length: 100 },
    (_, n) => taken(counts, `2001:db8:1:${n.toString(16)}::/64`, 1),
  );
  assertEquals(all.reduce((sum, one) => sum + one), 9);
  assertEquals(taken(counts, "2001:db8:2:1::/64", 5), 3);
});

test("are of so many addresses at most, and are as before when a turn is taken back", () => {
  const undo = new UndoLog();
  const counts = new DailyCounts(1, undo, 1_000);
  for (let n = 0; n < 1_000; n++) {
    counts.take(`10.0.${n >> 8}.${n & 255}`, NOON_MS);
  }
  undo.clear();
  for (let n = 0; n < 5_000; n++) {
    counts.take(`10.1.${n >> 8}.${n & 255}`, NOON_MS);
  }
  assertEquals(counts.size, 1_000);
  assertEquals(counts.take("10.0.0.0", NOON_MS), true);
  undo.rollback();
  assertEquals(counts.size, 1_000);
  assertEquals(taken(counts, "10.0.0.0", 1), 0);
  assertEquals(taken(counts, "10.0.3.231", 1), 0);
});
