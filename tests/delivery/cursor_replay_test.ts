/** What one is shown who enters a room, and when it begins to hear what is said there. */
import { assertEquals } from "@std/assert";
import type { Users } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { TestStore } from "../server/_store.ts";
import { FIRST_MS, range, Stage, take, takeQueued } from "./_stage.ts";

const test = testsOf("a cursor");

const chats = (first: number, last: number) =>
  range(first, last).map((seq) => `chat ${seq}`);

/** A den that has so many messages in the journal. */
async function seeded(count: number) {
  const store = new TestStore();
  await (await Stage.open({ store })).write("den", count);
  return { stage: await Stage.open({ store }), store };
}

test("says first what comes first, then history in pages, then is live", async () => {
  const { stage } = await seeded(230);
  const ann = stage.connect("ann");
  const first: Users = { type: "users", room: "den", users: [] };
  const start = { kind: "after", head: 230, seq: 25 } as const;
  await stage.turn(stage.enter(ann, "den", start, [first]));
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
  const point = { seq: 7, at: FIRST_MS + 7 };
  const start = { kind: "after", head: 10_050, ...point } as const;
  await stage.turn(stage.enter(ann, "den", start));
  const [first, ...rest] = takeQueued(ann).map(({ message }) =>
    message.type === "history" ? message.skipped : message
  );
  assertEquals(first, { from: 8, to: 50 });
  assertEquals(rest, range(1, 99).map(() => undefined));
});
