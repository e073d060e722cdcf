import { assertEquals } from "@std/assert";
import { LastSeen } from "../../src/chat/last_seen.ts";
import { UndoLog } from "../../src/chat/undo.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("where people were last");
const HOUR_MS = 3_600_000;

test("is known for an hour, and the later place counts", () => {
  const seen = new LastSeen(new UndoLog());
  seen.note("ann", "10.0.0.1", 0);
  seen.note("ann", "10.0.0.2", HOUR_MS);
  assertEquals(seen.of("ann", 2 * HOUR_MS - 1), "10.0.0.2");
  assertEquals(seen.of("ann", 2 * HOUR_MS), undefined);
  assertEquals(seen.of("bob", 0), undefined);
});

test("is forgotten of who left first when there are too many", () => {
  const seen = new LastSeen(new UndoLog(), 3);
  for (const key of ["ann", "bob", "cat", "ann", "dan"]) {
    seen.note(key, `of ${key}`, 0);
  }
  const known = ["ann", "bob", "cat", "dan"].map((key) => seen.of(key, 1));
  assertEquals(known, ["of ann", undefined, "of cat", "of dan"]);
  assertEquals(seen.size, 3);
});

test("goes back with a turn that is taken back", () => {
  const undo = new UndoLog();
  const seen = new LastSeen(undo, 1);
  seen.note("ann", "10.0.0.1", 0);
  undo.clear();
  seen.note("bob", "10.0.0.2", 0);
  undo.rollback();
  assertEquals([seen.of("ann", 1), seen.of("bob", 1)], ["10.0.0.1", undefined]);
});
