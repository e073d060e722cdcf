/**
 * Coming and going: what a person hears on entering, how connections of one person go together, and
 * when one counts as left.
 */
import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { codesOf, seqsOf, World } from "../server/_world.ts";

const test = testsOf("hub");
const ANN = "SHA256:ann";
const BOB = "SHA256:bob";

test("answers hello with welcome, then for the room users and an empty history", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  assertEquals(ann.take(), [
    {
      type: "welcome",
      name: "ann",
      server: "test",
      version: "1",
      room: "lobby",
      key: ANN,
    },
    { type: "here", room: "lobby" },
    { type: "users", room: "lobby", users: [{ name: "ann", key: ANN }] },
    { type: "history", room: "lobby", messages: [], more: false },
  ]);
  assertEquals(ann.sink.name, "ann");
});

test("tells one who enters the topic between users and history", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { room: "den" });
  ann.say("/topic cats");
  await world.settled();
  const bob = await world.enter(BOB, { room: "den" });
  const types = bob.take().map(({ type }) => type);
  assertEquals(types, ["welcome", "here", "users", "topic", "history"]);
});

test("lets one in without a room", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann", room: "" });
  const [welcome, ...rest] = ann.take();
  assertEquals(welcome?.type === "welcome" && welcome.room, "");
  assertEquals(rest, [{ type: "here", room: "" }]);
  ann.say("hello?", { id: "1" });
  await world.settled();
  assertEquals(codesOf(ann.take()), ["no-room"]);
});

test("enters the room that hello names", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { room: "Den" });
  const [welcome, , users] = ann.take();
  assertEquals(welcome?.type === "welcome" && welcome.room, "Den");
  assertEquals(users?.type === "users" && users.room, "Den");
  // The same room for who writes it otherwise; its name is as it was first written.
  const bob = await world.enter(BOB, { room: "dEN" });
  assertEquals(bob.takeOf("welcome")[0]?.room, "Den");
});

test("says nothing but an error before the welcome", async () => {
  const world = await World.open();
  const ann = world.connect(ANN);
  ann.say("too early", { id: "1" });
  ann.send({ type: "hello", name: "no name" });
  ann.send({ type: "hello", room: "no room" });
  await world.settled();
  assertEquals(codesOf(ann.take()), [
    "bad-message",
    "name-invalid",
    "room-invalid",
  ]);
  assertEquals(ann.sink.name, undefined);
  // Another hello may follow.
  ann.send({ type: "hello", name: "ann" });
  await world.settled();
  assertEquals(ann.takeOf("welcome").length, 1);
});

test("takes hello once", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  ann.take();
  ann.send({ type: "hello", name: "eve" });
  await world.settled();
  assertEquals(codesOf(ann.take()), ["bad-message"]);
});

test("tells those in the room who came, and the one who came nothing of that", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  ann.take();
  const guest = await world.enter(undefined, { name: "zed" });
  await world.enter(BOB, { name: "bob" });
  const at = world.clock.wall();
  assertEquals(ann.take(), [
    { type: "joined", room: "lobby", name: "zed", at, guest: true },
    { type: "joined", room: "lobby", name: "bob", at, key: BOB },
  ]);
  assertEquals(guest.takeOf("joined").map(({ name }) => name), ["bob"]);
});

test("counts connections of one key as one person, under the name it has", async () => {
  const world = await World.open();
  const bob = await world.enter(BOB, { name: "bob" });
  const one = await world.enter(ANN, { name: "ann" });
  bob.take();
  const two = await world.enter(ANN, { name: "other" });
  const [welcome, , users] = two.take();
  assertEquals(welcome?.type === "welcome" && welcome.name, "ann");
  assertEquals(
    users?.type === "users" && users.users.map(({ name }) => name),
    ["bob", "ann"],
  );
  assertEquals(bob.take(), []);
  // Each hears what the person says on the other.
  one.take();
  one.say("from one", { id: "1" });
  await world.settled();
  assertEquals(two.takeOf("chat").map(({ from, txt, id }) => [from, txt, id]), [
    ["ann", "from one", undefined],
  ]);
  assertEquals(one.take().map(({ type }) => type), ["ack"]);
  // And the person is there as long as one of them is.
  bob.take();
  one.send({ type: "bye" });
  await world.settled();
  assertEquals(bob.take(), []);
  two.send({ type: "bye" });
  await world.settled();
  assertEquals(bob.takeOf("left").map(({ name }) => name), ["ann"]);
});

