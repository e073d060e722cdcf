import { assert, assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("private messages of strangers");

/** Keys are made without effort: so many new ones write to somebody, and go. */
async function strangersWrite(
  scene: Scene,
  count: number,
  to: string,
): Promise<string[]> {
  const answers: string[] = [];
  for (let number = 1; number <= count; number++) {
    const stranger = await scene.person(`s${number}`);
    answers.push(await stranger.tries(`from ${number}`, { to }));
    await stranger.leaves("closed");
  }
  return answers;
}

/** Names of the conversations that a connection hears, in their order. */
function heardBy(visitor: Visitor): string[] {
  return Array.from(visitor.hears.values(), ({ name }) => name)
    .filter((name) => name.startsWith("@"));
}

test("wait for one who is there, too: of 256 people, until they are read or answered", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  const answers = await strangersWrite(scene, 258, "bob");
  assertEquals(new Set(answers.slice(0, 256)), new Set(["ack"]));
  assertEquals(answers.slice(256), ["limit-reached", "limit-reached"]);
  // One of them has its place and may go on; bob knows cat, who is no stranger.
  const first = await scene.person("s1");
  assertEquals(await first.tries("again", { to: "bob" }), "ack");
  const cat = await scene.person("cat");
  assertEquals(await bob.tries("hello cat", { to: "cat" }), "ack");
  assertEquals(await cat.tries("hello bob", { to: "bob" }), "ack");
  const late = await scene.person("late");
  assertEquals(await late.tries("and I?", { to: "bob" }), "limit-reached");
  await bob.send({ type: "read", room: "@s1", seq: 2 });
  assertEquals(await late.tries("and I?", { to: "bob" }), "ack");
  const later = await scene.person("later");
  assertEquals(await later.tries("and I?", { to: "bob" }), "limit-reached");
  assertEquals(await bob.tries("who are you?", { to: "s2" }), "ack");
  assertEquals(await later.tries("and I?", { to: "bob" }), "ack");
});

test("are replayed at hello from the newest 50, and the others are named", async () => {
  const scene = new Scene();
  await scene.person("bob");
  for (let number = 1; number <= 60; number++) {
    await scene.waits(60_000);
    const stranger = await scene.person(`s${number}`);
    assertEquals(await stranger.tries("hello", { to: "bob" }), "ack");
  }
  await scene.restarts();
  const bob = await scene.person("bob");
  const newest = Array.from({ length: 50 }, (_, at) => `@s${60 - at}`);
  assertEquals(heardBy(bob), newest);
  const [named, ...more] = bob.takeOf("conversations");
  assertEquals(more, []);
  assertEquals(named, {
    type: "conversations",
    list: Array.from({ length: 10 }, (_, at) => {
      const name = `s${10 - at}`;
      return { name, key: keyOf(name), seq: 1, read: 0 };
    }),
    more: false,
  });
  // They are read on request, and named no more.
  const page = await bob.ask({ type: "history", room: "@s3" });
  assert(page.type === "page" && page.name === "@s3");
  await bob.send({ type: "read", room: "@s3", seq: 1 });
  const phone = await scene.person("bob");
  const [rest] = phone.takeOf("conversations");
  assertEquals(rest?.list.map(({ name }) => name).includes("s3"), false);
  assertEquals(rest?.list.length, 9);
});

test("are heard of 256 people by a connection, and each is heard when it goes on", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  for (let number = 1; number <= 300; number++) {
    await (await scene.person(`s${number}`)).leaves("closed");
    assertEquals(await ann.tries("hello", { to: `s${number}` }), "ack");
  }
  for (const one of [ann, phone]) {
    const heard = heardBy(one);
    assertEquals([heard.length, heard[0], heard.at(-1)], [
      256,
      "@s45",
      "@s300",
    ]);
    one.take();
  }
  const first = await scene.person("s1");
  assertEquals(await first.tries("hello ann", { to: "ann" }), "ack");
  for (const one of [ann, phone]) {
    assertEquals(one.takeOf("private").map(({ txt }) => txt), ["hello ann"]);
    assertEquals(heardBy(one).length, 256);
  }
});

test("are named at hello, 256 at most: who has very many looks no further", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  for (let number = 1; number <= 310; number++) {
    await (await scene.person(`s${number}`)).leaves("closed");
    assertEquals(await bob.tries("hello", { to: `s${number}` }), "ack");
  }
  await scene.restarts();
  let reads = 0;
  const { headOf } = scene.store;
  scene.store.headOf = (room) => {
    if (room.startsWith("@")) reads++;
    return headOf.call(scene.store, room);
  };
  const again = await scene.person("bob");
  const [named] = again.takeOf("conversations");
  assertEquals([named?.list.length, named?.more], [256, true]);
  assertEquals(reads, 50 + 256);
});

