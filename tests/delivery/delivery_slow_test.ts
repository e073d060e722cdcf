/**
 * One that reads slowly: it holds nobody up, is fed what it missed, and its outbox stays bounded.
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { OUTBOX_BYTES } from "../../src/base/limits.ts";
import { testsOf } from "../_testing.ts";
import { codesOf, type Peer, range, seqsOf, World } from "../server/_world.ts";

const test = testsOf("delivery");
const ANN = "SHA256:ann";
const BOB = "SHA256:bob";
/** With its envelope nearly 12,100 bytes: 22 of them are over the limit of an outbox. */
const LARGE = "\u6f22".repeat(4_000);
const FRAME_BYTES = 65_539;

/** A room with one who talks and one who does not read. */
async function withSlowReader(): Promise<[World, talker: Peer, slow: Peer]> {
  const world = await World.open();
  const talker = await world.enter(BOB, { room: "den", name: "bob" });
  const slow = await world.enter(ANN, { room: "den", name: "ann" });
  await world.settled();
  talker.take();
  slow.take();
  slow.sink.isSlow = true;
  return [world, talker, slow];
}

async function say(world: World, peer: Peer, txt: string, count: number) {
  for (let n = 0; n < count; n++) {
    peer.say(txt);
    await world.settled();
  }
}

/** Reads on, in small steps, until all is read. */
async function catchUp(world: World, { sink }: Peer): Promise<void> {
  while (sink.queuedBytes > 0) {
    sink.flush();
    sink.read(20_000);
    await world.settled();
    assertLessOrEqual(sink.queuedBytes, OUTBOX_BYTES + FRAME_BYTES);
  }
}

test("keeps no more for a slow reader than its outbox holds, and feeds it the rest later", async () => {
  const [world, bob, slow] = await withSlowReader();
  const other = await world.enter(undefined, { room: "den" });
  other.take();
  await say(world, bob, LARGE, 60);
  assertLessOrEqual(slow.sink.queuedBytes, OUTBOX_BYTES + FRAME_BYTES);
  assert(slow.sink.queuedBytes > OUTBOX_BYTES / 2);
  // Nobody waits for it.
  assertEquals(seqsOf(other.take()), range(1, 60));
  await catchUp(world, slow);
  assertEquals(seqsOf(slow.take()), range(1, 60));
});

test("feeds from the journal what the ring does not hold any more", async () => {
  const [world, bob, slow] = await withSlowReader();
  // Two mebibytes of text: twice what a ring may hold.
  await say(world, bob, LARGE, 180);
  world.store.reads.length = 0;
  await catchUp(world, slow);
  assertEquals(seqsOf(slow.take()), range(1, 180));
  assert(world.store.reads.length > 0);
});

test("feeds a slow reader live messages as chats, not as history", async () => {
  const [world, bob, slow] = await withSlowReader();
  await say(world, bob, LARGE, 40);
  await catchUp(world, slow);
  const types = new Set(slow.take().map(({ type }) => type));
  assertEquals([...types].toSorted(), ["chat", "users"]);
});

test("tells one that fell behind who is there, once, when it is at the head", async () => {
  const [world, bob, slow] = await withSlowReader();
  await say(world, bob, LARGE, 40);
  const zed = await world.enter(undefined, { room: "den", name: "zed" });
  await world.enter(undefined, { room: "den", name: "yak" });
  zed.send({ type: "bye" });
  bob.command("name", "bert");
  await world.settled();
  await catchUp(world, slow);
  const messages = slow.take();
  assertEquals(messages.map(({ type }) => type).lastIndexOf("users"), 40);
  const users = messages.flatMap((one) => one.type === "users" ? [one] : []);
  assertEquals(users.map((one) => one.users.map(({ name }) => name)), [
    ["bert", "ann", "yak"],
  ]);
  // From then on it hears all of it as everyone does.
  await world.enter(undefined, { room: "den", name: "late" });
  slow.sink.read(Infinity);
  assertEquals(slow.take().map(({ type }) => type), ["joined"]);
});

test("drops typing for one that is behind", async () => {
  const [world, bob, slow] = await withSlowReader();
  const other = await world.enter(undefined, { room: "den" });
  await say(world, bob, LARGE, 30);
  other.take();
  bob.send({ type: "typing", room: "den" });
  await world.settled();
  assertEquals(other.takeOf("typing").length, 1);
  await catchUp(world, slow);
  assertEquals(slow.takeOf("typing"), []);
});

test("acks a slow reader's own messages at once, and feeds them in their place", async () => {
  const [world, bob, slow] = await withSlowReader();
  await say(world, bob, LARGE, 15);
  // What is asked while there is space is heard, whatever is fed later.
  slow.say("mine", { id: "1" });
  await world.settled();
  await say(world, bob, LARGE, 30);
  await catchUp(world, slow);
  const messages = slow.take();
  const acks = messages.flatMap((one) => one.type === "ack" ? [one.seq] : []);
  assertEquals(acks, [16]);
  const all = [...seqsOf(messages), ...acks].map(Number);
  assertEquals(all.toSorted((a, b) => a - b), range(1, 46));
});

test("sends one that leaves what was said while it was there", async () => {
  const [world, bob, slow] = await withSlowReader();
  await say(world, bob, LARGE, 30);
  slow.command("join", "attic", "j");
  await world.settled();
  await say(world, bob, "after it left", 3);
  await catchUp(world, slow);
  const messages = slow.take();
  assertEquals(seqsOf(messages), range(1, 30));
  const rooms = messages.flatMap((one) => one.type === "users" ? one.room : []);
  assertEquals(rooms, ["attic"]);
});

test("feeds a slow reader's rooms in turns", async () => {
  const world = await World.open();
  const bob = await world.enter(BOB, { room: "den" });
  bob.command("join", "+attic");
  await world.settled();
  for (const room of ["den", "attic"]) {
    for (let n = 0; n < 300; n++) bob.say("x".repeat(300), { room });
    await world.settled();
  }
  const slow = world.connect(ANN);
  slow.sink.isSlow = true;
  slow.send({ type: "hello", resume: { den: 0, attic: 0 } });
  await world.settled();
  await catchUp(world, slow);
  const pages = slow.takeOf("history");
  for (const room of ["den", "attic"]) {
    const seqs = seqsOf(pages.filter((page) => page.room === room));
    assertEquals(seqs, range(1, 300));
  }
});

test("never stops feeding one whose sink is emptied in the very moment that feeding ends", async () => {
  // The sink is read between the last page that fits and the end of the feeding: what remains must
  // still come.
  const world = await World.open();
  const bob = await world.enter(BOB, { room: "den" });
  for (let n = 0; n < 400; n++) bob.say("x".repeat(1_500));
  await world.settled();
  const ann = await world.enter(ANN, { resume: { den: 0 } });
  assertEquals(seqsOf(ann.take()), range(1, 400));
});

test("is cut off from nothing but its own when a read of the journal fails", async () => {
  const [world, bob, slow] = await withSlowReader();
  await say(world, bob, LARGE, 180);
  world.store.failingReads = 1;
  await catchUp(world, slow);
  assertEquals(slow.sink.isEnded, true);
  bob.say("still here", { id: "1" });
  await world.settled();
  assertEquals(codesOf(bob.take()), []);
});
