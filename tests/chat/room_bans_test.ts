import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("a ban from a room");
const DAY_MS = 24 * 3_600_000;
const THERE = { room: "den" };

/** A room with its creator, who comes from an address of its own. */
async function den(): Promise<{ scene: Scene; cat: Visitor }> {
  const scene = new Scene();
  const cat = await come(scene, "10.0.0.1", "cat");
  assertEquals(await cat.tries("hello"), "ack");
  return { scene, cat };
}

/** Somebody comes to the den: with the key of `who`, and with a name if there is one. */
async function come(
  scene: Scene,
  address: string,
  who: string,
  name: string | undefined = who,
): Promise<Visitor> {
  const visitor = await scene.opens({ key: keyOf(who), address });
  await visitor.send({ type: "hello", name, ...THERE });
  return visitor;
}

function isThere(visitor: Visitor): boolean {
  return visitor.hears.has("den");
}

test("keeps out a new key from the same address, at once and for a day, and a guest from there", async () => {
  const { scene, cat } = await den();
  await come(scene, "10.0.0.7", "eve");
  scene.clock.advance(1);
  assertEquals(await cat.tries("/ban eve"), "ack");
  scene.clock.advance(1);
  const named = await come(scene, "10.0.0.7", "eve-2");
  const nameless = await come(scene, "10.0.0.7", "eve-3", "");
  const guest = await scene.guest("eve-4", "10.0.0.7", THERE);
  const elsewhere = await come(scene, "10.0.0.8", "ned");
  assertEquals([named, nameless, guest, elsewhere].map(isThere), [
    false,
    false,
    false,
    true,
  ]);
  for (const one of [named, nameless, guest]) {
    assertEquals(await one.tries("/join den"), "banned");
    assertEquals(await one.tries("/join +other"), "ack");
  }
  await scene.waits(DAY_MS);
  for (const one of [named, nameless, guest]) {
    assertEquals(await one.tries("/join den"), "ack");
  }
  const eve = await come(scene, "10.0.0.9", "eve");
  assertEquals(isThere(eve), false);
});

test("lets a neighbour in who held a name before, and who is there stays", async () => {
  const { scene, cat } = await den();
  const before = await come(scene, "10.0.0.7", "bob");
  await before.leaves("closed");
  const ann = await come(scene, "10.0.0.7", "ann");
  const fresh = await come(scene, "10.0.0.7", "new", "");
  const guest = await scene.guest("gus", "10.0.0.7", THERE);
  await come(scene, "10.0.0.7", "eve");
  scene.clock.advance(1);
  assertEquals(await cat.tries("/ban eve"), "ack");
  assertEquals([ann, fresh, guest].map(isThere), [true, false, false]);
  const bob = await come(scene, "10.0.0.7", "bob");
  assertEquals([bob].map(isThere), [true]);
  // Another name does not make the key another: it held one then.
  assertEquals(await bob.tries("/leave"), "ack");
  assertEquals(await bob.tries("/name rob"), "ack");
  assertEquals(await bob.tries("/join den"), "ack");
});

test("does not count for loopback, where everybody of the machine is", async () => {
  const { scene, cat } = await den();
  await come(scene, "127.0.0.1", "eve");
  assertEquals(await cat.tries("/ban eve"), "ack");
  const other = await come(scene, "127.0.0.1", "eve-2");
  assertEquals(isThere(other), true);
});

test("is lifted with the address, by name, by the name of then, and by fingerprint", async () => {
  for (const how of ["/unban bad", "/unban eve", `/unban ${keyOf("eve")}`]) {
    const { scene, cat } = await den();
    const eve = await come(scene, "10.0.0.7", "eve");
    assertEquals(await cat.tries("/ban eve"), "ack");
    assertEquals(await eve.tries("/name bad"), "ack");
    if (how === "/unban eve") {
      // The name is nobody's any more.
      assertEquals(await eve.tries("/name bad2"), "ack");
      await scene.waits(8 * DAY_MS);
    }
    assertEquals(await cat.tries(how), "ack", how);
    assertEquals(await cat.tries(how), "no-such-person", how);
    const guest = await scene.guest("gus", "10.0.0.7", THERE);
    assertEquals([isThere(guest), await eve.tries("/join den")], [true, "ack"]);
  }
});

test("stays with the address of another who was banned from there later", async () => {
  const { scene, cat } = await den();
  await come(scene, "10.0.0.7", "eve");
  await come(scene, "10.0.0.7", "mal");
  assertEquals(await cat.tries("/ban eve"), "ack");
  assertEquals(await cat.tries("/ban mal"), "ack");
  assertEquals(await cat.tries("/unban eve"), "ack");
  const guest = await scene.guest("gus", "10.0.0.7", THERE);
  assertEquals(isThere(guest), false);
  assertEquals(await cat.tries("/unban mal"), "ack");
  assertEquals(await guest.tries("/join den"), "ack");
});

