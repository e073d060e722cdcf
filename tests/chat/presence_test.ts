import { assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("presence");

const DAY_MS = 24 * 3_600_000;

/** What a connection heard of who came and went. */
function comings(visitor: Visitor): string[] {
  return visitor.take().flatMap((message) =>
    message.type === "joined"
      ? [`+${message.name}`]
      : message.type === "left"
      ? [`-${message.name} ${message.reason}`]
      : message.type === "presence"
      ? [`${message.room} ${message.count}`]
      : []
  );
}

/** A lobby with so many people, of whom `ann` is the first. */
async function crowd(
  people: number,
): Promise<{ scene: Scene; ann: Visitor; g2: Visitor }> {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const g2 = await scene.guest("g2");
  for (let n = 3; n <= people; n++) await scene.guest(`g${n}`);
  await scene.waits(5_000);
  ann.take();
  return { scene, ann, g2 };
}

test("who comes back to a room that they made is told with the role", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const bob = await scene.person("bob", { room: "den" });
  assertEquals(cat.takeOf("joined").map(({ role }) => role), [undefined]);
  await cat.tries("/leave");
  await cat.tries("/join den");
  assertEquals(bob.takeOf("joined").map(({ name, role }) => [name, role]), [
    ["cat", "creator"],
  ]);
});

test("of up to 200 people is joined and left", async () => {
  const { scene, ann } = await crowd(199);
  const bob = await scene.person("bob");
  assertEquals(comings(ann), ["+bob"]);
  await bob.leaves("closed");
  assertEquals(comings(ann), ["-bob closed"]);
  await scene.waits(5_000);
  assertEquals(comings(ann), []);
});

test("of more than 200 people is a number, once a second and only when it changed", async () => {
  const { scene, ann, g2 } = await crowd(200);
  const bob = await scene.person("bob");
  const gus = await scene.guest("gus");
  await gus.leaves("closed");
  assertEquals(comings(ann), []);
  await scene.waits(1_000);
  assertEquals(comings(ann), ["lobby 201"]);
  const gil = await scene.guest("gil");
  await scene.waits(999);
  assertEquals(comings(ann), []);
  await scene.waits(1);
  assertEquals(comings(ann), ["lobby 202"]);
  await scene.waits(5_000);
  assertEquals(comings(ann), []);
  // With the last that goes unsaid it is no large room any more.
  await bob.leaves("closed");
  await gil.leaves("closed");
  await scene.waits(1_000);
  assertEquals(comings(ann), ["lobby 200"]);
  const cat = await scene.guest("cat");
  await cat.leaves("closed");
  await scene.waits(1_000);
  assertEquals(comings(ann), ["lobby 200"]);
  await g2.leaves("closed");
  assertEquals(comings(ann), ["-g2 closed"]);
});

test("of more than 200 people says whose key each message is of, while they are there", async () => {
  const { scene, ann } = await crowd(200);
  const said = async () => {
    ann.put({ type: "chat", txt: "hi" });
    const append = (await scene.turn()).effects.find((one) =>
      one.kind === "append"
    );
    return append?.kind === "append" && append.isLarge === true;
  };
  assertEquals(await said(), false);
  const bob = await scene.person("bob");
  assertEquals(await said(), true);
  // Who came unheard may be there still, though others have left.
  await bob.leaves("closed");
  assertEquals(await said(), true);
});

test("lists the first 200 on entering a larger room, and says how many there are", async () => {
  const { scene } = await crowd(201);
  const bob = await scene.person("bob");
  const [users] = bob.takeOf("users");
  assertEquals([users?.users.length, users?.count], [200, 202]);
  const all = await bob.says("/users");
  assertEquals(all.type === "users" && [all.users.length, all.count], [
    202,
    undefined,
  ]);
});

test("of one who was cut lasts 15 s, and the return within them is unsaid", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  ann.take();
  await bob.leaves("cut");
  await scene.waits(14_999);
  const again = await scene.person("bob");
  await scene.waits(60_000);
  assertEquals(comings(ann), []);
  await again.leaves("cut");
  await scene.waits(14_999);
  assertEquals(comings(ann), []);
  await scene.waits(1);
  assertEquals(comings(ann), ["-bob cut"]);
});

test("of guests and of those who say bye ends at once", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  const gus = await scene.guest("gus");
  ann.take();
  await gus.leaves("cut");
  assertEquals(comings(ann), ["-gus cut"]);
  await bob.send({ type: "bye" });
  assertEquals(comings(ann), ["-bob closed"]);
  assertEquals(bob.bye?.type === "bye" && bob.bye.code, "closed");
});

test("of one who is away shows in the list, and the others in the room are told", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  bob.take();
  assertEquals(await ann.tries("/away at  lunch"), "ack");
  const away = { name: "ann", key: keyOf("ann"), away: "at lunch" };
  const here = { name: "bob", key: keyOf("bob") };
  const room = "lobby";
  assertEquals(bob.take(), [{ type: "users", room, users: [away, here] }]);
  const whois = await bob.says("/whois ann");
  assertEquals(whois.type === "whois" && whois.away, "at lunch");
  assertEquals(await ann.tries("/away"), "ack");
  const back = { name: "ann", key: keyOf("ann") };
  assertEquals(bob.takeOf("users"), [
    { type: "users", room, users: [back, here] },
  ]);
});

