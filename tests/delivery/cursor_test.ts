/** The places of one who reads slowly, or enters: what is fed, in which order, and what is said at the head. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Start } from "../../src/chat/effects.ts";
import type { ConfabError } from "../../src/base/errors.ts";
import type { Chat, Users } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { FIRST_MS, range, Stage, take, takeQueued } from "./_stage.ts";

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
  const talk = "@ ann bob";
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

// ---- Entering ----

async function seeded(count: number) {
  const store = new TestStore();
  await (await Stage.open({ store })).write("den", count);
  const stage = await Stage.open({ store });
  await stage.write("den", 0);
  const at = (start: Omit<Start, "head">) =>
    ({ head: count, ...start }) as Start;
  return { stage, store, at };
}

test("says first what comes first, then history in pages, then is live", async () => {
  const { stage, at } = await seeded(230);
  const ann = stage.connect("ann");
  const first: Users = { type: "users", room: "den", users: [] };
  await stage.turn(
    stage.enter(ann, "den", at({ kind: "after", seq: 25 } as Start), [first]),
  );
  const sent = takeQueued(ann);
  assertEquals(sent.map(({ how }) => how), range(1, 4).map(() => "unasked"));
  assertEquals(sent[0]!.message, first);
  const pages = sent.slice(1).map(({ message }) => {
    if (message.type !== "history") return message.type;
    return [message.messages[0]!.seq, message.messages.length, message.more];
  });
  assertEquals(pages, [[26, 100, true], [126, 100, true], [226, 5, false]]);
});

test("says nothing of it where the start is live, and feeds what came since", async () => {
  const { stage } = await seeded(30);
  const [ann, bob] = [stage.connect("ann"), stage.connect("bob")];
  await stage.turn(
    stage.enter(ann, "den", { kind: "live", head: 30 }),
    stage.enter(bob, "den", { kind: "live", head: 27 }),
  );
  assertEquals([take(ann), take(bob)], [[], chats(28, 30)]);
});

test("hears nothing live before its history is at its end, and reports what it missed of that", async () => {
  const { stage, store } = await seeded(300);
  const bob = await stage.join("bob");
  const ann = stage.connect("ann");
  store.holdsReads = true;
  await stage.turn(
    stage.enter(ann, "den", { kind: "after", head: 300, seq: 150 }),
    stage.say(bob, "meanwhile"),
    stage.announce("zoe"),
  );
  await stage.turn(stage.say(bob, "once more"));
  assertEquals(take(ann), []);
  store.releaseAll();
  await eventLoopTurn();
  assertEquals(take(ann), [
    "history 151-250",
    "history 251-300",
    "chat 301",
    "chat 302",
  ]);
  assertEquals(stage.caughtUp, [`${ann.id} den`]);
});

test("does not report what was announced before it came", async () => {
  const { stage, store } = await seeded(300);
  const bob = await stage.join("bob");
  const ann = stage.connect("ann");
  store.holdsReads = true;
  await stage.turn(
    stage.announce("ann"),
    stage.enter(ann, "den", { kind: "after", head: 300, seq: 150 }),
    stage.say(bob, "meanwhile"),
  );
  store.releaseAll();
  await eventLoopTurn();
  assertEquals(take(ann).at(-1), "chat 301");
  assertEquals(stage.caughtUp, []);
});

test("shows nothing to one who left before it was shown anything, where nothing was said meanwhile", async () => {
  const { stage, store } = await seeded(300);
  const bob = await stage.join("bob");
  const ann = stage.connect("ann");
  store.holdsReads = true;
  const after = { kind: "after", head: 300, seq: 150 } as const;
  await stage.turn(stage.enter(ann, "den", after));
  await stage.turn(stage.exit(ann));
  store.releaseAll();
  await eventLoopTurn();
  await stage.turn(stage.say(bob, "later"));
  assertEquals(take(ann), []);
});

test("shows all to one who left before it was shown anything, where something was said meanwhile", async () => {
  const { stage, store } = await seeded(300);
  const bob = await stage.join("bob");
  const ann = stage.connect("ann");
  store.holdsReads = true;
  const after = { kind: "after", head: 300, seq: 250 } as const;
  await stage.turn(stage.enter(ann, "den", { ...after, seq: 150 }));
  await stage.turn(stage.say(bob, "before"), stage.exit(ann));
  await stage.turn(stage.say(bob, "after"));
  store.releaseAll();
  await eventLoopTurn();
  assertEquals(take(ann), ["history 151-250", "history 251-300", "chat 301"]);
});

test("names the range that is skipped, of more than 10,000", async () => {
  const { stage } = await seeded(10_050);
  const ann = stage.connect("ann", { limitBytes: 10_000_000 });
  const start = { kind: "after", head: 10_050, seq: 7, at: FIRST_MS + 7 };
  await stage.turn(stage.enter(ann, "den", start as Start));
  const [first, ...rest] = takeQueued(ann).map(({ message }) =>
    message.type === "history" ? message.skipped : message
  );
  assertEquals(first, { from: 8, to: 50 });
  assertEquals(rest, range(1, 99).map(() => undefined));
});

test("is a fault where the journal lacks what was committed", async () => {
  const { stage } = await seeded(3);
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  // Nobody has stored these.
  const [entry] = stage.entries("den", ["4", "5"]).slice(1);
  stage.delivery.follow([entry!]);
  await eventLoopTurn();
  assertEquals(stage.faults.map(({ id }) => id), [ann.id, bob.id]);
  const { code, message } = stage.faults[0]!.error as ConfabError;
  assertEquals(code, "store");
  assertMatch(message, /from 4 on are missing/);
});
