/** What others write to the journal: it is heard as what is said here, whichever way it comes. */
import { assertEquals } from "@std/assert";
import type { Effect } from "../../src/chat/effects.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { range, Stage, take, takeQueued } from "./_stage.ts";

const test = testsOf("a room");

const chats = (first: number, last: number) =>
  range(first, last).map((seq) => `chat ${seq}`);

test("says what is followed to everybody, in one piece, and passes over what it knows", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  const elsewhere = stage.connect("ann");
  await stage.turn(stage.say(ann, "one", { id: "a" }));
  assertEquals([take(ann), take(bob)], [["ack 1"], ["chat 1"]]);
  await stage.write("den", 3);
  await stage.write("attic", 1);
  const all = await stage.store.read("den", 1, 9);
  stage.delivery.follow([...all, ...await stage.store.read("attic", 1, 9)]);
  stage.delivery.follow(all.slice(2));
  for (const member of [ann, bob]) assertEquals(take(member), chats(2, 4));
  assertEquals(bob.sink.pushes, 2);
  await stage.turn(stage.enter(elsewhere, "attic"));
  assertEquals(take(elsewhere), ["history 1-1"]);
});

test("acks what was followed before its turn was delivered, and says it once", async () => {
  const stage = await Stage.open({ echo: "on" });
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  const effects = [stage.say(ann, "one", { id: "a" }), stage.announce("zoe")];
  await stage.commit(effects);
  stage.delivery.follow(await stage.store.read("den", 1, 1));
  stage.delivery.deliver(effects);
  assertEquals(take(ann), ["chat 1", "ack 1", "joined zoe"]);
  assertEquals(take(bob), ["chat 1", "joined zoe"]);
});

test("reads from the journal what is missing before what is followed", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.turn(stage.say(ann, "one"));
  await stage.write("den", 5);
  stage.delivery.follow(await stage.store.read("den", 5, 2));
  assertEquals(stage.delivery.describe(ann.id).isBehind, true);
  await eventLoopTurn();
  assertEquals([take(ann), take(bob)], [chats(2, 6), chats(1, 6)]);
  // Nothing but messages was missed: nobody asks who is there.
  assertEquals(stage.caughtUp, []);
});

test("reads from the journal what is missing before what a turn says", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  const effects: Effect[] = [stage.say(bob, "one"), stage.announce("zoe")];
  await stage.commit(effects);
  await stage.write("den", 3);
  const later = [
    stage.say(ann, "five", { id: "a" }),
    stage.say(bob, "six"),
    stage.announce("yak"),
  ];
  await stage.commit(later);
  stage.delivery.deliver([...effects, ...later]);
  await eventLoopTurn();
  // What was said before the gap comes as it was, and the rest in the order of the seqs.
  assertEquals(take(ann), ["chat 1", "joined zoe", "ack 5", ...chats(2, 6)]);
  assertEquals(take(bob), ["joined zoe", ...chats(2, 6)]);
  assertEquals(stage.caughtUp, [`${ann.id} den`, `${bob.id} den`]);
  // What comes late is known.
  stage.delivery.follow(await stage.store.read("den", 1, 9));
  assertEquals([take(ann), take(bob)], [[], []]);
});

test("shows one who enters also what is not followed yet", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), stage.connect("bob")];
  await stage.write("den", 4);
  await stage.turn(stage.enter(bob));
  assertEquals([take(ann), take(bob)], [chats(1, 4), ["history 1-4"]]);
});

test("says to one who leaves also what is not followed yet", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.write("den", 2);
  await stage.turn(stage.exit(bob));
  assertEquals([take(ann), take(bob)], [chats(1, 2), chats(1, 2)]);
  await stage.turn(stage.say(ann, "three"));
  assertEquals(take(bob), []);
});

