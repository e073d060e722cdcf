/** What each connection gets of a turn: in which order, in how many pieces, encoded how often. */
import { assertEquals } from "@std/assert";
import type { Effect } from "../../src/chat/effects.ts";
import { testsOf } from "../_testing.ts";
import { CountingEncoder, type Member, range, Stage, take } from "./_stage.ts";

const test = testsOf("a turn");

async function roomOf(count: number, shared: CountingEncoder) {
  const stage = await Stage.open();
  const members: Member[] = [];
  for (let n = 0; n < count; n++) {
    members.push(await stage.join(`p${n}`, "den", { shared }));
  }
  return { stage, members };
}

function countOf(members: readonly Member[], what: "pushes" | "flushes") {
  return members.map(({ sink }) => sink[what]);
}

test("gives acks and messages of a room in the order of their seqs", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.turn(
    stage.say(bob, "one"),
    stage.say(ann, "two", { id: "a" }),
    stage.say(bob, "three", { id: "b" }),
    stage.say(bob, "four"),
    stage.say(ann, "five", { id: "c" }),
  );
  assertEquals(take(ann), ["chat 1", "ack 2", "chat 3", "chat 4", "ack 5"]);
  assertEquals(take(bob), ["chat 2", "ack 3", "chat 5"]);
});

test("encodes each message once, and gives one piece to each who listens", async () => {
  const shared = new CountingEncoder();
  const { stage, members } = await roomOf(20, shared);
  const author = stage.connect("author");
  const before = [countOf(members, "pushes"), countOf(members, "flushes")];
  const texts = range(1, 64).map((n) => stage.say(author, `${n}`));
  await stage.turn(stage.announce("zoe"), ...texts);
  assertEquals(shared.encoded.length, 65);
  const [pushes, flushes] = before.map((list) => list.map((n) => n + 1));
  assertEquals(countOf(members, "pushes"), pushes);
  assertEquals(countOf(members, "flushes"), flushes);
  const expected = ["joined zoe", ...range(1, 64).map((seq) => `chat ${seq}`)];
  for (const member of members) assertEquals(take(member), expected);
});

test("encodes each message once also where many of a room have said something", async () => {
  const shared = new CountingEncoder();
  const { stage, members } = await roomOf(8, shared);
  await stage.turn(
    ...members.map((one, n) => stage.say(one, `${n}`, { id: "x" })),
  );
  assertEquals(shared.encoded.length, 8);
  members.forEach((member, n) =>
    assertEquals(
      take(member),
      range(1, 8).map((seq) => `${seq === n + 1 ? "ack" : "chat"} ${seq}`),
    )
  );
});

test("encodes once for each dialect, and sends nothing to those who are not told", async () => {
  const stage = await Stage.open();
  const [json, lines] = [new CountingEncoder(), new CountingEncoder("joined")];
  const ann = await stage.join("ann", "den", { shared: json });
  const bob = await stage.join("bob", "den", { shared: lines });
  const cid = await stage.join("cid", "den", { shared: lines });
  const author = stage.connect("author");
  await stage.turn(stage.announce("zoe"), stage.say(author, "hi"));
  await stage.turn(stage.announce("yak"));
  assertEquals([json.encoded.length, lines.encoded.length], [3, 3]);
  assertEquals(take(ann), ["joined zoe", "chat 1", "joined yak"]);
  for (const member of [bob, cid]) {
    assertEquals(take(member), ["chat 1"]);
    assertEquals(member.sink.pushes, 1);
  }
  // A dialect that comes later has nothing to do with what was said before.
  const late = new CountingEncoder();
  await stage.join("dan", "den", { shared: late });
  await stage.turn(stage.announce("xan"));
  assertEquals(late.encoded.length, 1);
});

test("does not say to a connection what it said, acked or not, but to its person's others", async () => {
  const stage = await Stage.open();
  const [ann, other] = [await stage.join("ann"), await stage.join("ann")];
  await stage.turn(
    stage.say(ann, "one"),
    stage.announce("zoe"),
    stage.say(ann, "two", { id: "a" }),
  );
  assertEquals(take(ann), ["joined zoe", "ack 2"]);
  assertEquals(take(other), ["chat 1", "joined zoe", "chat 2"]);
});

test("says it also to its author with echo", async () => {
  const stage = await Stage.open({ echo: "on" });
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.turn(
    stage.say(ann, "one"),
    stage.say(ann, "two", { id: "a" }),
    stage.say(bob, "three"),
  );
  assertEquals(take(ann), ["chat 1", "ack 2", "chat 2", "chat 3"]);
  assertEquals(take(bob), ["chat 1", "chat 2", "chat 3"]);
});

