/** What one connection is told and answered, and what it can do without. */
import { assert, assertEquals } from "@std/assert";
import type { Effect } from "../../src/chat/effects.ts";
import type {
  Bye,
  ErrorMessage,
  ServerMessage,
} from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import {
  CountingEncoder,
  type Member,
  range,
  Stage,
  take,
  takeQueued,
} from "./_stage.ts";

const test = testsOf("a subscriber");

type Found = Extract<ServerMessage, { type: "found" }>;

const SMALL = { limitBytes: 1_000, lowBytes: 300 };
const TEXT = "x".repeat(100);
const RENAMED: ServerMessage = {
  type: "renamed",
  from: "bob",
  name: "bert",
  at: 1,
};

/** One who is behind in the den, and then has some space but not all that it missed. */
async function behind(): Promise<[Stage, Member, talker: Member]> {
  const stage = await Stage.open();
  const talker = await stage.join("talker");
  const slow = await stage.join("slow", "den", SMALL);
  slow.sink.isSlow = true;
  await stage.turn(...range(1, 20).map(() => stage.say(talker, TEXT)));
  slow.sink.read(500);
  take(slow);
  return [stage, slow, talker];
}

/** It reads all, and hears what then comes. */
async function readAll({ sink }: Member): Promise<void> {
  sink.isSlow = false;
  sink.flush();
  await eventLoopTurn();
}

// ---- What it is replayed ----

test("is replayed nothing before it may be, and hears its other rooms meanwhile", async () => {
  const stage = await Stage.open();
  await stage.write("tea", 3);
  const talker = await stage.join("talker");
  const ann = await stage.join("ann", "den", SMALL);
  ann.sink.isSettled = false;
  await stage.turn(stage.enter(ann, "tea", { kind: "after", head: 3, seq: 0 }));
  assertEquals(take(ann), []);
  await stage.turn(stage.say(talker, "live"));
  assertEquals(take(ann), ["chat 1"]);
  // Behind in the den, it is fed from there.
  ann.sink.isSlow = true;
  await stage.turn(...range(2, 20).map(() => stage.say(talker, TEXT)));
  await readAll(ann);
  assertEquals(take(ann), range(2, 20).map((seq) => `chat ${seq}`));
  ann.sink.isSettled = true;
  stage.delivery.drained(ann.id);
  await eventLoopTurn();
  assertEquals(take(ann), ["history 1-3"]);
});

// ---- What it is told ----

test("can do without signs of life when it is behind, also where there is space", async () => {
  const [stage, slow, talker] = await behind();
  await stage.turn(
    stage.tell([slow, talker], { type: "typing", room: "den", name: "bob" }),
    stage.tell([slow], { type: "read", room: "den", seq: 3 }),
    stage.tell([slow], { type: "notice", text: "you are banned" }),
  );
  assertEquals(take(slow), ["notice you are banned"]);
  assertEquals(take(talker), ["typing bob"]);
});

test("can do without what it is told where there is no space", async () => {
  const [stage, slow] = await behind();
  slow.sink.send({ type: "notice", text: "x".repeat(1_000) });
  take(slow);
  await stage.turn(
    stage.tell([slow], { type: "notice", text: "one" }),
    stage.answer(slow, "two"),
  );
  assertEquals(take(slow), ["notice two"]);
});

test("learns at the head who is there where somebody was renamed while it was behind", async () => {
  const [stage, slow, talker] = await behind();
  await stage.turn(stage.tell([slow, talker], RENAMED));
  assertEquals(take(slow), ["renamed bert"]);
  await readAll(slow);
  assertEquals(stage.caughtUp, [`${slow.id} den`]);
});

test("falls behind in all its rooms where there is no space for somebody's new name", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann", "den", SMALL);
  const bob = await stage.join("bob");
  await stage.turn(stage.enter(ann, "attic"));
  take(ann);
  ann.sink.isSlow = true;
  await stage.turn(
    stage.answer(ann, "x".repeat(930)),
    stage.tell([ann, bob], RENAMED),
  );
  // At the head of both, it is known to have missed a name, not a message.
  assertEquals(take(ann).length, 1);
  await readAll(ann);
  assertEquals(stage.caughtUp, [`${ann.id} den`, `${ann.id} attic`]);
  await stage.turn(stage.say(bob, "live"), stage.announce("zoe"));
  assertEquals(take(ann), ["chat 1", "joined zoe"]);
});