test("says to one who left nothing of what was followed before that was delivered", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), stage.connect("bob")];
  const first = [stage.enter(bob), stage.say(ann, "one"), stage.exit(bob)];
  await stage.commit(first);
  stage.store.holdsReads = true;
  stage.delivery.follow(await stage.write("den", 1));
  stage.delivery.deliver(first);
  stage.store.releaseAll();
  await eventLoopTurn();
  assertEquals(take(bob), ["history", "chat 1"]);
  assertEquals(take(ann), chats(1, 2));
});

test("reports anew only what was missed since", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann", "den", {
    limitBytes: 1_000,
    lowBytes: 300,
  });
  const bob = await stage.join("bob");
  await stage.turn(
    ...range(1, 9).map(() => stage.say(bob, "x".repeat(100))),
  );
  assertEquals(stage.caughtUp, [`${ann.id} den`]);
  await stage.write("den", 1);
  await stage.turn(stage.say(bob, "behind what others wrote"));
  assertEquals(take(ann), chats(1, 11));
  assertEquals(stage.caughtUp, [`${ann.id} den`]);
});

test("is heard alike by those of another process that only follows the journal", async () => {
  const store = new TestStore();
  const [here, there] = [
    await Stage.open({ store }),
    await Stage.open({ store }),
  ];
  const [ann, bob] = [await here.join("ann"), await here.join("bob")];
  const cid = await there.join("cid");
  const small = { limitBytes: 1_000, lowBytes: 300 };
  const slow = await there.join("slow", "den", small);
  const followed = store.follow()[Symbol.asyncIterator]();
  const following = (async () => {
    for (;;) {
      const { done, value } = await followed.next();
      if (done) return;
      there.delivery.follow(structuredClone(value.entries));
    }
  })();
  for (let turn = 0; turn < 6; turn++) {
    slow.sink.isSlow = turn < 3;
    const says = range(1, 5).map((n) =>
      here.say(n % 2 ? ann : bob, "x".repeat(60))
    );
    await here.turn(...says);
  }
  slow.sink.flush();
  await eventLoopTurn();
  for (const member of [cid, slow]) assertEquals(take(member), chats(1, 30));
  const heard = [...takeQueued(ann), ...takeQueued(bob)].map(({ message }) =>
    (message as { seq: number }).seq
  );
  assertEquals(heard.toSorted((a, b) => a - b), range(1, 30));
  await followed.return!();
  await following;
});

test("is kept no longer than somebody hears it", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  const again = stage.enter(ann);
  assertEquals(stage.delivery.needsPreparation([again]), false);
  await stage.turn(stage.exit(ann));
  assertEquals(stage.delivery.needsPreparation([again]), true);
  // Nor when one who was about to enter is gone.
  stage.delivery.remove(ann.id);
  await stage.turn(again);
  assertEquals(stage.delivery.needsPreparation([again]), true);
});

test("has at hand what its first newcomer is shown", async () => {
  const store = new TestStore();
  await (await Stage.open({ store })).write("den", 80);
  const stage = await Stage.open({ store });
  const ann = stage.connect("ann");
  const enter = stage.enter(ann, "den", {
    kind: "last",
    head: 80,
    messages: 50,
  });
  await stage.delivery.prepare([enter]);
  stage.delivery.deliver([enter]);
  assertEquals(take(ann), ["history 31-80"]);
  assertEquals(store.reads, [["den", 73, 8], ["den", 1, 72]]);
});

test("does not take for its last messages what was read before others wrote more", async () => {
  const store = new TestStore();
  const other = await Stage.open({ store });
  await other.write("den", 80);
  const stage = await Stage.open({ store });
  const ann = stage.connect("ann");
  const start = { kind: "last", head: 80, messages: 50 } as const;
  const enter = stage.enter(ann, "den", start);
  store.holdsReads = true;
  const prepared = stage.delivery.prepare([enter]);
  stage.delivery.follow(await other.write("den", 2));
  store.releaseAll();
  await prepared;
  stage.delivery.deliver([enter]);
  await eventLoopTurn();
  assertEquals(take(ann), ["history 31-80", ...chats(81, 82)]);
});