test("answers behind what was said before, and before what was said after", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.turn(stage.enter(ann, "attic"));
  take(ann);
  await stage.turn(
    stage.say(bob, "one"),
    stage.answer(ann, "first"),
    stage.say(bob, "up here", { room: "attic" }),
    stage.say(bob, "two"),
    stage.answer(ann, "second"),
    stage.tell([ann, bob], { type: "notice", text: "third" }),
    stage.announce("zoe"),
  );
  const [one, first, ...rest] = take(ann);
  assertEquals([one, first], ["chat 1", "notice first"]);
  // Between rooms no order is promised.
  assertEquals(rest.slice(0, 2).toSorted(), ["chat 1", "chat 2"]);
  assertEquals(rest.slice(2), ["notice second", "notice third", "joined zoe"]);
  assertEquals(take(bob), ["notice third", "joined zoe"]);
});

test("shows one who enters within it what was said before, and says the rest live", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  const bob = stage.connect("bob");
  await stage.turn(
    stage.say(ann, "one"),
    stage.announce("bob"),
    stage.say(ann, "two"),
    stage.enter(bob),
    stage.say(bob, "three", { id: "b" }),
    stage.say(ann, "four"),
    stage.announce("zoe"),
  );
  assertEquals(take(bob), ["history 1-2", "ack 3", "chat 4", "joined zoe"]);
  assertEquals(take(ann), ["joined bob", "chat 3", "joined zoe"]);
});

test("says to one who leaves within it what was said until then", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.turn(
    stage.say(ann, "one"),
    stage.announce("zoe"),
    stage.exit(bob),
    stage.answer(bob, "you left"),
    stage.announce("yak"),
    stage.say(ann, "two"),
  );
  assertEquals(take(bob), ["chat 1", "joined zoe", "notice you left"]);
  await stage.turn(stage.say(ann, "three"));
  assertEquals(take(bob), []);
});

test("lets one enter and leave within it, and enter again", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  const bob = stage.connect("bob");
  await stage.turn(
    stage.say(ann, "one"),
    stage.enter(bob),
    stage.say(ann, "two"),
    stage.exit(bob),
    stage.say(ann, "three"),
  );
  assertEquals(take(bob), ["history 1-1", "chat 2"]);
  await stage.turn(
    stage.enter(bob),
    stage.say(ann, "four"),
    stage.exit(bob),
    stage.say(ann, "five"),
    stage.enter(bob),
    stage.say(ann, "six"),
  );
  assertEquals(take(bob), ["history 1-3", "chat 4", "history 1-5", "chat 6"]);
});

test("keeps what a room has at hand while its only member comes back", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  await stage.turn(stage.say(ann, "one"), stage.say(ann, "two"));
  stage.store.reads.length = 0;
  await stage.turn(stage.exit(ann), stage.enter(ann));
  assertEquals(take(ann), ["history 1-2"]);
  assertEquals(stage.store.reads, []);
});

test("says that it is opened, ready and named in the place where that happens", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  const seen: string[] = [];
  const note = (what: string) => seen.push(what, ...take(bob));
  Object.assign(bob.sink, {
    opened: (recall?: string) => note(`opened ${recall}`),
    ready: (name: string) => note(`ready ${name}`),
    named: (name: string) => note(`named ${name}`),
  });
  const { id: connection } = bob;
  await stage.turn(
    { kind: "opened", connection },
    { kind: "opened", connection, recall: "SHA256:bob" },
    { kind: "ready", connection, name: "bob" },
    stage.say(ann, "one"),
    { kind: "named", connections: [ann.id, connection], name: "bert" },
    stage.say(ann, "two"),
  );
  assertEquals(seen, [
    "opened undefined",
    "opened SHA256:bob",
    "ready bob",
    "named bert",
    "chat 1",
  ]);
  assertEquals(take(bob), ["chat 2"]);
  assertEquals(ann.sink.name, "bert");
});

test("is heard by all others when something fails for one", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  const cid = await stage.join("cid");
  const fault = new Error("a fault of this program");
  Object.assign(bob.sink, {
    push() {
      throw fault;
    },
  });
  await stage.turn(stage.say(ann, "one", { id: "a" }), stage.announce("zoe"));
  assertEquals(stage.faults, [{ id: bob.id, error: fault }]);
  assertEquals(take(ann), ["ack 1", "joined zoe"]);
  assertEquals(take(cid), ["chat 1", "joined zoe"]);
  // It hears nothing more, whatever the server makes of that.
  await stage.turn(stage.say(ann, "two"));
  assertEquals(stage.faults.length, 1);
});

test("passes over what concerns connections that are gone", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  stage.delivery.remove(bob.id);
  const bye = { type: "bye", code: "closed", text: "goodbye" } as const;
  const effects: Effect[] = [
    stage.say(bob, "last words", { id: "b" }),
    stage.answer(bob, "one"),
    stage.enter(bob),
    stage.exit(bob),
    { kind: "end", connection: bob.id, bye },
  ];
  await stage.turn(...effects);
  assertEquals([take(ann), take(bob)], [["chat 1"], []]);
});
