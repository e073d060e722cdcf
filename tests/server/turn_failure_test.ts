/**
 * Turns that cannot be stored: their authors hear of it, nobody else does, and the server goes on.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { answers, codesOf, seqsOf, withTwo, World } from "./_world.ts";

const test = testsOf("turn");

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
  assertEquals(world.notStoredOf, [[ann.id, bob.id]]);
  assertEquals(await world.store.position(), 0);
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
  assertEquals(world.notStoredOf, [[ann.id], [ann.id]]);
});

test("that cannot be stored is loud in the log, and so is the first that can", async () => {
  const [world, ann] = await withTwo();
  world.store.failingCommits = 2;
  for (let n = 0; n < 4; n++) {
    ann.say(`${n}`);
    await world.settled();
  }
  const error = "storing a turn: the disk is full";
  assertEquals(world.reports, [
    { what: "not stored", error, failed: 1 },
    { what: "not stored", error, failed: 2 },
    { what: "stores again", failed: 2 },
  ]);
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

test("that cannot be stored takes along what its authors said behind it, and nobody else's", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.holdsCommits = true;
  world.store.failingCommits = 1;
  ann.say("lost", { id: "1" });
  await untilHeld(world);
  ann.say("under way", { id: "2" });
  ann.command("users", "", "3");
  ann.send({ type: "history", room: "lobby", id: "4" });
  bob.say("kept", { id: "b" });
  world.store.releaseAll();
  await world.settled();
  assertEquals(world.notStoredOf, [[ann.id]]);
  assertEquals(answers(bob), ["ack b 1"]);
  assertEquals(answers(ann), ["not-stored 1", "not-stored 2", "not-stored 3"]);
  // What comes afterwards is not under way any more.
  ann.say("again", { id: "1" });
  await world.settled();
  assertEquals(answers(ann), ["ack 1 2"]);
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
  assertEquals(world.reports, [{ what: "failed", event: "journal not read" }]);
  assertEquals(world.store.headOf("den"), 1);
});

test("outlives a held input that fails", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.holdsCommits = true;
  ann.say("1");
  await untilHeld(world);
  // Not a message that any client could send.
  bob.send({ type: "command", name: "users" });
  const faulty = { type: "history", room: undefined } as unknown;
  world.put({
    kind: "message",
    at: world.now,
    connection: bob.id,
    message: faulty as ClientMessage,
  });
  bob.say("2", { id: "b" });
  world.store.releaseAll();
  await world.settled();
  assertEquals(answers(bob), ["ack b 2"]);
  assertEquals(world.reports, [{ what: "failed", event: "a message failed" }]);
});

/** Resolves when a commit waits. */
async function untilHeld({ store }: World): Promise<void> {
  while (store.heldCommits === 0) await eventLoopTurn();
}

test("in which a record cannot be read goes on without what needed it", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.isUnreadable = true;
  bob.take();
  assertThrows(() => bob.command("name", "rob", "1"), ConfabError, "disk");
  ann.say("hello", { id: "2" });
  await world.settled();
  assertEquals(answers(ann), ["ack 2 1"]);
  assertEquals(bob.takeOf("renamed"), []);
  world.store.isUnreadable = false;
  bob.command("name", "rob", "3");
  await world.settled();
  assertEquals(bob.takeOf("renamed").map(({ name }) => name), ["rob"]);
});

test("that cannot be stored, and of which then a record cannot be read, ends nobody's server", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.failingCommits = 1;
  world.store.holdsCommits = true;
  ann.say("lost", { id: "1" });
  bob.command("name", "rob", "2");
  await eventLoopTurn();
  // What is known is forgotten as others write.
  world.hub.handle({ kind: "followed", entries: [] });
  world.store.isUnreadable = true;
  world.store.releaseAll();
  await world.settled();
  assertEquals(answers(ann), ["not-stored 1"]);
  assertEquals(world.reports.some(({ what }) => what === "failed"), true);
  world.store.isUnreadable = false;
  ann.say("kept", { id: "3" });
  await world.settled();
  assertEquals(answers(ann), ["ack 3 1"]);
});

test("during which others write, and after which no record can be read, ends nobody's server", async () => {
  const [world, ann, bob] = await withTwo();
  world.store.holdsCommits = true;
  ann.say("mine", { id: "1" });
  await untilHeld(world);
  const at = world.now.wall;
  const body = "of others";
  world.turns.followed([
    { room: "den", seq: 1, at, from: "zoe", kind: "text", body },
  ]);
  bob.say("behind it", { id: "2" });
  world.store.isUnreadable = true;
  world.store.releaseAll();
  await world.settled();
  assertEquals(answers(ann), ["ack 1 1"]);
  world.store.isUnreadable = false;
  bob.say("later", { id: "3" });
  await world.settled();
  assertEquals(answers(bob).at(-1), "ack 3 2");
});

test("that meets what others wrote, while no record can be read, ends nobody's server", async () => {
  const [world, ann] = await withTwo();
  world.store.holdsCommits = true;
  ann.say("mine", { id: "1" });
  await untilHeld(world);
  await world.store.commitElsewhere((head) => [{
    ...{ room: "lobby", seq: head + 1, at: world.now.wall },
    ...{ from: "zoe", kind: "text", body: "of others" },
  }], "lobby");
  world.store.isUnreadable = true;
  world.store.releaseAll();
  await world.settled();
  world.store.isUnreadable = false;
  ann.say("again", { id: "2" });
  await world.settled();
  assertEquals(answers(ann).at(-1)?.slice(0, 5), "ack 2");
});
