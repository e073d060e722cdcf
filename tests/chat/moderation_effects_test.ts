import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("of what moderators do");

async function den(
  admins: string[] = [],
): Promise<{ scene: Scene; cat: Visitor }> {
  const scene = new Scene({ admins });
  const cat = await scene.person("cat", { room: "den" });
  assertEquals(await cat.tries("hello"), "ack");
  return { scene, cat };
}

/** Roles of the people of a room, by name. */
async function rolesIn(visitor: Visitor): Promise<Record<string, string>> {
  const users = await visitor.says("/users");
  assert(users.type === "users");
  return Object.fromEntries(
    users.users.map(({ name, role }) => [name, role ?? "none"]),
  );
}

test("a kick makes all connections of a person leave, and the room hears it once", async () => {
  const { scene, cat } = await den();
  const ned = await scene.person("ned", { room: "den" });
  const phone = await scene.person("ned", { room: "den" });
  const elsewhere = await scene.person("ned", { room: "other" });
  for (const visitor of [cat, ned, phone, elsewhere]) visitor.take();
  assertEquals(await cat.tries("/kick ned too  loud"), "ack");
  const left = {
    type: "left",
    room: "den",
    name: "ned",
    key: keyOf("ned"),
    at: NOON_MS,
    reason: "kicked",
    by: "cat",
    why: "too loud",
  } as const;
  assertEquals(cat.takeOf("left"), [left]);
  const notice = {
    type: "notice",
    text: "cat kicked you from den: too loud",
  } as const;
  const heard = [{ type: "here", room: "" }, left, notice] as const;
  assertEquals(ned.take(), [...heard]);
  assertEquals(phone.take(), [...heard]);
  assertEquals(elsewhere.take(), [notice]);
  assertEquals([...ned.hears.keys(), ...phone.hears.keys()], []);
  assertEquals([...elsewhere.hears.keys()], ["other"]);
  assertEquals(await ned.tries("hello"), "no-room");
  assertEquals(await ned.tries("/join den"), "ack");
});

test("leaving is of one connection: the person is there with the other", async () => {
  const { scene, cat } = await den();
  const ned = await scene.person("ned", { room: "den" });
  const phone = await scene.person("ned", { room: "den" });
  cat.take();
  assertEquals(await ned.tries("/leave"), "ack");
  assertEquals(cat.takeOf("left"), []);
  assertEquals(scene.namesIn("den"), ["cat", "ned"]);
  assertEquals(await phone.tries("/leave"), "ack");
  assertEquals(cat.takeOf("left").map(({ reason }) => reason), ["left"]);
});

test("a kick makes one who was cut and may come back leave at once, and frees what it had", async () => {
  const { scene, cat } = await den();
  const ned = await scene.person("ned", { room: "den" });
  await ned.leaves("cut");
  assertEquals(scene.namesIn("den"), ["cat", "ned"]);
  cat.take();
  assertEquals(await cat.tries("/kick ned"), "ack");
  assertEquals(cat.takeOf("left").map(({ reason }) => reason), ["kicked"]);
  assertEquals(scene.namesIn("den"), ["cat"]);
  const whois = await cat.says("/whois ned");
  assertEquals(whois.type === "whois" && whois.seen, NOON_MS);
  await scene.waits(15_000);
  assertEquals(cat.takeOf("left"), []);
});

test("an operator who is kicked is none any more", async () => {
  const { scene, cat } = await den();
  const oli = await scene.person("oli", { room: "den" });
  assertEquals(await cat.tries("/op oli"), "ack");
  assertEquals(await cat.tries("/kick oli"), "ack");
  assertEquals(await oli.tries("/join den"), "ack");
  assertEquals(await rolesIn(cat), { cat: "creator", oli: "none" });
});

test("a guest is banned with the address, and others from there leave, too", async () => {
  const { scene, cat } = await den();
  const gus = await scene.guest("gus", "10.0.0.7", { room: "den" });
  const gil = await scene.guest("gil", "10.0.0.7", { room: "den" });
  const far = await scene.guest("far", "10.0.0.8", { room: "den" });
  assertEquals(await cat.tries("/ban gus"), "ack");
  assertEquals(scene.namesIn("den"), ["cat", "far"]);
  assertEquals(gil.hears.has("den"), false);
  assertEquals(await gus.tries("/join den"), "banned");
  const later = await scene.guest("later", "10.0.0.7", { room: "den" });
  assertEquals(later.takeOf("error").map(({ code }) => code), ["banned"]);
  assertEquals(await far.tries("hello"), "ack");
  // Who has a key is not banned by address for good, but new ones wait a day.
  await scene.waits(24 * 3_600_000);
  const ann = await scene.opens({ key: keyOf("ann"), address: "10.0.0.7" });
  await ann.send({ type: "hello", room: "den" });
  assertEquals(ann.hears.has("den"), true);
  assertEquals(await later.tries("/join den"), "banned");
  assertEquals(await cat.tries("/unban gus"), "ack");
  assertEquals(await later.tries("/join den"), "ack");
  assertEquals(await gus.tries("/join den"), "ack");
});

