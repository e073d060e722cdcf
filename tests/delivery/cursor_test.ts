/** The places of one who reads slowly: what is fed, in which order, and what it is told then. */
import { assertEquals } from "@std/assert";
import type { Chat } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { range, Stage, take, takeQueued } from "./_stage.ts";

const test = testsOf("a cursor");

/** A message of 100 letters and its envelope take about 180 bytes: five of them fit. */
const SMALL = { limitBytes: 1_000, lowBytes: 300 };
const TEXT = "x".repeat(100);
/** Less than what is left to one whose text has 400 bytes. */
const LONG = "x".repeat(400);

const chats = (first: number, last: number) =>
  range(first, last).map((seq) => `chat ${seq}`);

/** A talker, and one who does not read and has little space. */
async function withSlowReader() {
  const stage = await Stage.open();
  const talker = await stage.join("talker");
  const slow = await stage.join("slow", "den", SMALL);
  slow.sink.isSlow = true;
  /** It reads on until nothing waits for it. */
  const readOn = async () => {
    while (slow.sink.queuedBytes > 0) {
      slow.sink.flush();
      slow.sink.read(400);
      await eventLoopTurn();
    }
  };
  const says = (count: number) =>
    range(1, count).map(() => stage.say(talker, TEXT));
  return { stage, talker, slow, readOn, says };
}

test("falls behind where a turn does not fit, and is fed from the first that it did not get", async () => {
  const { stage, slow, readOn, says } = await withSlowReader();
  await stage.turn(...says(3));
  assertEquals(take(slow), chats(1, 3));
  await stage.turn(...says(20));
  // What fits is fed at once, and the last of it may go over the limit.
  assertEquals(take(slow), chats(4, 6));
  assertEquals(stage.delivery.describe(slow.id).isBehind, true);
  await readOn();
  assertEquals(take(slow), chats(7, 23));
  assertEquals(stage.delivery.describe(slow.id).isBehind, false);
  assertEquals(stage.caughtUp, [`${slow.id} den`]);
});

test("falls behind in the middle of a turn, and hears the rest of it later", async () => {
  const { stage, talker, slow, readOn, says } = await withSlowReader();
  await stage.turn(
    ...says(2),
    stage.answer(slow, "one"),
    ...says(20),
    stage.answer(slow, "two"),
    stage.say(slow, "mine", { id: "m" }),
    ...says(2),
    stage.announce("zoe"),
  );
  const sent = take(slow);
  assertEquals(sent.slice(0, 3), ["chat 1", "chat 2", "notice one"]);
  // Answers are given over the limit; so is the ack.
  assertEquals(sent.slice(-2), ["notice two", "ack 23"]);
  assertEquals(sent.slice(3, -2), chats(3, sent.length - 3));
  await readOn();
  assertEquals(take(slow), chats(sent.length - 2, 25));
  assertEquals(stage.caughtUp, [`${slow.id} den`]);
  await stage.turn(stage.say(talker, "live"), stage.announce("yak"));
  assertEquals(take(slow), ["chat 26", "joined yak"]);
});

test("never takes more space than there is for what is live", async () => {
  const { stage, slow, talker } = await withSlowReader();
  await stage.turn(stage.say(talker, LONG));
  assertEquals(take(slow), ["chat 1"]);
  // Nearly full: an announcement fits, a long text does not.
  await stage.turn(stage.announce("zoe"));
  assertEquals(take(slow), ["joined zoe"]);
  await stage.turn(stage.say(talker, LONG), stage.say(talker, LONG));
  assertEquals(takeQueued(slow).map(({ how }) => how), ["unasked"]);
});

test("reports once at the head that it missed what was announced", async () => {
  const { stage, slow, readOn, says } = await withSlowReader();
  await stage.turn(...says(20));
  take(slow);
  await stage.turn(stage.announce("zoe"), stage.announce("yak"));
  await stage.turn(stage.announce("xan"));
  assertEquals([take(slow), stage.caughtUp], [[], []]);
  await readOn();
  assertEquals(take(slow).every((one) => one.startsWith("chat")), true);
  assertEquals(stage.caughtUp, [`${slow.id} den`]);
});

test("reports that it caught up with a conversation, too", async () => {
  const stage = await Stage.open();
  const talk = "@ann+bob";
  const ann = await stage.join("ann", talk);
  const bob = await stage.join("bob", talk, SMALL);
  bob.sink.isSlow = true;
  const says = range(1, 9).map(() =>
    stage.say(ann, TEXT, { room: talk, to: "bob" })
  );
  await stage.turn(...says);
  bob.sink.isSlow = false;
  bob.sink.flush();
  await eventLoopTurn();
  assertEquals(take(bob), range(1, 9).map((seq) => `private ${seq}`));
  assertEquals(stage.caughtUp, [`${bob.id} ${talk}`]);
});

