import { assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, outcomeOf, type Visitor } from "./_visitor.ts";

const test = testsOf("private messages");

/** The key of a conversation in the journal; the page of history that is asked for names it. */
async function talkOf(who: Visitor, name: string): Promise<string> {
  const page = await who.ask({ type: "history", room: `@${name}` });
  return page.type === "page" ? page.room : page.type;
}

/** What a connection is replayed of a conversation at hello: after which seq, and the head then. */
function startIn({ hears }: Visitor, talk: string) {
  return hears.get(talk)?.start;
}

test("between people with keys are stored, with a seq of their own, and acknowledged with to", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  assertEquals(await ann.says("in the lobby"), {
    type: "ack",
    id: "request-1-1",
    room: "lobby",
    seq: 1,
    at: NOON_MS,
  });
  bob.take();
  assertEquals(await ann.says("psst", { to: "bob", id: "p1" }), {
    type: "ack",
    id: "p1",
    to: "bob",
    seq: 1,
    at: NOON_MS,
  });
  const { seq, at } = { seq: 1, at: NOON_MS };
  assertEquals(bob.take(), [
    { type: "private", from: "ann", to: "bob", txt: "psst", seq, at },
  ]);
  const reply = await bob.says("/msg ann  what? ", { id: "p2" });
  assertEquals(reply.type === "ack" && [reply.to, reply.seq], ["ann", 2]);
  const stored = await scene.store.read(await talkOf(ann, "bob"), 1, 10);
  assertEquals(stored.map(({ from, to, body }) => [from, to, body]), [
    ["ann", "bob", "psst"],
    ["bob", "ann", "what?"],
  ]);
  assertEquals(await talkOf(bob, "ann"), await talkOf(ann, "bob"));
});

test("are heard by all connections of both, and by nobody else", async () => {
  const scene = new Scene({ admins: ["eve"] });
  const [ann, phone] = [await scene.person("ann"), await scene.person("ann")];
  const [bob, tablet] = [await scene.person("bob"), await scene.person("bob")];
  const eve = await scene.person("eve");
  const gus = await scene.guest("gus");
  for (const one of [ann, phone, bob, tablet, eve, gus]) one.take();
  assertEquals(await ann.tries("psst", { to: "BOB" }), "ack");
  const texts = [phone, bob, tablet].map((one) =>
    one.takeOf("private").map(({ txt }) => txt)
  );
  assertEquals(texts, [["psst"], ["psst"], ["psst"]]);
  assertEquals(ann.takeOf("private"), []);
  assertEquals([...eve.take(), ...gus.take()], []);
});

test("are nobody else's to read, by any name of the conversation", async () => {
  const scene = new Scene({ admins: ["eve"] });
  const ann = await scene.person("ann");
  await scene.person("bob");
  assertEquals(await ann.tries("psst", { to: "bob" }), "ack");
  const talk = await talkOf(ann, "bob");
  const resume = { [talk]: 0, "@bob": 0, "@ann": 0 };
  const eve = await scene.person("eve", { resume });
  const gus = await scene.guest("gus", "127.0.0.1", { resume });
  assertEquals([...eve.hears.keys()], ["lobby"]);
  assertEquals([...gus.hears.keys()], ["lobby"]);
  for (const room of [talk, talk.toLowerCase(), talk.toUpperCase()]) {
    for (const who of [eve, gus]) {
      const answer = await who.ask({ type: "history", room });
      assertEquals(answer.type === "error" && answer.code, "no-such-person");
      await who.send({ type: "read", room, seq: 1 });
    }
  }
  // Of one's own conversation with bob, where nothing was said.
  const page = await eve.ask({ type: "history", room: "@bob" });
  assertEquals(page.type === "page" && page.room === talk, false);
  assertEquals(await eve.tries(`/join ${talk}`), "bad-arguments");
});

test("are read under the key of who has no name, by the two who talked alone", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  const eve = await scene.person("eve");
  assertEquals(await ann.tries("psst", { to: "bob" }), "ack");
  const asks = (who: Visitor, room: string) =>
    who.ask({ type: "history", room });
  const page = await asks(bob, `@${keyOf("ann")}`);
  assertEquals(page.type === "page" && page.name, "@ann");
  const rooms = ["ann", "eve", "nobody"].map((who) => `@${keyOf(who)}`);
  for (const room of [...rooms, `@${keyOf("ann")} ${keyOf("bob")}`]) {
    const answer = await asks(eve, room);
    assertEquals(outcomeOf(answer), "no-such-person", room);
  }
});

test("to somebody who is absent wait, and are replayed from the read mark at hello", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  for (const txt of ["one", "two"]) {
    assertEquals(await ann.tries(txt, { to: "bob" }), "ack");
  }
  await bob.send({ type: "read", room: "@ann", seq: 1 });
  await bob.leaves("closed");
  assertEquals(await ann.tries("three", { to: "bob" }), "ack");
  const talk = await talkOf(ann, "bob");
  const again = await scene.person("bob");
  assertEquals(startIn(again, talk), { kind: "after", head: 3, seq: 1 });
  assertEquals(again.hears.get(talk)?.name, "@ann");
  // Those who have read all of it hear nothing of it before something new is said.
  await scene.waits(1_000);
  await again.send({ type: "read", room: "@ann", seq: 3 });
  const phone = await scene.person("bob");
  assertEquals(startIn(phone, talk), undefined);
  assertEquals(await ann.tries("four", { to: "bob" }), "ack");
  assertEquals(startIn(phone, talk), {
    kind: "live",
    head: 3,
    continues: true,
  });
});