test("are not looked for where everything is read", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  await strangersWrite(scene, 3, "bob");
  for (const name of ["s1", "s2", "s3"]) {
    await bob.send({ type: "read", room: `@${name}`, seq: 1 });
  }
  assertEquals(scene.store.list("request", "", 9), []);
  const phone = await scene.person("bob");
  assertEquals(heardBy(phone), []);
});

test("come no more from one who is blocked, under whatever name, until that is lifted", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  const eve = await scene.person("eve");
  assertEquals(await bob.tries("/block eve"), "ack");
  assertEquals(await eve.tries("psst", { to: "bob" }), "not-allowed");
  assertEquals(await eve.tries("/name ann"), "ack");
  assertEquals(await eve.tries("/msg bob psst"), "not-allowed");
  bob.take();
  await eve.send({ type: "typing", to: "bob" });
  assertEquals(bob.take(), []);
  // To others and in rooms eve speaks as before, and bob may write to eve.
  assertEquals(await eve.tries("hello all"), "ack");
  assertEquals(await bob.tries("why?", { to: "ann" }), "ack");
  await scene.restarts();
  const [again, owner] = [await scene.person("ann"), await scene.person("bob")];
  assertEquals(again.id === owner.id, false);
  const stubborn = await scene.opens({
    key: keyOf("eve"),
    address: "10.0.0.1",
  });
  await stubborn.send({ type: "hello" });
  assertEquals(await stubborn.tries("psst", { to: "bob" }), "not-allowed");
  const list = await owner.ask({ type: "command", name: "block" });
  assertEquals(list.type === "notice" && list.text, "you have blocked eve");
  assertEquals(await owner.tries("/unblock eve"), "ack");
  assertEquals(await stubborn.tries("psst", { to: "bob" }), "ack");
  assertEquals(await owner.tries("/unblock eve"), "no-such-person");
});

test("are blocked by those who hold a name, and from those who have a key", async () => {
  const scene = new Scene();
  await scene.person("eve");
  const gus = await scene.guest("gus");
  const nameless = await scene.opens({ key: keyOf("x"), address: "10.0.0.1" });
  await nameless.send({ type: "hello" });
  assertEquals(await gus.tries("/block eve"), "not-allowed");
  assertEquals(await nameless.tries("/block eve"), "not-allowed");
  const bob = await scene.person("bob");
  assertEquals(await bob.tries("/block gus"), "not-allowed");
  assertEquals(await bob.tries("/block nobody"), "no-such-person");
  assertEquals(await bob.tries("/block bob"), "bad-arguments");
  for (let number = 1; number <= 256; number++) {
    const key = `SHA256:${`${number}`.padStart(43, "A")}`;
    assertEquals(await bob.tries(`/block ${key}`), "ack");
  }
  assertEquals(await bob.tries("/block eve"), "limit-reached");
});

test("leave no record behind for keys that hold no name and only read", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  assertEquals(await ann.tries("hello"), "ack");
  const before = scene.store.list("read", "", 9).length;
  const key = keyOf("nobody");
  const nobody = await scene.opens({ key, address: "10.0.0.1" });
  const phone = await scene.opens({ key, address: "10.0.0.1" });
  for (const one of [nobody, phone]) await one.send({ type: "hello" });
  phone.take();
  await nobody.send({ type: "read", room: "lobby", seq: 1 });
  // While both are here, the one knows of the other.
  assertEquals(phone.takeOf("read").length, 1);
  assertEquals(scene.store.list("read", "", 9).length, before);
  await ann.send({ type: "read", room: "lobby", seq: 1 });
  assertEquals(scene.store.list("read", "", 9).length, before + 1);
});

test("a person's marks of rooms are one record, of the last 256 and of half a year", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const marks = () => {
    const [record] = scene.store.list("read", keyOf("ann"), 1);
    const { rooms } = record!.value as { rooms: Record<string, unknown> };
    return Object.keys(rooms);
  };
  for (let number = 1; number <= 258; number++) {
    assertEquals(await ann.tries(`/join r${number}`), "ack");
    assertEquals(await ann.tries("hello"), "ack");
    await ann.send({ type: "read", room: `r${number}`, seq: 1 });
  }
  assertEquals(marks().length, 256);
  assertEquals([marks()[0], marks().at(-1)], ["r3", "r258"]);
  await scene.waits(181 * 24 * 3_600_000);
  assertEquals(await ann.tries("hello"), "ack");
  await ann.send({ type: "read", room: "r258", seq: 2 });
  assertEquals(marks(), ["r258"]);
});
