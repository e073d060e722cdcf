import { assert, assertEquals } from "@std/assert";
import { type Fault, RoomChecker } from "../../src/bench/checker.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("the checker of deliveries");

/** A room with members who have all up to seq 10, and what is wrong there. */
function room(...members: string[]): { checker: RoomChecker; faults: Fault[] } {
  const faults: Fault[] = [];
  const checker = new RoomChecker("ops", (fault) => faults.push(fault));
  for (const member of members) checker.enter(member, 10);
  return { checker, faults };
}

/** The faults without their words. */
function named(faults: readonly Fault[]): unknown[] {
  return faults.map(({ kind, member, room, seq }) => [kind, member, room, seq]);
}

/** Ann says texts at the times 1, 2, …, which become the seqs from 11 on, and are acknowledged. */
function annSays(checker: RoomChecker, ...texts: string[]): void {
  for (const [at, text] of texts.entries()) {
    checker.said("ann", `${at}`, text, at + 1);
  }
  for (const [at] of texts.entries()) checker.acked("ann", `${at}`, 11 + at);
}

test("everything in order is right, and each delivery has the time of its message", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a", "b");
  assert(!checker.isComplete);
  assertEquals(checker.heard("bob", 11, "a"), 1);
  assertEquals(checker.heard("bob", 12, "b"), 2);
  assert(checker.isComplete);
  checker.endWaiting();
  assertEquals(faults, []);
});

test("a delivery before the acknowledgement of its author is right, too", () => {
  const { checker, faults } = room("ann", "bob");
  checker.said("ann", "1", "a", 5);
  assertEquals(checker.heard("bob", 11, "a"), 5);
  assert(!checker.isComplete, "ann has no answer yet");
  checker.acked("ann", "1", 11);
  assert(checker.isComplete);
  assertEquals(faults, []);
});

test("a message that never comes is missing of that member", () => {
  const { checker, faults } = room("ann", "bob", "cid");
  annSays(checker, "a", "b", "c");
  for (const [at, text] of ["a", "b", "c"].entries()) {
    checker.heard("bob", 11 + at, text);
  }
  checker.heard("cid", 11, "a");
  checker.heard("cid", 13, "c");
  assert(!checker.isComplete);
  assertEquals(faults, [], "it may still come");
  checker.endWaiting();
  assertEquals(named(faults), [["missing", "cid", "ops", 12]]);
});

test("the last message is missing when nothing comes after it", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a", "b");
  checker.heard("bob", 11, "a");
  checker.endWaiting();
  assertEquals(named(faults), [["missing", "bob", "ops", 12]]);
});

test("a message that comes twice is repeated", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a", "b");
  checker.heard("bob", 11, "a");
  assertEquals(checker.heard("bob", 11, "a"), undefined);
  checker.heard("bob", 12, "b");
  checker.heard("bob", 11, "a");
  assertEquals(named(faults), [
    ["repeated", "bob", "ops", 11],
    ["repeated", "bob", "ops", 11],
  ]);
});

test("a message after a later one is out of order, and not missing", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a", "b");
  assertEquals(checker.heard("bob", 12, "b"), 2);
  assertEquals(checker.heard("bob", 11, "a"), undefined);
  assert(checker.isComplete);
  checker.endWaiting();
  assertEquals(named(faults), [["out of order", "bob", "ops", 11]]);
});

test("a text that nobody said is wrong", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a");
  checker.heard("bob", 11, "b");
  assertEquals(named(faults), [["wrong text", "bob", "ops", 11]]);
});

test("two members with different messages at one seq do not see the same room", () => {
  const { checker, faults } = room("ann", "bob", "cid");
  checker.said("ann", "1", "a", 1);
  checker.said("ann", "2", "b", 2);
  checker.heard("bob", 11, "a");
  checker.heard("cid", 11, "b");
  assertEquals(named(faults), [["wrong text", "cid", "ops", 11]]);
});

test("an author may be told of its message, and be fed it once when it is behind", () => {
  const { checker, faults } = room("ann", "bob");
  checker.said("bob", "1", "from bob", 1);
  checker.said("ann", "1", "from ann", 2);
  checker.acked("bob", "1", 11);
  // Ann is behind: her own is acknowledged, then she is fed from where she stopped.
  checker.acked("ann", "1", 12);
  assertEquals(checker.heard("ann", 11, "from bob"), 1);
  assertEquals(checker.heard("ann", 12, "from ann"), undefined);
  checker.heard("bob", 12, "from ann");
  assert(checker.isComplete);
  assertEquals(faults, []);
  checker.heard("ann", 12, "from ann");
  assertEquals(named(faults), [["repeated", "ann", "ops", 12]]);
});

test("an acknowledgement that comes twice, never, or with another's seq is a fault", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a");
  checker.acked("ann", "0", 11);
  checker.said("bob", "x", "from bob", 1);
  checker.acked("bob", "x", 11);
  checker.said("ann", "y", "unheard", 1);
  checker.endWaiting();
  assertEquals(named(faults), [
    ["acknowledged wrongly", "ann", "ops", 11],
    ["wrong text", "bob", "ops", 11],
    ["not acknowledged", "ann", "ops", undefined],
    ["missing", "bob", "ops", 11],
  ]);
});

test("a gap of any size is one fault, and what follows is looked at again", () => {
  const { checker, faults } = room("ann", "bob");
  checker.said("ann", "1", "a", 1);
  assertEquals(checker.heard("bob", 5_000_000, "a"), 1);
  assertEquals(named(faults), [["missing", "bob", "ops", 11]]);
});

test("messages that all have are forgotten, those of one who is behind are not", () => {
  const { checker, faults } = room("ann", "bob", "cid");
  const seqs = Array.from({ length: 5_000 }, (_, at) => 11 + at);
  for (const seq of seqs) {
    checker.said("ann", `${seq}`, `text ${seq}`, seq);
    checker.acked("ann", `${seq}`, seq);
    checker.heard("bob", seq, `text ${seq}`);
  }
  for (const seq of seqs) {
    assertEquals(checker.heard("cid", seq, `text ${seq}`), seq);
  }
  assert(checker.isComplete);
  assertEquals(faults, []);
});

test("one who leaves is not looked at any more", () => {
  const { checker, faults } = room("ann", "bob");
  annSays(checker, "a");
  checker.leave("bob");
  assert(checker.isComplete);
  checker.heard("bob", 99, "nonsense");
  checker.endWaiting();
  assertEquals(faults, []);
});