test("learns who is there where it was itself renamed before it was told who is", async () => {
  const store = new TestStore();
  await (await Stage.open({ store })).write("den", 300);
  const stage = await Stage.open({ store });
  const ann = stage.connect("ann");
  store.holdsReads = true;
  const after = { kind: "after", head: 300, seq: 100 } as const;
  const users = { type: "users", room: "den", users: [] } as ServerMessage;
  await stage.delivery.prepare([]);
  stage.delivery.deliver([
    stage.enter(ann, "den", after, [users]),
    { kind: "answer", to: ann.id, message: RENAMED },
  ]);
  store.releaseAll();
  await eventLoopTurn();
  assertEquals(stage.caughtUp, [`${ann.id} den`]);
});

test("is told with many others what was encoded once, and a private word alone", async () => {
  const stage = await Stage.open();
  const [shared, silent] = [
    new CountingEncoder(),
    new CountingEncoder("notice"),
  ];
  const all = [
    stage.connect("ann", { shared }),
    stage.connect("bob", { shared }),
    stage.connect("cid", { shared: silent }),
    stage.connect("dan", { shared: silent }),
  ];
  const [ann, bob, cid] = all as [Member, Member, Member];
  await stage.turn(stage.tell(all, { type: "notice", text: "hi" }));
  assertEquals([shared.encoded.length, silent.encoded.length], [1, 1]);
  assertEquals(all.map(take), [["notice hi"], ["notice hi"], [], []]);
  const secret: ServerMessage = {
    type: "private",
    from: "bob",
    to: "ann",
    txt: "psst",
    seq: 0,
    at: 1,
  };
  await stage.turn(
    stage.tell([ann, bob], secret),
    stage.tell([cid], { type: "notice", text: "you" }),
  );
  assertEquals([shared.encoded.length, silent.encoded.length], [1, 1]);
  assertEquals(takeQueued(ann).map(({ how }) => how), ["unasked"]);
  assertEquals(take(bob), ["private 0"]);
  assertEquals(take(cid), ["notice you"]);
});

test("is sent answers as asked for, and what shows the state anew as not", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  stage.delivery.follow(await stage.write("den", 3));
  take(ann);
  const page = { room: "den", name: "den", limit: 2, id: "p" };
  const search = { ...page, query: "3", words: ["3"] };
  const users: ServerMessage = { type: "users", room: "den", users: [] };
  await stage.turn(
    { kind: "answer", to: ann.id, message: users },
    { kind: "refresh", to: ann.id, message: users },
    { kind: "page", to: ann.id, person: "ann", page },
    { kind: "search", to: ann.id, person: "ann", search },
    stage.say(ann, "four", { id: "a" }),
  );
  const sent = takeQueued(ann).map(({ message, how }) => [message.type, how]);
  assertEquals(sent.slice(0, 3), [
    ["users", "asked"],
    ["users", "unasked"],
    ["ack", "asked"],
  ]);
  assertEquals(sent.slice(3).toSorted(), [
    ["found", "asked"],
    ["history", "asked"],
  ]);
});

// ---- What it asks ----

const BYE: Bye = { type: "bye", code: "closed", text: "goodbye" };

function page({ id: to, person }: Member, limit = 5): Effect {
  const page = { room: "den", name: "den", limit, id: "p" };
  return { kind: "page", to, person, page };
}

test("is answered all that it asked before its goodbye", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  stage.delivery.follow(await stage.write("den", 9));
  take(ann);
  stage.store.holdsReads = true;
  await stage.turn(page(ann), { kind: "end", connection: ann.id, bye: BYE });
  assertEquals([take(ann), ann.sink.isEnded], [[], false]);
  let isAnswered = false;
  const answered = stage.delivery.answered(ann.id)
    .then(() => isAnswered = true);
  await eventLoopTurn();
  assertEquals(isAnswered, false);
  stage.store.releaseAll();
  await answered;
  await eventLoopTurn();
  assertEquals(take(ann), ["history 5-9", "bye goodbye"]);
  assertEquals(ann.sink.isEnded, true);
});

test("is said goodbye at once where nothing is asked, and nothing after it", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  await stage.turn(
    stage.say(bob, "one"),
    { kind: "end", connection: ann.id, bye: BYE },
    stage.say(bob, "two"),
  );
  assertEquals(take(ann), ["chat 1", "bye goodbye"]);
  assertEquals(ann.sink.isEnded, true);
});

test("is not answered when it is gone, and holds no other's answer up", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  stage.delivery.follow(await stage.write("den", 9));
  [ann, bob].forEach(take);
  stage.store.holdsReads = true;
  await stage.turn(page(ann), page(bob, 1));
  stage.delivery.remove(ann.id);
  await stage.delivery.answered(ann.id);
  stage.store.releaseAll();
  await eventLoopTurn();
  assertEquals([take(ann), take(bob)], [[], ["history 9-9"]]);
});