test("wait over a restart", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  await bob.leaves("closed");
  assertEquals(await ann.tries("psst", { to: "bob" }), "ack");
  const talk = await talkOf(ann, "bob");
  await scene.restarts();
  const again = await scene.person("bob");
  assertEquals(startIn(again, talk), { kind: "after", head: 1, seq: 0 });
  // Sent again after the restart, they are the same.
  const sender = await scene.person("ann");
  const repeated = await sender.says("psst", { to: "bob", id: "request-1-1" });
  assertEquals(repeated.type === "ack" && [repeated.seq, repeated.at], [
    1,
    NOON_MS,
  ]);
});

test("are resumed under @name from where the client is, also where it has read everything", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  for (const txt of ["one", "two", "three"]) {
    assertEquals(await ann.tries(txt, { to: "bob" }), "ack");
  }
  await bob.send({ type: "read", room: "@ann", seq: 3 });
  const talk = await talkOf(ann, "bob");
  const resume = { lobby: 0, "@ann": { seq: 2, at: NOON_MS } };
  const phone = await scene.person("bob", { resume });
  assertEquals(startIn(phone, talk), {
    kind: "after",
    head: 3,
    seq: 2,
    at: NOON_MS,
  });
  const tablet = await scene.person("bob", { resume: { "@ann": 3 } });
  assertEquals(startIn(tablet, talk), { kind: "after", head: 3, seq: 3 });
  assertEquals([...tablet.hears.keys()], ["lobby", talk]);
});

test("stay with the person, whatever the name", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  assertEquals(await ann.tries("to bob", { to: "bob" }), "ack");
  const talk = await talkOf(ann, "bob");
  assertEquals(await bob.tries("/name rob"), "ack");
  assertEquals(await ann.tries("to nobody", { to: "bob" }), "no-such-person");
  const ack = await ann.says("to rob", { to: "rob" });
  assertEquals(ack.type === "ack" && [ack.to, ack.seq], ["rob", 2]);
  const page = await ann.ask({ type: "history", room: "@rob", limit: 5 });
  assertEquals(page.type === "page" && [page.room, page.name, page.limit], [
    talk,
    "@rob",
    5,
  ]);
  // The name of before is kept, and a client that knows only that one misses nothing.
  const phone = await scene.person("ann", { resume: { "@bob": 1 } });
  assertEquals(startIn(phone, talk), { kind: "after", head: 2, seq: 1 });
  assertEquals(phone.hears.get(talk)?.name, "@rob");
  const former = await ann.ask({ type: "history", room: "@bob" });
  assertEquals(former.type === "page" && former.name, "@rob");
});

test("that wait for one are at most 100 of each sender", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const cat = await scene.person("cat");
  await (await scene.person("bob")).leaves("closed");
  for (let n = 1; n <= 100; n++) {
    assertEquals(await ann.tries(`${n}`, { to: "bob" }), "ack");
  }
  assertEquals(await ann.tries("101", { to: "bob" }), "limit-reached");
  assertEquals(await cat.tries("1", { to: "bob" }), "ack");
  assertEquals(await ann.tries("elsewhere", { to: "cat" }), "ack");
  // It comes, and they are delivered.
  const bob = await scene.person("bob");
  assertEquals(await ann.tries("101", { to: "bob" }), "ack");
  await bob.leaves("closed");
  assertEquals(await ann.tries("102", { to: "bob" }), "ack");
  const talk = await talkOf(ann, "bob");
  assertEquals(scene.store.headOf(talk), 102);
});

test("that were not kept are not counted, not heard, and may be sent again", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  bob.take();
  ann.put({ type: "chat", txt: "psst", to: "bob", id: "p" });
  scene.lostTurn();
  const [error] = ann.takeOf("error");
  assertEquals([error?.code, error?.id], ["not-stored", "p"]);
  assertEquals(bob.take(), []);
  const ack = await ann.says("psst", { to: "bob", id: "p" });
  assertEquals(ack.type === "ack" && ack.seq, 1);
  assertEquals(bob.takeOf("private").map(({ txt }) => txt), ["psst"]);
});

test("to oneself are notes: stored, and heard by one's other connections", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const phone = await scene.person("ann");
  const ack = await ann.says("milk", { to: "ann" });
  assertEquals(ack.type === "ack" && [ack.to, ack.seq], ["ann", 1]);
  assertEquals(phone.takeOf("private").map(({ txt }) => txt), ["milk"]);
  const page = await ann.ask({ type: "history", room: "@ann" });
  assertEquals(page.type === "page" && page.name, "@ann");
});
