/** Pages of history that are asked for. */
import { assertEquals } from "@std/assert";
import type { Entry } from "../../src/store/store.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { codesOf, type Peer, range, World } from "../server/_world.ts";

const test = testsOf("delivery");

/** Somebody in a room of so many messages. */
async function readerOf(count: number, txt = "x"): Promise<[World, Peer]> {
  const store = new TestStore();
  const entries = range(1, count).map((seq): Entry => {
    return { room: "den", seq, at: seq, from: "old", kind: "text", body: txt };
  });
  const appends = [{ room: "den", expectedHead: 0, entries }];
  await store.commit({ appends, writes: [] });
  const world = await World.open(store);
  const peer = await world.enter("SHA256:ann", { room: "den" });
  peer.take();
  return [world, peer];
}

/** What comes back: the seqs, whether more lie that way, whether there are older ones. */
async function ask(
  [world, peer]: [World, Peer],
  fields: Record<string, number>,
): Promise<unknown[]> {
  peer.send({ type: "history", room: "den", id: "h", ...fields });
  await world.settled();
  const pages = peer.takeOf("history");
  assertEquals(pages.length, 1);
  const { id, messages, more, older } = pages[0]!;
  assertEquals(id, "h");
  return [messages.map(({ seq }) => seq), more, older ?? false];
}

test("gives the page before a seq, and says whether more lie before it", async () => {
  const reader = await readerOf(250);
  const before = (seq: number, limit: number) =>
    ask(reader, { before: seq, limit });
  assertEquals(await before(201, 100), [range(101, 200), true, true]);
  assertEquals(await before(101, 100), [range(1, 100), false, false]);
  assertEquals(await before(11, 100), [range(1, 10), false, false]);
  assertEquals(await before(11, 3), [range(8, 10), true, true]);
  assertEquals(await before(1, 10), [[], false, false]);
  assertEquals(await before(0, 10), [[], false, false]);
});

test("gives the last messages for a seq beyond the head, and without one", async () => {
  const reader = await readerOf(250);
  assertEquals(await ask(reader, { before: 9_999 }), [
    range(151, 250),
    true,
    true,
  ]);
  assertEquals(await ask(reader, {}), [range(151, 250), true, true]);
  assertEquals(await ask(reader, { limit: 5 }), [range(246, 250), true, true]);
});

test("gives the page after a seq, and says whether more lie after it", async () => {
  const reader = await readerOf(250);
  const after = (seq: number, limit: number) =>
    ask(reader, { after: seq, limit });
  assertEquals(await after(0, 100), [range(1, 100), true, false]);
  assertEquals(await after(149, 100), [range(150, 249), true, true]);
  assertEquals(await after(150, 100), [range(151, 250), false, true]);
  assertEquals(await after(245, 100), [range(246, 250), false, true]);
  assertEquals((await after(250, 10)).slice(0, 2), [[], false]);
  assertEquals((await after(9_999, 10)).slice(0, 2), [[], false]);
});

test("gives a page of an empty room", async () => {
  const reader = await readerOf(0);
  assertEquals(await ask(reader, {}), [[], false, false]);
  assertEquals(await ask(reader, { after: 0 }), [[], false, false]);
});

test("gives what fits a frame, the nearest to the seq that was asked for", async () => {
  // Three such messages of 16,000 bytes fit a frame of 65,535, with what a page says besides.
  const reader = await readerOf(10, "\u{1f600}".repeat(4_000));
  assertEquals(await ask(reader, { before: 9 }), [range(6, 8), true, true]);
  assertEquals(await ask(reader, { after: 2 }), [range(3, 5), true, true]);
});

test("counts in a page what is said in the same turn before it", async () => {
  const [world, peer] = await readerOf(0);
  peer.say("one");
  assertEquals(await ask([world, peer], {}), [[1], false, false]);
});

test("answers pages to who asked, though another is gone meanwhile", async () => {
  const [world, peer] = await readerOf(250);
  const other = await world.enter("SHA256:bob", { room: "den" });
  world.store.holdsReads = true;
  other.send({ type: "history", room: "den" });
  peer.take();
  peer.send({ type: "history", room: "den", id: "h" });
  await world.settled();
  other.cut();
  await world.settled();
  world.store.releaseAll();
  await world.settled();
  assertEquals(peer.takeOf("history").map(({ id }) => id), ["h"]);
});

test("ends the connection for which the journal cannot be read", async () => {
  const [world, peer] = await readerOf(250);
  const other = await world.enter("SHA256:bob", { room: "den" });
  world.store.failingReads = 1;
  other.send({ type: "history", room: "den", id: "h" });
  await world.settled();
  assertEquals(other.sink.isEnded, true);
  assertEquals(peer.sink.isEnded, false);
  // And only that one, only then.
  assertEquals(await ask([world, peer], { limit: 1 }), [[250], true, true]);
});

test("refuses pages of rooms that there are not", async () => {
  const [world, peer] = await readerOf(3);
  peer.send({ type: "history", room: "nowhere", id: "h" });
  await world.settled();
  assertEquals(codesOf(peer.take()), ["no-such-room"]);
});