test("that asks very much at once is answered bit by bit, and others meanwhile", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  stage.delivery.follow(await stage.write("den", 9));
  [ann, bob].forEach(take);
  stage.store.reads.length = 0;
  const asked = range(1, 256).map(() => page(ann));
  // Bob asks last; three turns of the event loop later he has his answer.
  await stage.turn(...asked, page(bob, 1));
  assertEquals(take(bob), ["history 9-9"]);
  assert(stage.store.reads.length < 10, `${stage.store.reads.length}`);
  await stage.delivery.answered(ann.id);
  assertEquals(take(ann), Array(256).fill("history 5-9"));
});

test("that does not read is answered no more than there is space for, until the end", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann", "den", SMALL);
  stage.delivery.follow(await stage.write("den", 9));
  ann.sink.isSlow = true;
  await stage.turn(...range(1, 40).map(() => page(ann)));
  for (let turn = 0; turn < 40; turn++) await eventLoopTurn();
  const [first] = takeQueued(ann).filter(({ message }) =>
    message.type === "history"
  );
  assert(first !== undefined);
  const reads = stage.store.reads.length;
  assert(reads < 6, `${reads}`);
  ann.sink.read(Infinity);
  for (let turn = 0; turn < 40; turn++) await eventLoopTurn();
  const more = stage.store.reads.length;
  assert(more > reads && more < 2 * reads + 2, `${more}`);
  // Its goodbye does not wait for it to read.
  await stage.turn({ kind: "end", connection: ann.id, bye: BYE });
  await stage.delivery.answered(ann.id);
  await eventLoopTurn();
  assertEquals([stage.store.reads.length, ann.sink.isEnded], [40, true]);
});

test("that asks beyond what may wait is refused, and answered the rest", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  stage.delivery.follow(await stage.write("den", 3));
  take(ann);
  const search = (id: string): Effect => {
    const search = { room: "den", name: "den", limit: 9, query: "3" };
    const what = { ...search, words: ["3"], id };
    return { kind: "search", to: ann.id, person: "ann", search: what };
  };
  await stage.turn(...range(1, 6).map((n) => search(`s${n}`)));
  await stage.delivery.answered(ann.id);
  const sent = takeQueued(ann).map(({ message }) =>
    "code" in message
      ? [message.code, (message as ErrorMessage).id]
      : [message.type, (message as Found).id]
  );
  assertEquals(sent, [
    ["rate-limited", "s5"],
    ["rate-limited", "s6"],
    ...["s1", "s2", "s3", "s4"].map((id) => ["found", id]),
  ]);
});

test("pays more for a search that took long", async () => {
  const charged: unknown[] = [];
  const stage = await Stage.open({
    charge: (id, tokens) => void charged.push([id, tokens]),
  });
  const ann = await stage.join("ann");
  const search = { room: "den", name: "den", limit: 9, query: "3" };
  const asked: Effect = {
    ...{ kind: "search", to: ann.id, person: "ann" },
    search: { ...search, words: ["3"] },
  };
  for (const tookMs of [0, 20, 20.5, 50]) {
    stage.store.search = () =>
      Promise.resolve({ entries: [], more: false, tookMs });
    await stage.turn(asked);
    await stage.delivery.answered(ann.id);
  }
  assertEquals(charged, [[ann.id, 1], [ann.id, 15]]);
});

test("that is gone ends the search that it asked for", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  let searching: AbortSignal | undefined;
  stage.store.search = (_room, _words, _limit, options) => {
    searching = options?.signal;
    return new Promise((_, reject) =>
      searching?.addEventListener("abort", () => reject(searching?.reason))
    );
  };
  const search = {
    room: "den",
    name: "den",
    limit: 9,
    query: "3",
    words: ["3"],
  };
  await stage.turn({ kind: "search", to: ann.id, person: "ann", search });
  assertEquals(searching?.aborted, false);
  stage.delivery.remove(ann.id);
  assertEquals(searching?.aborted, true);
  await eventLoopTurn();
  assertEquals(stage.faults, []);
});

test("is reported when the journal cannot be read for it, and fed nothing more", async () => {
  const [stage, slow] = await behind();
  await stage.turn(stage.exit(slow), stage.enter(slow, "attic"));
  stage.store.failingReads = 1;
  await stage.turn(page(slow));
  assertEquals(stage.faults.map(({ id }) => id), [slow.id]);
});

test("is described by the rooms that it hears, without its conversations", async () => {
  const [stage, slow] = await behind();
  assertEquals(stage.delivery.describe("test/9"), {
    rooms: [],
    isBehind: false,
  });
  await stage.turn(
    stage.enter(slow, "attic"),
    stage.enter(slow, "@ ann slow"),
  );
  const { rooms, isBehind } = stage.delivery.describe(slow.id);
  assertEquals([rooms.toSorted(), isBehind], [["attic", "den"], true]);
  await readAll(slow);
  assertEquals(stage.delivery.describe(slow.id).isBehind, false);
});
