/**
 * What one hears who joins or comes back: pages, where they begin, and what they say of what is not
 * in them.
 */
import { assertEquals } from "@std/assert";
import type { Entry } from "../../src/store/store.ts";
import type { History } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { range, seqsOf, World } from "../server/_world.ts";

const test = testsOf("delivery");
const ANN = "SHA256:ann";
const BOB = "SHA256:bob";
const FIRST_MS = 1_700_000_000_000;

/**
 * A server whose `den` has so many messages; the one of seq n was said n milliseconds after
 * `FIRST_MS`.
 */
async function worldWith(count: number, txt = "x"): Promise<World> {
  const store = new TestStore();
  const entries = range(1, count).map((seq): Entry => {
    return {
      room: "den",
      seq,
      at: FIRST_MS + seq,
      from: "old",
      kind: "text",
      body: txt,
    };
  });
  const appends = [{ room: "den", expectedHead: 0, entries }];
  await store.commit({ appends, writes: [] });
  return await World.open(store);
}

/** The pages that one gets who says this hello. */
async function pagesOf(
  world: World,
  hello: Record<string, unknown>,
): Promise<History[]> {
  const peer = await world.enter(ANN, hello);
  return peer.takeOf("history");
}

/** A page in short: its seqs and its flags. */
function short({ type: _, room: _room, messages, ...flags }: History) {
  const seqs = messages.map(({ seq }) => seq!);
  return { from: seqs[0], to: seqs.at(-1), count: seqs.length, ...flags };
}

function resume(point: unknown): Record<string, unknown> {
  return { resume: { den: point } };
}

test("shows one who joins the last 50, and says that there are older ones", async () => {
  const pages = await pagesOf(await worldWith(51), { room: "den" });
  assertEquals(pages.map(short), [
    { from: 2, to: 51, count: 50, more: false, older: true },
  ]);
  assertEquals(seqsOf(pages), range(2, 51));
  assertEquals(pages[0]?.room, "den");
  assertEquals(pages[0]?.messages[0], {
    type: "chat",
    room: "den",
    from: "old",
    txt: "x",
    seq: 2,
    at: FIRST_MS + 2,
  });
});

test("shows all to one who joins when there are no more than 50", async () => {
  const pages = await pagesOf(await worldWith(50), { room: "den" });
  assertEquals(pages.map(short), [
    { from: 1, to: 50, count: 50, more: false },
  ]);
});

test("replays what came after the seq, in pages of 100, ascending", async () => {
  const pages = await pagesOf(await worldWith(360), resume(50));
  assertEquals(pages.map(short), [
    { from: 51, to: 150, count: 100, more: true },
    { from: 151, to: 250, count: 100, more: true },
    { from: 251, to: 350, count: 100, more: true },
    { from: 351, to: 360, count: 10, more: false },
  ]);
  assertEquals(seqsOf(pages), range(51, 360));
});

test("says of a full last page that nothing follows", async () => {
  const pages = await pagesOf(await worldWith(250), resume(50));
  assertEquals(pages.map(({ more }) => more), [true, false]);
});

test("replays from the beginning with 0, and nothing with the head", async () => {
  const world = await worldWith(120);
  assertEquals(seqsOf(await pagesOf(world, resume(0))), range(1, 120));
  assertEquals((await pagesOf(world, resume(120))).map(short), [
    { from: undefined, to: undefined, count: 0, more: false },
  ]);
});

test("takes a seq whose time is the journal's", async () => {
  const world = await worldWith(300);
  for (const seq of [10, 299, 300]) {
    const pages = await pagesOf(world, resume({ seq, at: FIRST_MS + seq }));
    assertEquals(seqsOf(pages), range(seq + 1, 300));
    assertEquals(pages[0]?.reset, undefined);
  }
});

test("begins anew, with the last 50, where the time is not the journal's", async () => {
  const world = await worldWith(300);
  for (const seq of [10, 299, 300]) {
    const pages = await pagesOf(world, resume({ seq, at: 5 }));
    assertEquals(seqsOf(pages), range(251, 300));
    assertEquals(pages.map(({ reset }) => reset), [true]);
  }
});

test("begins anew where the seq lies beyond the head", async () => {
  const world = await worldWith(30);
  for (const point of [31, 1_000, { seq: 31, at: FIRST_MS + 31 }]) {
    const pages = await pagesOf(world, resume(point));
    assertEquals(pages.map(short), [
      { from: 1, to: 30, count: 30, more: false, reset: true },
    ]);
  }
  const empty = await pagesOf(world, { resume: { nowhere: 3 } });
  assertEquals(empty.map(({ reset, messages }) => [reset, messages]), [
    [true, []],
  ]);
});

