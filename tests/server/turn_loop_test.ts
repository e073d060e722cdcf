/** Turns: what is handled together is stored together, or not at all. */
import { assert, assertEquals } from "@std/assert";
import { TURN_EFFECTS } from "../../src/base/limits.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { answers, type Peer, range, seqsOf, withTwo, World } from "./_world.ts";

const test = testsOf("turn");

/** As {@linkcode withTwo}; what they stored to enter is not counted. */
async function withNothingStored(): Promise<[World, Peer, Peer]> {
  const two = await withTwo();
  two[0].store.commits.length = 0;
  return two;
}

test("stores all that comes within it in one transaction", async () => {
  const [world, ann, bob] = await withNothingStored();
  const cy = world.connect();
  await world.settled();
  world.store.commits.length = 0;
  for (let n = 0; n < 20; n++) {
    ann.say(`a${n}`);
    bob.say(`b${n}`);
  }
  cy.send({ type: "hello", room: "den" });
  cy.say("c");
  await world.settled();
  assertEquals(world.store.commits.length, 1);
  const { appends, writes } = world.store.commits[0]!;
  assertEquals(
    appends.map(({ room, expectedHead, entries }) => {
      return [room, expectedHead, entries.length];
    }),
    [["lobby", 0, 40], ["den", 0, 1]],
  );
  assert(writes.length > 0);
  assertEquals(world.storedTurns, 1);
});

test("sends each connection what it has for it in one go", async () => {
  const [world, ann, bob] = await withNothingStored();
  const before = [ann, bob].map(({ sink }) => sink.flushes);
  for (let n = 0; n < 20; n++) ann.say(`${n}`, { id: `${n}` });
  await world.settled();
  const after = [ann, bob].map(({ sink }) => sink.flushes);
  assertEquals(after.map((count, at) => count - before[at]!), [1, 1]);
});

test("stores nothing when nothing was said", async () => {
  const [world, ann] = await withNothingStored();
  ann.command("users", "", "1");
  ann.send({ type: "history", room: "lobby", id: "2" });
  ann.send({ type: "typing", room: "lobby" });
  await world.settled();
  assertEquals(world.store.commits, []);
  assertEquals(world.storedTurns, 0);
});

test("follows the one before, each with a transaction of its own", async () => {
  const [world, ann] = await withNothingStored();
  for (let n = 1; n <= 3; n++) {
    ann.say(`${n}`);
    await world.settled();
  }
  const heads = world.store.commits.map(({ appends: [append] }) => {
    return append?.expectedHead;
  });
  assertEquals(heads, [0, 1, 2]);
});

test("ends early when it has grown too large, in the order in which all came", async () => {
  const [world, ann, bob] = await withNothingStored();
  const count = TURN_EFFECTS + 10;
  for (let n = 1; n <= count; n++) ann.say(`${n}`);
  await world.settled();
  assertEquals(world.store.commits.length, 2);
  assertEquals(seqsOf(bob.take()), range(1, count));
  const all = await world.store.read("lobby", 1, count);
  assertEquals(all.map(({ body }) => body), range(1, count).map(String));
});

test("delivers nothing and acks nothing before it is stored", async () => {
  const [world, ann, bob] = await withNothingStored();
  world.store.holdsCommits = true;
  ann.say("one", { id: "1" });
  const done = world.turns.done();
  await untilHeld(world);
  assertEquals([...ann.take(), ...bob.take()], []);
  world.store.releaseAll();
  await done;
  await world.settled();
  assertEquals(answers(ann), ["ack 1 1"]);
  assertEquals(seqsOf(bob.take()), [1]);
});

test("holds what comes while the one before is being stored, in its order", async () => {
  const [world, ann, bob] = await withNothingStored();
  world.store.holdsCommits = true;
  ann.say("1", { id: "1" });
  await untilHeld(world);
  for (let n = 2; n <= 9; n++) {
    const peer = n % 2 === 0 ? bob : ann;
    peer.say(`${n}`, { id: `${n}` });
  }
  assertEquals(world.store.commits.length, 1);
  world.store.releaseAll();
  await world.settled();
  assertEquals(world.store.commits.length, 2);
  const all = await world.store.read("lobby", 1, 20);
  assertEquals(all.map(({ body }) => body), range(1, 9).map(String));
  assertEquals(answers(ann), [1, 3, 5, 7, 9].map((n) => `ack ${n} ${n}`));
  assertEquals(answers(bob), [2, 4, 6, 8].map((n) => `ack ${n} ${n}`));
});

test("is over only when what was held is stored, too", async () => {
  const [world, ann] = await withNothingStored();
  world.store.holdsCommits = true;
  ann.say("1");
  await untilHeld(world);
  ann.say("2");
  const done = world.turns.done();
  world.store.releaseAll();
  await done;
  assertEquals(world.store.headOf("lobby"), 2);
});

/** Resolves when a commit waits. */
async function untilHeld({ store }: World): Promise<void> {
  while (store.heldCommits === 0) await eventLoopTurn();
}

test("takes from its first input, also one that was held, until it is delivered", async () => {
  const [world, ann, bob] = await withNothingStored();
  world.turnTimesMs.length = 0;
  world.clock.advance(1_000);
  ann.say("one");
  world.clock.advance(3);
  bob.say("two");
  world.clock.advance(4);
  await world.settled();
  assertEquals(world.turnTimesMs, [7]);

  world.store.holdsCommits = true;
  world.clock.advance(1_000);
  ann.say("three");
  await untilHeld(world);
  world.clock.advance(50);
  // It waits for the one before, and takes that long itself.
  bob.say("four");
  world.clock.advance(20);
  world.store.releaseAll();
  await world.settled();
  assertEquals(world.turnTimesMs, [7, 70, 20]);
});
