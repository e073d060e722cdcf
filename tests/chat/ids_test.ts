import { assertEquals, assertNotEquals } from "@std/assert";
import { contentDigest, RecentIds } from "../../src/chat/ids.ts";
import { entry } from "../store/_helpers.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("ids");

function remembered(seq: number) {
  return { room: "lobby", seq, at: 1_000 + seq, digest: seq };
}

test("of a person are remembered with seq, time and what was said", () => {
  const ids = new RecentIds();
  assertEquals(ids.get("a"), undefined);
  ids.add("a", remembered(1));
  assertEquals(ids.get("a"), remembered(1));
  assertEquals(ids.get("b"), undefined);
});

test("that were journaled are known again, with the digest of what was said", () => {
  const said = entry("lobby", 7, { id: "a", person: "SHA256:ann" });
  const done = entry("den", 2, {
    id: "b",
    person: "SHA256:ann",
    kind: "action",
  });
  const ids = new RecentIds([said, done]);
  const { at } = said;
  const digest = contentDigest("lobby", "text", "lobby 7");
  assertEquals(ids.get("a"), { room: "lobby", seq: 7, at, digest });
  assertEquals(ids.get("b")?.digest, contentDigest("den", "action", "den 2"));
});

test("are remembered up to 1,024, the oldest is forgotten first", () => {
  const ids = new RecentIds();
  for (let n = 1; n <= 1_024; n++) ids.add(`${n}`, remembered(n));
  assertEquals(ids.get("1"), remembered(1));
  ids.add("1025", remembered(1_025));
  assertEquals(ids.get("1"), undefined);
  assertEquals(ids.get("2"), remembered(2));
  assertEquals(ids.get("1025"), remembered(1_025));
});

test("from the journal count as older than those that come", () => {
  // Newest first, as the journal gives them.
  const recent = Array.from(
    { length: 1_024 },
    (_, at) => entry("lobby", 1_024 - at, { id: `${1_024 - at}` }),
  );
  const ids = new RecentIds(recent);
  assertEquals(ids.get("1")?.seq, 1);
  ids.add("new", remembered(1_025));
  assertEquals(ids.get("1"), undefined);
  assertEquals(ids.get("2")?.seq, 2);
  assertEquals(ids.get("1024")?.seq, 1_024);
});

test("of messages that were not kept are forgotten", () => {
  const ids = new RecentIds();
  ids.add("a", remembered(1));
  ids.add("b", remembered(2));
  ids.remove("a");
  ids.remove("never");
  assertEquals(ids.get("a"), undefined);
  assertEquals(ids.get("b"), remembered(2));
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