for (const address of ["127.0.0.1", "0:0:0:0::/64"]) {
  test(`a guest at ${address} is banned by connection only, as it is everybody's`, async () => {
    const { scene, cat } = await den();
    const gus = await scene.guest("gus", address, { room: "den" });
    const gil = await scene.guest("gil", address, { room: "den" });
    assertEquals(await cat.tries("/ban gus"), "ack");
    assertEquals(scene.namesIn("den"), ["cat", "gil"]);
    assertEquals(await gus.tries("/join den"), "banned");
    const later = await scene.guest("later", address, { room: "den" });
    assertEquals(later.hears.has("den"), true);
    assertEquals(await gil.tries("hello"), "ack");
    assertEquals(await cat.tries("/unban gus"), "ack");
    assertEquals(await gus.tries("/join den"), "ack");
  });
}

test("a lock sends guests out and keeps those with keys who are there", async () => {
  const { scene, cat } = await den();
  const ned = await scene.person("ned", { room: "den" });
  const gus = await scene.guest("gus", "127.0.0.1", { room: "den" });
  for (const visitor of [cat, ned, gus]) visitor.take();
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(scene.namesIn("den"), ["cat", "ned"]);
  assertEquals(gus.take().map(({ type }) => type), [
    "here",
    "left",
    "notice",
  ]);
  assertEquals(gus.hears.has("den"), false);
  const [left, notice] = ned.take();
  assertEquals(left?.type === "left" && [left.name, left.guest, left.reason], [
    "gus",
    true,
    "kicked",
  ]);
  assertEquals(notice?.type, "notice");
  assertEquals(await ned.tries("still here"), "ack");
});

test("creator, operators, bans, mutes, the lock, invitations and the topic last over a restart", async () => {
  const { scene, cat } = await den();
  for (const name of ["oli", "mut", "ben", "ivy", "ned"]) {
    await scene.person(name, { room: name === "mut" ? "den" : "lobby" });
  }
  const gus = await scene.guest("gus", "10.0.0.7");
  for (
    const command of [
      "/op oli",
      "/mute mut",
      "/ban ben",
      "/ban gus",
      "/lock",
      "/invite ivy",
      "/topic the news",
    ]
  ) assertEquals(await cat.tries(command), "ack", command);
  assertEquals(await gus.tries("/join den"), "banned");

  await scene.restarts();
  const again = await scene.person("cat", { room: "den" });
  assertEquals(again.hears.get("den")?.start, {
    kind: "last",
    head: 1,
    messages: 50,
  });
  assertEquals(again.takeOf("topic"), [
    { type: "topic", room: "den", text: "the news", by: "cat", at: NOON_MS },
  ]);
  const outcomes: Record<string, string[]> = {};
  for (const name of ["oli", "mut", "ben", "ivy", "ned"]) {
    const visitor = await scene.person(name, { room: "" });
    const join = await visitor.tries("/join den");
    outcomes[name] = [join, await visitor.tries("hello")];
  }
  assertEquals(outcomes, {
    oli: ["ack", "ack"],
    mut: ["ack", "muted"],
    ben: ["banned", "no-room"],
    ivy: ["ack", "ack"],
    ned: ["room-locked", "no-room"],
  });
  assertEquals(await rolesIn(again), {
    cat: "creator",
    oli: "operator",
    mut: "none",
    ivy: "none",
  });
  const near = await scene.guest("near", "10.0.0.7");
  assertEquals(await near.tries("/join den"), "banned");
});

test("what was done in a room stays, and who made it, though nothing was ever said there", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const ned = await scene.person("ned");
  assertEquals(await cat.tries("/ban ned"), "ack");
  assertEquals(await cat.tries("/leave"), "ack");
  assertEquals(await ned.tries("/join den"), "banned");
  await scene.restarts();
  const [again, eve] = [await scene.person("cat"), await scene.person("eve")];
  assertEquals(await eve.tries("/join den"), "ack");
  assertEquals(await again.tries("/join den"), "ack");
  assertEquals(await rolesIn(eve), { eve: "none", cat: "creator" });
});

test("a room where nothing was said or set is nobody's when all have left", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const ned = await scene.person("ned");
  assertEquals(await cat.tries("/leave"), "ack");
  assertEquals(await ned.tries("/join den"), "ack");
  assertEquals(await rolesIn(ned), { ned: "creator" });
  assertEquals(scene.store.list("room", "", 9), []);
});

test("in a turn that was not kept has not happened, and its answers say so", async () => {
  const { scene, cat } = await den();
  const ned = await scene.person("ned", { room: "den" });
  const gus = await scene.guest("gus", "10.0.0.7", { room: "den" });
  for (const [at, name] of ["op ned", "mute gus", "topic x"].entries()) {
    cat.put({ type: "chat", txt: `/${name}`, id: `${at}` });
  }
  scene.lostTurn();
  assertEquals(cat.takeOf("error").map(({ code, id }) => [code, id]), [
    ["not-stored", "0"],
    ["not-stored", "1"],
    ["not-stored", "2"],
  ]);
  assertEquals(await rolesIn(cat), {
    cat: "creator",
    ned: "none",
    gus: "none",
  });
  assertEquals(await gus.tries("hello"), "ack");
  cat.put({ type: "chat", txt: "/ban gus", id: "ban" });
  scene.lostTurn();
  const [error] = cat.takeOf("error");
  assertEquals([error?.code, error?.id], ["not-stored", "ban"]);
  assertEquals(scene.namesIn("den"), ["cat", "ned", "gus"]);
  assertEquals(gus.hears.has("den"), true);
  assertEquals(await gus.tries("hello"), "ack");
  assertEquals(await ned.tries("hello"), "ack");
});