test("has its address also after a restart, and after another ban while nobody is there", async () => {
  const { scene, cat } = await den();
  const eve = await come(scene, "10.0.0.7", "eve");
  assertEquals(await cat.tries("/ban eve"), "ack");
  await eve.leaves("closed");
  assertEquals(await cat.tries("/ban eve"), "ack");
  await scene.restarts();
  const guest = await scene.guest("gus", "10.0.0.7", THERE);
  assertEquals(isThere(guest), false);
  const back = await come(scene, "10.0.0.1", "cat");
  assertEquals(await back.tries("/unban eve"), "ack");
  assertEquals(await guest.tries("/join den"), "ack");
});

test("is told to the room", async () => {
  const { scene, cat } = await den();
  const ann = await come(scene, "10.0.0.2", "ann");
  await come(scene, "10.0.0.7", "eve");
  ann.take();
  assertEquals(await cat.tries("/ban eve noisy"), "ack");
  const [left, ...rest] = ann.take();
  assert(left?.type === "left" && rest.length === 0);
  const { reason, by, why, banned } = left;
  assertEquals([reason, by, why, banned], ["kicked", "cat", "noisy", true]);
  assertEquals(await cat.tries("/unban eve"), "ack");
  assertEquals(ann.takeOf("notice").map(({ text }) => text), [
    "cat unbanned eve from den",
  ]);
});

test("is one of more than 1,000, each a record of its own, and the room's stays as small", async () => {
  const { scene, cat } = await den();
  for (let n = 0; n < 1_001; n++) {
    // An address takes 1,000 names a day.
    const one = await come(scene, `10.1.0.${n % 9}`, `n${n}`);
    await one.leaves("closed");
  }
  cat.take();
  for (let n = 0; n < 1_001; n++) {
    cat.put({ type: "chat", txt: `/ban n${n}`, id: `${n}` });
  }
  await scene.turn();
  assertEquals(cat.takeOf("ack").length, 1_001);
  const record = JSON.stringify(scene.store.record("room", "den")?.value);
  // Where they were, counts for a day.
  const until = NOON_MS + DAY_MS;
  assertEquals(JSON.parse(record).lists, { ban: { count: 1_001, until } });
  const last = await scene.person("n1000", THERE);
  assertEquals(isThere(last), false);
});

test("or a mute, or an invitation, is one of so many of an address in a day, but of an admin", async () => {
  const scene = new Scene({ admins: ["adm"], listedPerDay: 3 });
  const cat = await come(scene, "10.0.0.1", "cat");
  assertEquals(await cat.tries("hello"), "ack");
  for (const name of ["n1", "n2", "n3", "n4"]) {
    await come(scene, "10.0.0.2", name);
  }
  assertEquals(await cat.tries("/ban n1"), "ack");
  assertEquals(await cat.tries("/mute n2"), "ack");
  // What is not done does not count.
  assertEquals(await cat.tries("/ban nobody"), "no-such-person");
  assertEquals(await cat.tries("/invite n3"), "ack");
  for (const command of ["ban", "mute", "invite"]) {
    assertEquals(await cat.tries(`/${command} n4`), "limit-reached", command);
  }
  const dan = await come(scene, "10.0.0.1", "dan");
  assertEquals(await dan.tries("/join dans"), "ack");
  assertEquals(await dan.tries("/ban n4"), "limit-reached");
  assertEquals(await cat.tries("/unban n1"), "ack");
  const adm = await come(scene, "10.0.0.1", "adm");
  assertEquals(await adm.tries("/ban n4"), "ack");
  await scene.waits(DAY_MS);
  assertEquals(await cat.tries("/ban n3"), "ack");
});

test("are not made while there is no space, but by administrators", async () => {
  const scene = new Scene({ admins: ["root"] });
  const eve = await scene.person("eve", { room: "den" });
  assertEquals(await eve.tries("mine"), "ack");
  const root = await scene.person("root", { room: "den" });
  await scene.person("bob");
  scene.put({ kind: "space", refusal: "the disk is full" });
  for (const command of ["/ban bob", "/mute bob"]) {
    assertEquals(await eve.tries(command), "not-stored");
    assertEquals(await root.tries(command), "ack");
  }
  // Less may be kept.
  assertEquals(await eve.tries("/unban bob"), "ack");
  scene.put({ kind: "space" });
  assertEquals(await eve.tries("/ban bob"), "ack");
});
