import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("typing and read marks");

const TYPING = { type: "typing", room: "lobby" };

/** Read marks that came to a connection: the room and the seq. */
function marksOf(visitor: Visitor): [string, number][] {
  return visitor.takeOf("read").map(({ room, seq }) => [room, seq]);
}

test("typing is told to the others in the room, not to oneself", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  const bob = await scene.person("bob");
  const cat = await scene.person("cat", { room: "den" });
  for (const one of [ann, phone, bob, cat]) one.take();
  await ann.send(TYPING);
  assertEquals(bob.take(), [{ type: "typing", room: "lobby", name: "ann" }]);
  assertEquals([...ann.take(), ...phone.take(), ...cat.take()], []);
});

test("typing in a room where one is not is told to nobody", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const cat = await scene.person("cat", { room: "den" });
  cat.take();
  await ann.send({ type: "typing", room: "den" });
  assertEquals(cat.take(), []);
});

test("typing to somebody is told to that one", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  const phone = await scene.person("bob");
  const cat = await scene.person("cat");
  for (const one of [ann, bob, phone, cat]) one.take();
  await ann.send({ type: "typing", to: "bob" });
  const typing = { type: "typing", from: "ann", name: "ann" } as const;
  assertEquals([bob.take(), phone.take()], [[typing], [typing]]);
  assertEquals([...ann.take(), ...cat.take()], []);
});

test("typing is passed on at most once in 3 s, of a person and a place", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "lobby" });
  const phone = await scene.person("ann");
  const bob = await scene.person("bob");
  await ann.tries("/join +den");
  await bob.tries("/join +den");
  bob.take();
  // However the room is written, and whichever connection it is.
  for (const room of ["lobby", "Lobby", "LOBBY"]) {
    await ann.send({ type: "typing", room });
    await phone.send({ type: "typing", room });
  }
  assertEquals(bob.takeOf("typing").length, 1);
  await ann.send({ type: "typing", room: "den" });
  await ann.send({ type: "typing", to: "bob" });
  await ann.send({ type: "typing", to: "BOB" });
  assertEquals(bob.takeOf("typing").length, 2);
  await scene.waits(2_999);
  await ann.send(TYPING);
  assertEquals(bob.takeOf("typing"), []);
  await scene.waits(1);
  await ann.send(TYPING);
  assertEquals(bob.takeOf("typing").length, 1);
});

test("typing is not told in rooms of more than 50 people", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  for (let n = 3; n <= 50; n++) await scene.guest(`g${n}`);
  bob.take();
  await ann.send(TYPING);
  assertEquals(bob.takeOf("typing").length, 1);
  await scene.guest("g51");
  await scene.waits(3_000);
  await ann.send(TYPING);
  assertEquals(bob.takeOf("typing"), []);
});

test("a mark in a room goes to the person's other connections, and to nobody else", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  const bob = await scene.person("bob");
  assertEquals(await bob.tries("hello"), "ack");
  for (const one of [ann, phone, bob]) one.take();
  await ann.send({ type: "read", room: "lobby", seq: 1 });
  assertEquals(marksOf(phone), [["lobby", 1]]);
  assertEquals([...ann.take(), ...bob.take()], []);
});

test("a mark in a conversation goes to the other person, too, under one's own name", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  const [bob, tablet] = [await scene.person("bob"), await scene.person("bob")];
  const cat = await scene.person("cat");
  assertEquals(await bob.tries("psst", { to: "ann" }), "ack");
  for (const one of [ann, phone, bob, tablet, cat]) one.take();
  await ann.send({ type: "read", room: "@bob", seq: 1 });
  assertEquals([bob, tablet].map(marksOf), [[["@ann", 1]], [["@ann", 1]]]);
  assertEquals(marksOf(phone), [["@bob", 1]]);
  assertEquals([...ann.take(), ...cat.take()], []);
});

test("marks are passed on at most once a second, the last of them when it is over", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  for (let n = 1; n <= 5; n++) await ann.tries(`${n}`);
  phone.take();
  for (const seq of [1, 2, 4, 3]) {
    await ann.send({ type: "read", room: "lobby", seq });
  }
  assertEquals(marksOf(phone), [["lobby", 1]]);
  await scene.waits(999);
  assertEquals(marksOf(phone), []);
  await scene.waits(1);
  assertEquals(marksOf(phone), [["lobby", 4]]);
  await scene.waits(1_000);
  assertEquals(marksOf(phone), []);
  await ann.send({ type: "read", room: "lobby", seq: 5 });
  assertEquals(marksOf(phone), [["lobby", 5]]);
});

test("marks go forward only, and not beyond what was said", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  for (let n = 1; n <= 3; n++) await ann.tries(`${n}`);
  phone.take();
  await ann.send({ type: "read", room: "lobby", seq: 99 });
  assertEquals(marksOf(phone), [["lobby", 3]]);
  await scene.waits(1_000);
  await ann.send({ type: "read", room: "lobby", seq: 2 });
  await scene.waits(1_000);
  assertEquals(marksOf(phone), []);
});

test("a mark in a room where one is not is refused", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  await scene.person("cat", { room: "den" });
  ann.take();
  await ann.send({ type: "read", room: "den", seq: 1 });
  await ann.send({ type: "read", room: "@nemo", seq: 1 });
  assertEquals(ann.takeOf("error").map(({ code }) => code), [
    "no-room",
    "no-room",
  ]);
});

test("marks last over a restart, and those of a turn that was not kept do not", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  for (let n = 1; n <= 3; n++) await bob.tries(`${n}`, { to: "ann" });
  await ann.send({ type: "read", room: "@bob", seq: 2 });
  await scene.waits(1_000);
  ann.put({ type: "read", room: "@bob", seq: 3 });
  scene.lostTurn();
  await scene.restarts();
  const again = await scene.person("ann");
  const talks = [...again.hears.values()].filter(({ name }) => name === "@bob");
  assertEquals(talks.map(({ start }) => start), [
    { kind: "after", head: 3, seq: 2 },
  ]);
});
