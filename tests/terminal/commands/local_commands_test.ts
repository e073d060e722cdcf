import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("local commands", { sys: true });

const ANN_KEY = `SHA256:${"A".repeat(43)}`;
const BOB_KEY = `SHA256:${"A".repeat(42)}E`;

test("a private message opens a conversation, and /reply answers it", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear({
    type: "private",
    from: "bob",
    to: "ann",
    txt: "psst",
    seq: 4,
    at: NOON_MS,
  });
  await session.type("/reply what?\r");
  assertEquals(client.asked.at(-1), {
    type: "chat",
    txt: "what?",
    to: "bob",
    id: "id-2",
  });
  await session.type("/2\r");
  client.ack(NOON_MS);
  await session.settle();
  assertEquals(session.shown().slice(-5), [
    "── 2 @bob ──",
    "── new ──",
    "bob: psst",
    "ann: what?",
    "@bob ›",
  ]);
  session.clock.advance(1_000);
  assertEquals(client.told.at(-1), { type: "read", room: "@bob", seq: 4 });
});

test("nothing is heard of somebody who is ignored", async () => {
  await using session = await Session.open();
  await session.type("/ignore Eve\r");
  session.client.say("eve", "spam", NOON_MS);
  session.client.say("bob", "hello", NOON_MS);
  await session.settle();
  assertEquals(session.memory.ignored, ["eve"]);
  assertEquals(session.shown().slice(-2), ["bob: hello", "lobby ›"]);
  assert(!session.shown().join().includes("spam"));
});

test("fingerprints are compared as words, remembered, and a change is loud", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.push({
    kind: "connected",
    isFirst: true,
    welcome: {
      type: "welcome",
      name: "ann",
      server: "test",
      version: "0",
      room: "lobby",
      key: ANN_KEY,
    },
  });
  const answer = (key: string) => {
    const id = client.asked.at(-1)!.id!;
    client.answer(id, {
      type: "whois",
      id,
      name: "bob",
      key,
      rooms: [],
      since: 0,
      idleMs: 0,
    });
  };
  await session.type("/verify bob\r");
  answer(BOB_KEY);
  await session.settle();
  const words = Array(7).fill("abandon").join("-");
  assert(session.shown().includes(`* you, ann: ${words}-abandon`));
  await session.type("/verify bob yes\r");
  answer(BOB_KEY);
  await session.settle();
  const [verified] = session.memory.servers["test:5000"]!.verified;
  assertEquals([verified?.name, verified?.key], ["bob", BOB_KEY]);
  client.hear({
    type: "joined",
    room: "lobby",
    name: "Bob",
    key: ANN_KEY,
    at: NOON_MS,
  });
  await session.settle();
  const alarm = session.shown().filter((line) => line.startsWith("!!!"));
  assertEquals(alarm.length, 1);
  assert(alarm[0]!.includes("the key of Bob has CHANGED"));
});