test("has rooms of each connection, not of the person", async () => {
  const world = await World.open();
  const one = await world.enter(ANN, { room: "lobby" });
  const two = await world.enter(ANN, { room: "den" });
  const bob = await world.enter(BOB, { room: "den" });
  one.take();
  bob.say("to the den");
  await world.settled();
  assertEquals(one.take(), []);
  assertEquals(seqsOf(two.take()), [1]);
  // One that left a room hears it no more, though the person is still there.
  two.command("join", "lobby");
  await world.settled();
  assertEquals(bob.takeOf("left").length, 1);
});

const GOING: Record<string, { reason: string; isAtOnce: boolean }> = {
  "a person who says bye": { reason: "closed", isAtOnce: true },
  "a guest who is cut": { reason: "cut", isAtOnce: true },
  "a person who leaves the room": { reason: "left", isAtOnce: true },
  "a person who is cut": { reason: "cut", isAtOnce: false },
};

for (const [who, { reason, isAtOnce }] of Object.entries(GOING)) {
  const when = isAtOnce ? "at once" : "after 15 s, and not before";
  test(`counts ${who} as left ${when}, for the reason ${reason}`, async () => {
    const world = await World.open();
    const bob = await world.enter(BOB, { name: "bob" });
    const ann = await world.enter(who.includes("guest") ? undefined : ANN);
    bob.take();
    if (reason === "closed") ann.send({ type: "bye" });
    else if (reason === "left") ann.command("leave");
    else ann.cut();
    await world.settled();
    if (!isAtOnce) {
      await world.pass(14_999);
      assertEquals(bob.take(), []);
      assertEquals((await world.namesIn("lobby")).length, 2);
      await world.pass(1);
    }
    const left = bob.takeOf("left");
    assertEquals(left.map((one) => one.reason), [reason]);
    assertEquals((await world.namesIn("lobby")).length, 1);
    await world.pass(60_000);
    assertEquals(bob.take(), []);
  });
}

test("says nothing of a person who was cut and is back within 15 s", async () => {
  const world = await World.open();
  const bob = await world.enter(BOB, { name: "bob" });
  const ann = await world.enter(ANN, { name: "ann" });
  bob.take();
  ann.cut();
  await world.pass(14_000);
  const again = await world.enter(ANN);
  assertEquals(again.takeOf("welcome")[0]?.name, "ann");
  await world.pass(60_000);
  assertEquals(bob.take(), []);
  // The time begins anew with the next cut.
  again.cut();
  await world.pass(14_999);
  assertEquals(bob.take(), []);
  await world.pass(1);
  assertEquals(bob.takeOf("left").length, 1);
});

test("counts a person as left of the rooms to which it did not come back", async () => {
  const world = await World.open();
  const bob = await world.enter(BOB, { name: "bob" });
  const ann = await world.enter(ANN, { name: "ann" });
  bob.take();
  ann.cut();
  await world.pass(10_000);
  await world.enter(ANN, { room: "den" });
  await world.pass(5_000);
  assertEquals(bob.takeOf("left").map(({ room }) => room), ["lobby"]);
});

test("answers bye with bye, as the last word", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN);
  ann.take();
  ann.say("last words", { id: "1" });
  ann.send({ type: "bye" });
  ann.say("after that", { id: "2" });
  await world.settled();
  assertEquals(ann.take().map(({ type }) => type), ["ack", "bye"]);
  assertEquals(ann.sink.isEnded, true);
  assertEquals(world.store.headOf("lobby"), 1);
});
