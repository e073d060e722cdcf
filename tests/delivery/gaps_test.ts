/** What those are told who come for messages that were taken away, and what is deleted meanwhile. */
import { assertEquals } from "@std/assert";
import type { History } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { type Member, range, Stage, takeQueued } from "./_stage.ts";

const test = testsOf("what was taken away");

/** A den of 1,000 messages of which the first were taken away. */
async function trimmed(count: number) {
  const store = new TestStore();
  const before = await Stage.open({ store });
  await before.write("den", 1_000);
  // The journal's last entry is never taken away: the den's may be all the same.
  await before.write("other", 1);
  await store.trim(Infinity, count);
  return { stage: await Stage.open({ store }), store };
}

function pagesOf(member: Member) {
  return takeQueued(member).map(({ message }) => {
    const { messages, more, older, skipped, reset } = message as History;
    const seqs = messages.map(({ seq }) => seq);
    return { first: seqs[0], count: seqs.length, more, older, skipped, reset };
  });
}

async function entering(
  count: number,
  start: { seq: number; at?: number } | "last",
) {
  const { stage } = await trimmed(count);
  const ann = stage.connect("ann");
  const head = 1_000;
  await stage.turn(stage.enter(
    ann,
    "den",
    start === "last"
      ? { kind: "last", head, messages: 50 }
      : { kind: "after", head, ...start },
  ));
  await eventLoopTurn();
  return pagesOf(ann);
}

const NOTHING = { older: undefined, skipped: undefined, reset: undefined };

test("is skipped to who resumes from before it, also where its own place is gone", async () => {
  const last = { first: 901, count: 100, more: false };
  for (const start of [{ seq: 10 }, { seq: 10, at: 1 }]) {
    assertEquals(await entering(900, start), [
      { ...NOTHING, ...last, skipped: { from: 11, to: 900 } },
    ]);
  }
  assertEquals(await entering(900, { seq: 900 }), [{ ...NOTHING, ...last }]);
});

test("is skipped where nothing is left at all", async () => {
  assertEquals(await entering(1_000, { seq: 990 }), [{
    ...NOTHING,
    first: undefined,
    count: 0,
    more: false,
    skipped: { from: 991, to: 1_000 },
  }]);
});

test("is nothing older, to who joins", async () => {
  const page = { ...NOTHING, more: false };
  assertEquals(await entering(980, "last"), [
    { ...page, first: 981, count: 20 },
  ]);
  assertEquals(await entering(950, "last"), [
    { ...page, first: 951, count: 50 },
  ]);
  assertEquals(await entering(949, "last"), [
    { ...page, first: 951, count: 50, older: true },
  ]);
  assertEquals(await entering(1_000, "last"), [
    { ...page, first: undefined, count: 0 },
  ]);
});

test("is skipped to who has fallen behind, and then it goes on", async () => {
  const store = new TestStore();
  const stage = await Stage.open({ store });
  const talker = await stage.join("talker");
  const slow = await stage.join("slow", "den", {
    limitBytes: 1_000,
    lowBytes: 300,
  });
  slow.sink.isSlow = true;
  takeQueued(slow);
  const text = "x".repeat(400);
  // More than the ring holds.
  for (let said = 0; said < 1_000; said += 100) {
    await stage.turn(...range(1, 100).map(() => stage.say(talker, text)));
  }
  await store.trim(Infinity, 900);
  while (slow.sink.queuedBytes > 0) {
    slow.sink.flush();
    slow.sink.read(1_000);
    await eventLoopTurn();
  }
  const heard = takeQueued(slow).map(({ message }) => message);
  const at = heard.findIndex(({ type }) => type === "history");
  const { skipped } = heard[at] as History;
  const told = heard.flatMap((one) => one.type === "chat" ? [one.seq] : []);
  assertEquals(told, [...range(1, at), ...range(901, 1_000)]);
  assertEquals(skipped, { from: at + 1, to: 900 });
});

test("leaves the ring of a room, too, when it is deleted", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  await stage.turn(stage.say(ann, "one"), stage.say(ann, "two"));
  await stage.turn(stage.say(ann, "1", { kind: "deleted" }));
  const reads = stage.store.reads.length;
  const bob = stage.connect("bob");
  const start = { kind: "after", head: 3, seq: 0 } as const;
  await stage.turn(stage.enter(bob, "den", start));
  assertEquals(stage.store.reads.length, reads, "it was not the ring");
  const [page] = takeQueued(bob).map(({ message }) => message as History);
  assertEquals(
    page!.messages.map((one) => "txt" in one ? one.txt : one.type),
    ["gone", "two", "deleted"],
  );
});
