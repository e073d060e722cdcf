import { assertEquals, assertNotEquals } from "@std/assert";
import { UndoLog } from "../../src/chat/undo.ts";
import type { Entry } from "../../src/store/store.ts";
import { contentDigest, RecentIds } from "../../src/chat/ids.ts";
import { entry } from "../store/_helpers.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("ids");

/** The person's message with a seq in the lobby, under an id. */
function said(id: string, seq: number): Entry {
  return entry("lobby", seq, { id, person: "SHA256:ann" });
}

test("of a person are remembered with seq, time and what was said", () => {
  const ids = new RecentIds();
  assertEquals(ids.get("a"), undefined);
  const first = said("a", 1);
  ids.add(first, new UndoLog());
  const digest = contentDigest("lobby", "text", "lobby 1");
  assertEquals(ids.get("a"), { room: "lobby", seq: 1, at: first.at, digest });
  assertEquals(ids.get("b"), undefined);
  ids.add(entry("lobby", 2), new UndoLog());
  assertEquals(ids.get("undefined"), undefined);
});

test("that were journaled are known again, with the digest of what was said", () => {
  const before = said("a", 7);
  const done = entry("den", 2, {
    id: "b",
    person: "SHA256:ann",
    kind: "action",
  });
  const ids = new RecentIds();
  assertEquals(ids.isComplete, false);
  ids.recall([before, done]);
  assertEquals(ids.isComplete, true);
  const digest = contentDigest("lobby", "text", "lobby 7");
  assertEquals(ids.get("a"), { room: "lobby", seq: 7, at: before.at, digest });
  assertEquals(
    ids.get("b")?.digest,
    contentDigest("den", "action", "den 2"),
  );
});

test("are remembered up to 1,024, the oldest is forgotten first", () => {
  const ids = new RecentIds();
  for (let n = 1; n <= 1_024; n++) ids.add(said(`${n}`, n), new UndoLog());
  assertEquals(ids.get("1")?.seq, 1);
  ids.add(said("1025", 1_025), new UndoLog());
  assertEquals(ids.get("1"), undefined);
  assertEquals(ids.get("2")?.seq, 2);
  assertEquals(ids.get("1025")?.seq, 1_025);
});

test("from the journal count as older than those that came before they were recalled", () => {
  // Newest first, as the journal gives them.
  const recent = Array.from(
    { length: 1_024 },
    (_, at) => said(`${1_024 - at}`, 1_024 - at),
  );
  const ids = new RecentIds();
  ids.add(said("new", 1_025), new UndoLog());
  ids.recall(recent);
  assertEquals(ids.get("1"), undefined);
  assertEquals(ids.get("2")?.seq, 2);
  assertEquals(ids.get("1024")?.seq, 1_024);
  ids.add(said("newer", 1_026), new UndoLog());
  assertEquals(ids.get("2"), undefined);
  assertEquals(ids.get("new")?.seq, 1_025);
});

test("of messages that were not kept are forgotten, and those that they drove out are back", () => {
  const ids = new RecentIds();
  for (let n = 1; n <= 1_024; n++) ids.add(said(`${n}`, n), new UndoLog());
  const undo = new UndoLog();
  ids.add(said("a", 1_025), undo);
  ids.add(said("b", 1_026), undo);
  assertEquals([ids.get("1"), ids.get("2")], [undefined, undefined]);
  undo.rollback();
  assertEquals([ids.get("a"), ids.get("b")], [undefined, undefined]);
  assertEquals([ids.get("1")?.seq, ids.get("2")?.seq], [1, 2]);
  // They are the oldest again.
  ids.add(said("c", 1_025), new UndoLog());
  assertEquals(ids.get("1"), undefined);
  assertEquals(ids.get("2")?.seq, 2);
});

test("tell what was said by room, text and manner", () => {
  const digest = contentDigest("lobby", "text", "hello");
  assertEquals(contentDigest("lobby", "text", "hello"), digest);
  assertNotEquals(contentDigest("den", "text", "hello"), digest);
  assertNotEquals(contentDigest("lobby", "text", "hellp"), digest);
  assertNotEquals(contentDigest("lobby", "text", "hello "), digest);
  assertNotEquals(contentDigest("lobby", "text", "Hello"), digest);
  assertNotEquals(contentDigest("lobby", "action", "hello"), digest);
  const long = "x".repeat(4_000);
  assertNotEquals(
    contentDigest("lobby", "text", `${long}y`),
    contentDigest("lobby", "text", `y${long}`),
  );
});

test("tell messages apart by a safe integer of many bits", () => {
  const digests = new Set<number>();
  for (let n = 0; n < 20_000; n++) {
    const digest = contentDigest("lobby", "text", `${n}`);
    assertEquals(Number.isSafeInteger(digest) && digest >= 0, true);
    digests.add(digest);
  }
  assertEquals(digests.size, 20_000);
});
