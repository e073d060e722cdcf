/** Who may have which name, and for how long. */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { codesOf, type Peer, World } from "../server/_world.ts";

const test = testsOf("hub");
const ANN = "SHA256:ann";
const BOB = "SHA256:bob";
const DAY_MS = 24 * 3_600_000;

/** What somebody is called who asks for a name, or why it cannot be. */
async function named(
  world: World,
  key: string | undefined,
  name?: string,
): Promise<string> {
  const peer = await world.enter(key, name === undefined ? {} : { name });
  const answers = peer.take();
  const [welcome] = answers;
  const result = welcome?.type === "welcome"
    ? welcome.name
    : codesOf(answers).join();
  peer.send({ type: "bye" });
  await world.settled();
  return result;
}

/** The codes of what came back, or nothing when it went well. */
async function rename(world: World, peer: Peer, name: string) {
  peer.take();
  peer.command("name", name, "rename");
  await world.settled();
  return codesOf(peer.take());
}

test("gives guests names of their own", async () => {
  const world = await World.open();
  const names: string[] = [];
  for (let n = 0; n < 3; n++) {
    const guest = await world.enter();
    const { name } = guest.takeOf("welcome")[0]!;
    assertMatch(name, /^guest-/);
    names.push(name);
  }
  assertEquals(new Set(names).size, 3);
});

test("refuses a name that somebody here has, however it is written", async () => {
  const world = await World.open();
  await world.enter(undefined, { name: "straße" });
  await world.enter(ANN, { name: "Ann" });
  for (const name of ["ann", "ANN", "ａｎｎ", "Strasse", "STRASSE"]) {
    assertEquals(await named(world, BOB, name), "name-taken");
    assertEquals(await named(world, undefined, name), "name-taken");
  }
});

test("frees a guest's name when the guest goes", async () => {
  const world = await World.open();
  assertEquals(await named(world, undefined, "zed"), "zed");
  assertEquals(await named(world, undefined, "zed"), "zed");
  assertEquals(await named(world, BOB, "zed"), "zed");
});

test("keeps a claimed name for its person when that is gone", async () => {
  const world = await World.open();
  assertEquals(await named(world, ANN, "ann"), "ann");
  assertEquals(await named(world, BOB, "ann"), "name-taken");
  assertEquals(await named(world, undefined, "Ann"), "name-taken");
  // Who holds it gets it without asking.
  assertEquals(await named(world, ANN), "ann");
});

test("keeps claimed names when the server starts again", async () => {
  const before = await World.open();
  assertEquals(await named(before, ANN, "ann"), "ann");
  const world = await World.open(before.store);
  assertEquals(await named(world, BOB, "ann"), "name-taken");
  assertEquals(await named(world, ANN), "ann");
});

test("keeps a former name for 7 days, and then no longer", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  assertEquals(await rename(world, ann, "anna"), []);
  assertEquals(await named(world, BOB, "anna"), "name-taken");
  assertEquals(await named(world, BOB, "ann"), "name-taken");
  await world.pass(7 * DAY_MS - 1);
  assertEquals(await named(world, BOB, "ann"), "name-taken");
  await world.pass(1);
  assertEquals(await named(world, BOB, "ann"), "ann");
  // Whose it was has the other all the while.
  assertEquals(ann.sink.isEnded, false);
  assertEquals(await rename(world, ann, "ann"), ["name-taken"]);
});

test("gives a former name back to its person at once", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  assertEquals(await rename(world, ann, "anna"), []);
  assertEquals(await rename(world, ann, "ann"), []);
  assertEquals(await named(world, BOB, "anna"), "name-taken");
  await world.pass(7 * DAY_MS);
  assertEquals(await named(world, BOB, "anna"), "anna");
  assertEquals(await named(world, undefined, "ann"), "name-taken");
});

test("frees a name that nobody used for 180 days, and not before", async () => {
  const world = await World.open();
  assertEquals(await named(world, ANN, "ann"), "ann");
  await world.pass(180 * DAY_MS - 1);
  assertEquals(await named(world, BOB, "ann"), "name-taken");
  await world.pass(1);
  assertEquals(await named(world, BOB, "ann"), "ann");
  // Whose it was comes back without it.
  assertNotEquals(await named(world, ANN), "ann");
  assertEquals(await named(world, ANN, "ann"), "name-taken");
});

test("counts the 180 days from the last visit", async () => {
  const world = await World.open();
  assertEquals(await named(world, ANN, "ann"), "ann");
  await world.pass(179 * DAY_MS);
  assertEquals(await named(world, ANN), "ann");
  await world.pass(179 * DAY_MS);
  assertEquals(await named(world, BOB, "ann"), "name-taken");
});

test("does not free the name of a person who is here", async () => {
  const world = await World.open();
  await world.enter(ANN, { name: "ann" });
  await world.pass(400 * DAY_MS);
  assertEquals(await named(world, BOB, "ann"), "name-taken");
});

test("refuses names that are reserved or no names", async () => {
  const world = await World.open();
  for (const name of ["server", "Admin", "guest-7", "a b", "pаypal", "@ann"]) {
    assertEquals(await named(world, ANN, name), "name-invalid");
  }
});

test("tells everyone in the rooms of a person its new name, once", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  const bob = await world.enter(BOB, { name: "bob" });
  for (const peer of [ann, bob]) peer.command("join", "+den");
  await world.settled();
  const other = await world.enter(undefined, { room: "attic" });
  bob.take();
  other.take();
  assertEquals(await rename(world, ann, "anna"), []);
  const at = world.clock.wall();
  assertEquals(bob.take(), [{
    type: "renamed",
    from: "ann",
    name: "anna",
    at,
  }]);
  assertEquals(other.take(), []);
  ann.say("it is me");
  await world.settled();
  assertEquals(bob.takeOf("chat")[0]?.from, "anna");
});

test("leaves a person its name when the new one cannot be had", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  const bob = await world.enter(BOB, { name: "bob" });
  assertEquals(await rename(world, ann, "bob"), ["name-taken"]);
  assertEquals(await rename(world, ann, "no name"), ["bad-arguments"]);
  assertEquals(await rename(world, ann, "server"), ["name-invalid"]);
  bob.take();
  ann.say("still me");
  await world.settled();
  assertEquals(bob.take().map(({ type }) => type), ["chat"]);
  assertEquals(await named(world, ANN), "ann");
});

test("lets somebody change only how the name is written", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  assertEquals(await rename(world, ann, "Ann"), []);
  assertEquals(await named(world, ANN), "Ann");
});