test("of somebody is what whois shows: key, rooms that one may read, since when, how long idle", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const eve = await scene.person("eve");
  await scene.waits(1_000);
  assertEquals(await ann.tries("/join +den"), "ack");
  assertEquals(await ann.tries("/join +vault"), "ack");
  assertEquals(await ann.tries("/lock"), "ack");
  await scene.waits(2_500);
  assertEquals(await eve.says("/whois ANN", { id: "w" }), {
    type: "whois",
    name: "ann",
    key: keyOf("ann"),
    rooms: ["lobby", "den"],
    since: NOON_MS,
    idleMs: 2_500,
    id: "w",
  });
  const gus = await scene.guest("gus");
  const guest = await gus.says("/whois gus", { id: "w" });
  assertEquals(guest.type === "whois" && [guest.key, guest.guest], [
    undefined,
    true,
  ]);
  assertEquals(await gus.tries("/whois nemo"), "no-such-person");
  await ann.leaves("closed");
  assertEquals(await gus.tries("/whois ann"), "no-such-person");
});

test("of a name that has another key than before is pointed out, for 180 days", async () => {
  const scene = new Scene();
  await (await scene.person("ann")).leaves("closed");
  const bob = await scene.person("bob");
  await scene.waits(180 * DAY_MS);
  bob.take();
  const stranger = await scene.opens({
    key: keyOf("eve"),
    address: "10.0.0.1",
  });
  await stranger.send({ type: "hello", name: "ann" });
  const notice = {
    type: "notice",
    text: "this ann is not the ann of before: the key is another",
  } as const;
  const inbox = bob.take();
  assertEquals(inbox.map(({ type }) => type), ["joined", "notice"]);
  assertEquals(inbox[1], notice);
  assertEquals(await stranger.tries("/join den"), "ack");
  assertEquals(await bob.tries("/join den"), "ack");
  await stranger.leaves("closed");
  await scene.waits(180 * DAY_MS - 1);
  bob.take();
  const again = await scene.person("eve", { name: undefined, room: "den" });
  assertEquals(bob.takeOf("notice"), [notice]);
  await again.leaves("closed");
  await scene.waits(1);
  await scene.person("eve", { name: undefined, room: "den" });
  assertEquals(bob.takeOf("notice"), []);
});

test("of a person whose unused name is a guest's now has another name, and no two are called the same", async () => {
  const scene = new Scene();
  await (await scene.person("ann")).leaves("closed");
  await scene.waits(180 * DAY_MS);
  const guest = await scene.guest("ann");
  assertEquals(guest.takeOf("welcome").map(({ name }) => name), ["ann"]);
  const ann = await scene.opens({ key: keyOf("ann"), address: "10.0.0.1" });
  await ann.send({ type: "hello", name: "ann" });
  assertEquals(ann.takeOf("error").map(({ code }) => code), ["name-taken"]);
  await ann.send({ type: "hello" });
  assertEquals(ann.takeOf("welcome").map(({ name }) => name), ["guest-1"]);
  assertEquals(scene.namesIn("lobby"), ["ann", "guest-1"]);
  await guest.leaves("closed");
  assertEquals(await ann.tries("/name ann"), "ack");
});

test("of a name counts from when the person was last here, not from when it came", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  await scene.waits(200 * DAY_MS);
  await ann.leaves("closed");
  const guest = await scene.opens({ address: "127.0.0.1" });
  await guest.send({ type: "hello", name: "ann" });
  assertEquals(guest.takeOf("error").map(({ code }) => code), ["name-taken"]);
  await scene.waits(180 * DAY_MS);
  await guest.send({ type: "hello", name: "ann" });
  assertEquals(guest.takeOf("welcome").map(({ name }) => name), ["ann"]);
});

test("of very many rooms, /list goes through all of them once a second, and looks at the fullest", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "den" });
  const rooms = (from: number) =>
    Object.fromEntries(
      Array.from({ length: 64 }, (_, at) => [`r${from + at}`, { seq: 0 }]),
    );
  const enter = (number: number) =>
    scene.person(`p${number}`, { room: "", resume: rooms(64 * number) });
  const listed = async () => {
    const list = await ann.says("/list");
    return list.type === "rooms" ? list.rooms : [];
  };
  for (let number = 0; number < 3; number++) await enter(number);
  assertEquals((await listed()).length, 3 * 64 + 1);
  for (let number = 3; number < 60; number++) await enter(number);
  let asked = 0;
  const { record } = scene.store;
  scene.store.record = (...which) => {
    if (which[0] === "room") asked++;
    return record.apply(scene.store, which);
  };
  scene.put({ kind: "followed", entries: [] });
  await scene.waits(1_000);
  await scene.person("bob", { room: "den" });
  asked = 0;
  const [first, ...more] = await listed();
  assertEquals(first, { name: "den", people: 2 });
  // A frame holds fewer than there are, and so many are asked for at most.
  assertEquals(more.length > 1_000 && more.length < 3_000, true);
  assertEquals(asked < 3_000, true, `${asked}`);
  asked = 0;
  await ann.tries("/join tea");
  scene.put({ kind: "followed", entries: [] });
  asked = 0;
  assertEquals((await listed())[0], { name: "den", people: 2 });
  assertEquals(asked, 0);
  await scene.waits(1_000);
  assertEquals((await listed())[0]?.people, 1);
});