test("replays 10,000 messages of a room and names the range that is skipped", async () => {
  const world = await worldWith(10_203);
  const [first, ...rest] = await pagesOf(world, resume(200));
  assertEquals(first?.skipped, { from: 201, to: 203 });
  assertEquals(seqsOf([first!, ...rest]), range(204, 10_203));
  assertEquals(rest.length, 99);
  assertEquals(rest.map(({ skipped }) => skipped), rest.map(() => undefined));
  // One message fewer, and one range less.
  const all = await pagesOf(world, resume(203));
  assertEquals(all[0]?.skipped, undefined);
  assertEquals(seqsOf(all), range(204, 10_203));
});

test("makes pages that fit a frame, however large the messages are", async () => {
  // Three such messages of 16,000 bytes fit a frame of 65,535, with what a page says besides.
  const world = await worldWith(9, "\u{1f600}".repeat(4_000));
  const pages = await pagesOf(world, resume(0));
  assertEquals(seqsOf(pages), range(1, 9));
  assertEquals(pages.map(({ more }) => more), [true, true, false]);
  const last = await pagesOf(world, { room: "den" });
  assertEquals(seqsOf(last), range(1, 9));
});

test("replays several rooms, each in its order", async () => {
  const world = await worldWith(230);
  const bob = await world.enter(BOB, { room: "attic" });
  for (let n = 1; n <= 120; n++) bob.say(`${n}`);
  await world.settled();
  const pages = await pagesOf(world, { resume: { den: 0, attic: 3 } });
  const of = (room: string) => seqsOf(pages.filter((one) => one.room === room));
  assertEquals(of("den"), range(1, 230));
  assertEquals(of("attic"), range(4, 120));
});

test("gives a person's own messages back with their ids, to nobody else", async () => {
  const world = await World.open();
  const ann = await world.enter(ANN, { room: "den" });
  ann.say("mine", { id: "7" });
  await world.settled();
  ann.cut();
  const ids = async (key: string) => {
    const peer = await world.enter(key, { resume: { den: 0 } });
    const [page] = peer.takeOf("history");
    return page?.messages.map((one) => one.type === "chat" && one.id);
  };
  assertEquals(await ids(ANN), ["7"]);
  assertEquals(await ids(BOB), [undefined]);
});

test("acks what comes with hello after the history, and does not say it to its author", async () => {
  for (const count of [0, 3, 240]) {
    const world = await worldWith(count);
    const bob = await world.enter(BOB, { room: "den" });
    bob.take();
    const ann = world.connect(ANN);
    ann.send({ type: "hello", room: "den" });
    ann.say("one", { id: "1" });
    ann.say("two", { id: "2" });
    await world.settled();
    const types = ann.take().map(({ type }) => type);
    assertEquals(types, [
      "welcome",
      "here",
      "users",
      "history",
      "ack",
      "ack",
    ]);
    assertEquals(seqsOf(bob.take()), [count + 1, count + 2]);
  }
});

test("says nothing live of a room before its history is at its end", async () => {
  const world = await worldWith(400);
  const bob = await world.enter(BOB, { room: "den" });
  const ann = world.connect(ANN);
  world.store.holdsReads = true;
  ann.send({ type: "hello", resume: { den: 0 } });
  await world.settled();
  bob.say("meanwhile");
  await world.settled();
  assertEquals(ann.takeOf("history"), []);
  world.store.releaseRead();
  await world.settled();
  bob.say("and once more");
  world.store.releaseAll();
  await world.settled();
  const messages = ann.take();
  assertEquals(seqsOf(messages), range(1, 402));
  const types = messages.map(({ type }) => type);
  assertEquals(types.lastIndexOf("history") < types.indexOf("chat"), true);
});

test("keeps nothing of a room that nobody entered after all", async () => {
  const world = await worldWith(60);
  const ann = world.connect(ANN);
  ann.send({ type: "hello", room: "den" });
  ann.cut();
  await world.settled();
  const start = { kind: "last", head: 60, messages: 50 } as const;
  assertEquals(
    world.delivery.needsPreparation([{
      kind: "enter",
      connection: "1/9",
      person: BOB,
      room: "den",
      name: "den",
      start,
      first: [],
    }]),
    true,
  );
});