test("gives one who leaves while behind what was said until then, and nothing more", async () => {
  const { stage, talker, slow, readOn, says } = await withSlowReader();
  await stage.turn(
    ...says(12),
    stage.exit(slow),
    ...says(3),
    stage.announce("zoe"),
  );
  await stage.turn(stage.say(talker, "later"));
  await readOn();
  assertEquals(take(slow), chats(1, 12));
  assertEquals(stage.caughtUp, []);
  assertEquals(stage.delivery.describe(slow.id), {
    rooms: [],
    isBehind: false,
  });
});

test("goes on for one who comes back to a conversation before it has all", async () => {
  const { stage, slow, readOn, says } = await withSlowReader();
  await stage.turn(...says(12), stage.exit(slow), ...says(3));
  const before = take(slow);
  assertEquals(before, chats(1, before.length));
  const head = stage.headOf("den");
  const start = { kind: "live", head, continues: true } as const;
  await stage.turn(stage.enter(slow, "den", start), ...says(1));
  await readOn();
  assertEquals(take(slow), chats(before.length + 1, 16));
  // Who has all begins at the head.
  await stage.turn(stage.exit(slow), ...says(3));
  const next = { ...start, head: stage.headOf("den") };
  await stage.turn(stage.enter(slow, "den", next), ...says(1));
  await readOn();
  assertEquals(take(slow), chats(20, 20));
});

test("begins anew for one who comes back before it has all", async () => {
  const { stage, slow, readOn, says } = await withSlowReader();
  await stage.turn(...says(12), stage.exit(slow), ...says(3));
  const before = take(slow);
  assertEquals(before, chats(1, before.length));
  await stage.turn(stage.enter(slow), ...says(1));
  await readOn();
  assertEquals(take(slow), ["history 1-15", "chat 16"]);
});

test("gives back a person's own messages with their ids when they are fed", async () => {
  const { stage, slow, readOn, says } = await withSlowReader();
  const other = await stage.join("other");
  await stage.turn(
    ...says(12),
    stage.say(slow, "mine", { id: "m" }),
    stage.say(other, "another's", { id: "o" }),
  );
  await readOn();
  const messages = takeQueued(slow).map(({ message }) => message);
  const ids = messages.flatMap((one) =>
    one.type === "chat" ? [[one.seq, one.id]] : []
  );
  assertEquals(ids, [
    ...range(1, 12).map((seq) => [seq, undefined]),
    [13, "m"],
    [14, undefined],
  ]);
  const acks = messages.filter(({ type }) => type === "ack");
  assertEquals(acks.length, 1);
});

test("says live to a person's other connection what has an id, without it", async () => {
  const stage = await Stage.open();
  const [ann, other] = [await stage.join("ann"), await stage.join("ann")];
  await stage.turn(stage.say(ann, "mine", { id: "m" }));
  const { txt, id } = takeQueued(other)[0]!.message as Chat;
  assertEquals([txt, id], ["mine", undefined]);
});

test("feeds rooms in turns, a page of each", async () => {
  const store = new TestStore();
  const seeds = await Stage.open({ store });
  for (const room of ["den", "attic"]) await seeds.write(room, 500);
  const stage = await Stage.open({ store });
  const ann = stage.connect("ann", { limitBytes: 10_000_000 });
  const enters = ["den", "attic"].map((room) =>
    stage.enter(ann, room, { kind: "live", head: 0 })
  );
  await stage.turn(...enters);
  const rooms = takeQueued(ann).map(({ message }) => (message as Chat).room);
  // 200 at a time from the journal.
  assertEquals(rooms.filter((room, at) => room !== rooms[at - 1]), [
    "den",
    "attic",
    "den",
    "attic",
  ]);
  assertEquals(rooms.length, 1_000);
});

test("says what it skips where the journal lacks what was committed", async () => {
  const store = new TestStore();
  await (await Stage.open({ store })).write("den", 3);
  const stage = await Stage.open({ store });
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  for (const one of [ann, bob]) take(one);
  // Nobody has stored these, or they were taken away.
  const [entry] = stage.entries("den", ["4", "5"]).slice(1);
  stage.delivery.follow([entry!]);
  await eventLoopTurn();
  assertEquals(stage.faults, []);
  for (const one of [ann, bob]) {
    const [page, ...rest] = takeQueued(one).map(({ message }) => message);
    assertEquals(page, {
      type: "history",
      room: "den",
      messages: [],
      more: false,
      skipped: { from: 4, to: 4 },
    });
    assertEquals(rest.map(({ type }) => type), ["chat"]);
  }
});
