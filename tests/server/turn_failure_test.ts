/** Turns that cannot be stored: their authors hear of it, nobody else does, and the server goes on. */
import { assertEquals } from "@std/assert";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { codesOf, type Peer, seqsOf, World } from "./_world.ts";

const test = testsOf("turn");
const ANN = "SHA256:ann";
const BOB = "SHA256:bob";

/** A server with two people in the lobby who have heard everything. */
async function withTwo(): Promise<[World, Peer, Peer]> {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  const bob = await world.enter(BOB, { name: "bob" });
  ann.take();
  bob.take();
  world.store.commits.length = 0;
  return [world, ann, bob];
}

/** What an `ack` or an `error` says, in short. */
function answers(peer: Peer): string[] {
  return peer.take().flatMap((message) => {
    if (message.type === "ack") return [`ack ${message.id} ${message.seq}`];
    return message.type === "error" ? [`${message.code} ${message.id}`] : [];
  });
}

test("that cannot be stored is refused to its authors, and delivered to nobody", async () => {
  const [world, ann, bob] = await withTwo();
  const cy = await world.enter();
  cy.take();
  bob.take();
  ann.take();
  world.store.failingCommits = 1;
  ann.say("1", { id: "1" });
  bob.say("2", { id: "2" });
  ann.say("3", { id: "3" });
  ann.say("4");
  await world.settled();
  assertEquals(answers(ann), [
    "not-stored 1",
    "not-stored 3",
    "not-stored undefined",
  ]);
  assertEquals(answers(bob), ["not-stored 2"]);
  assertEquals(cy.take(), []);
  assertEquals(world.notStored, [[ann.id, bob.id]]);
  assertEquals(await world.store.heads(), new Map());
});

test("that cannot be stored leaves nothing behind: the next is as if it had not been", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.failingCommits = 2;
  for (let attempt = 0; attempt < 3; attempt++) {
    ann.say("the same again", { id: "1" });
    await world.settled();
  }
  assertEquals(answers(ann), ["not-stored 1", "not-stored 1", "ack 1 1"]);
  assertEquals(seqsOf(bob.take()), [1]);
  assertEquals(world.notStored, [[ann.id], [ann.id]]);
});

test("that cannot be stored is loud in the log, and so is the first that can", async () => {
  const [world, ann] = await withTwo();
  world.store.failingCommits = 2;
  for (let n = 0; n < 4; n++) {
    ann.say(`${n}`);
    await world.settled();
  }
  const lines = world.log.map(({ level, event, fields }) => {
    return [level, event.includes("NOT STORED"), fields.failedTurns];
  });
  assertEquals(lines, [
    ["error", true, 1],
    ["error", true, 2],
    ["warn", false, 2],
  ]);
  assertEquals(world.log[0]?.fields.error, "storing a turn: the disk is full");
});

test("that cannot be stored answers all the same what was only asked", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.failingCommits = 1;
  ann.say("lost", { id: "1" });
  bob.command("users", "", "2");
  await world.settled();
  assertEquals(answers(ann), ["not-stored 1"]);
  assertEquals(bob.takeOf("users").map(({ id }) => id), ["2"]);
});

test("that cannot be stored tells what was held whose messages were lost, so that those fail, too", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.holdsCommits = true;
  world.store.failingCommits = 1;
  ann.say("lost");
  await untilHeld(world);
  const told: number[][] = [];
  world.turns.input((failed) => void told.push([...failed]));
  bob.say("kept", { id: "b" });
  world.turns.input((failed) => void told.push([...failed]));
  world.store.releaseAll();
  await world.settled();
  assertEquals(told, [[ann.id], [ann.id]]);
  assertEquals(answers(bob), ["ack b 1"]);
  // What comes afterwards is not under way any more.
  world.turns.input((failed) => void told.push([...failed]));
  await world.settled();
  assertEquals(told.at(-1), []);
});

test("goes on when the journal cannot be read for one who enters", async () => {
  const [world, ann] = await withTwo();
  for (let n = 0; n < 5; n++) ann.say(`${n}`, { room: "lobby" });
  ann.command("join", "den");
  await world.settled();
  const bob = world.peers[1]!;
  bob.command("leave");
  await world.settled();
  ann.take();
  world.store.failingReads = 1;
  ann.say("to the den", { id: "1" });
  ann.command("join", "+lobby", "2");
  await world.settled();
  assertEquals(codesOf(ann.take()), []);
  assertEquals(world.log.map(({ level }) => level), ["error"]);
  assertEquals((await world.store.heads()).get("den"), 1);
});

test("outlives a held input that fails", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.holdsCommits = true;
  ann.say("1");
  await untilHeld(world);
  world.turns.input(() => {
    throw new TypeError("a fault of the program");
  });
  bob.say("2", { id: "b" });
  world.store.releaseAll();
  await world.settled();
  assertEquals(answers(bob), ["ack b 2"]);
  assertEquals(world.log.map(({ level }) => level), ["error"]);
});

/** Resolves when a commit waits. */
async function untilHeld({ store }: World): Promise<void> {
  while (store.heldCommits === 0) await eventLoopTurn();
}
