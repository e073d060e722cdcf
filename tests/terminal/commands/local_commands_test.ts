import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("local commands", { sys: true });

const ANN_KEY = `SHA256:${"A".repeat(43)}`;
const BOB_KEY = `SHA256:${"A".repeat(42)}E`;
const OTHER_KEY = `SHA256:${"A".repeat(42)}I`;

/** The client is connected as ann, who has a key. */
function welcomesAnn(client: Session["client"]): void {
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
}

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

test("nothing is heard of who is ignored when names change, nor in what was said before", async () => {
  await using session = await Session.open();
  const { client } = session;
  const joined = { type: "joined", room: "lobby", at: NOON_MS } as const;
  client.hear({ ...joined, name: "eve", key: EVE_KEY });
  await session.type("/ignore eve\r");
  client.hear({ type: "renamed", from: "eve", name: "spam", at: NOON_MS });
  await session.settle();
  await session.type("/history\r");
  const said = { type: "chat", room: "lobby", at: NOON_MS } as const;
  client.answer(client.asked.at(-1)!.id, {
    ...{ type: "history", room: "lobby", more: false } as const,
    messages: [
      { ...said, from: "bob", txt: "hello", seq: 1 },
      { ...said, from: "eve", txt: "spam", seq: 2, key: EVE_KEY },
    ],
  });
  await session.settle();
  const shown = session.shown();
  assertEquals(shown.slice(-5), [
    "── history of lobby ──",
    "── that is where lobby begins ──",
    "bob: hello",
    "── now ──",
    "lobby ›",
  ]);
  assert(!shown.join().includes("spam"), shown.join("\n"));
});

const EVE_KEY = `SHA256:${"E".repeat(42)}A`;

/** What was said so far, and by whom. */
function heard(session: Session): string[] {
  return session.shown().filter((line) => /^\S+: /.test(line));
}

test("nobody is ignored by half of a fingerprint", async () => {
  await using session = await Session.open();
  await session.type("/ignore SHA256:abc\r");
  assertEquals(
    session.shown().at(-2),
    "! a fingerprint has 43 characters after SHA256:",
  );
  assertEquals(session.memory.ignored, []);
});

test("who is ignored by the key is not heard under any name, and another under that name is", async () => {
  await using session = await Session.open();
  const { client } = session;
  const joined = { type: "joined", room: "lobby", at: NOON_MS } as const;
  client.hear({ ...joined, name: "eve", key: EVE_KEY });
  await session.type("/ignore @Eve\r");
  assertEquals(session.memory.ignored, [`${EVE_KEY} eve`]);
  client.say("eve", "one", NOON_MS);
  client.hear({ type: "renamed", from: "eve", name: "mallory", at: NOON_MS });
  client.say("mallory", "two", NOON_MS);
  const direct = { type: "private", to: "ann", seq: 1, at: NOON_MS } as const;
  client.hear({ ...direct, from: "stranger", txt: "three", key: EVE_KEY });
  client.replay([{
    type: "chat",
    ...{ room: "lobby", from: "evelyn", txt: "four", key: EVE_KEY },
    ...{ seq: 9, at: NOON_MS },
  }]);
  client.hear({ ...joined, name: "eve", key: BOB_KEY });
  client.say("eve", "another", NOON_MS);
  await session.settle();
  assertEquals(heard(session), ["eve: another"]);
  await session.type("/ignore\r");
  assert(session.shown().includes(`* ignored: eve (${EVE_KEY})`));
  await session.type("/unignore mallory\r");
  client.say("mallory", "again", NOON_MS);
  await session.settle();
  assertEquals(heard(session).at(-1), "mallory: again");
  assertEquals(session.memory.ignored, []);
});

test("whose key is not known is ignored by name until the server says it", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/ignore eve\r");
  assertEquals(session.memory.ignored, ["eve"]);
  const { id } = client.asked.at(-1)!;
  const idle = { rooms: [], since: 0, idleMs: 0 };
  client.answer(id, { type: "whois", id, name: "Eve", key: EVE_KEY, ...idle });
  await session.settle();
  assertEquals(session.memory.ignored, [`${EVE_KEY} eve`]);
  // Whose key cannot be known counts by the name.
  client.say("eve", "spam", NOON_MS);
  await session.settle();
  assertEquals(heard(session), []);
});

test("a fingerprint is ignored, a guest by name, and what was ignored before stays so", async () => {
  await using session = await Session.open(60, 20, {
    memory: { ignored: ["old"] },
  });
  const { client } = session;
  const joined = { type: "joined", room: "lobby", at: NOON_MS } as const;
  client.hear({ ...joined, name: "gus", guest: true });
  client.hear({ ...joined, name: "old", key: BOB_KEY });
  await session.type("/ignore gus\r");
  await session.type(`/ignore ${EVE_KEY}\r`);
  assertEquals(session.memory.ignored, ["old", "gus", EVE_KEY]);
  client.hear({ ...joined, name: "eve", key: EVE_KEY });
  for (const name of ["gus", "old", "eve"]) client.say(name, "spam", NOON_MS);
  await session.settle();
  assertEquals(heard(session), []);
  await session.type(`/unignore ${EVE_KEY}\r`);
  assertEquals(session.memory.ignored, ["old", "gus"]);
});

const VERIFIED = {
  servers: {
    "test:5000": {
      verified: [{
        name: "bob",
        key: BOB_KEY,
        at: new Date(NOON_MS - 1_000).toISOString(),
      }],
    },
  },
};

test("a message that has the name of a verified person and another key is marked, and an alarm", async () => {
  await using session = await Session.open(90, 30, { memory: VERIFIED });
  const { client } = session;
  const direct = { type: "private", from: "bob", to: "ann" } as const;
  client.hear({ ...direct, txt: "me", key: BOB_KEY, seq: 1, at: NOON_MS });
  client.hear({ ...direct, txt: "psst", key: EVE_KEY, seq: 1, at: NOON_MS });
  client.hear({ ...direct, txt: "pst", seq: 0, at: NOON_MS });
  await session.settle();
  const alarms = () =>
    session.shown().filter((line) => line.startsWith("!!!")).length;
  assertEquals(alarms(), 2); // another key, and a guest
  await session.type("/2\r");
  assertEquals(heard(session), ["bob: me"]);
  const marked = () =>
    session.shown().filter((line) =>
      line.startsWith("bob (not the one you verified): ")
    ).map((line) => line.split(": ")[1]);
  assertEquals(marked(), ["psst", "pst"]);
  // In a room: as those who are there were named, or as the message says.
  await session.type("/1\r");
  const joined = { type: "joined", room: "lobby", at: NOON_MS } as const;
  client.hear({ ...joined, name: "bob", key: BOB_KEY });
  client.say("bob", "here", NOON_MS);
  client.hear({ ...joined, name: "bob", key: EVE_KEY });
  client.say("bob", "there", NOON_MS);
  const chat = { type: "chat", room: "lobby", from: "bob" } as const;
  client.hear({ ...chat, txt: "large", key: EVE_KEY, seq: 10, at: NOON_MS });
  await session.settle();
  assertEquals(heard(session).at(-1), "bob: here");
  assertEquals(marked().slice(2), ["there", "large"]);
});

test("what was said before a person was verified is marked, and no alarm", async () => {
  await using session = await Session.open(90, 30, { memory: VERIFIED });
  const { client } = session;
  const chat = { type: "chat", room: "lobby", from: "bob" } as const;
  client.replay([
    { ...chat, txt: "before", key: EVE_KEY, seq: 1, at: NOON_MS - 2_000 },
    { ...chat, txt: "me", key: BOB_KEY, seq: 2, at: NOON_MS },
  ]);
  await session.settle();
  assertEquals(session.shown().filter((line) => /^(bob|!!!)/.test(line)), [
    "bob (not the one you verified): before",
    "bob: me",
  ]);
  // Whoever is called so now: what is replayed without a key is a guest's.
  const joined = { type: "joined", room: "lobby", at: NOON_MS } as const;
  client.hear({ ...joined, name: "bob", key: BOB_KEY });
  client.replay([
    { ...chat, txt: "after", key: EVE_KEY, seq: 3, at: NOON_MS },
    { ...chat, txt: "by a guest", seq: 4, at: NOON_MS },
  ]);
  await session.settle();
  assertEquals(session.shown().filter((line) => /^!!!/.test(line)).length, 2);
  assert(
    session.shown().includes("bob (not the one you verified): by a guest"),
  );
});

test("fingerprints are compared as words, remembered, and a change is loud", async () => {
  await using session = await Session.open();
  const { client } = session;
  welcomesAnn(client);
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

test("verify remembers the key that was shown, and no other", async () => {
  await using session = await Session.open();
  const { client } = session;
  welcomesAnn(client);
  const type = async (line: string, key: string) => {
    await session.type(`${line}\r`);
    const { id } = client.asked.at(-1)!;
    client.answer(id, {
      ...{ type: "whois", id, name: "bob", key, rooms: [] } as const,
      ...{ since: NOON_MS, idleMs: 0 },
    });
    await session.settle();
  };
  const verified = () =>
    (session.memory.servers["test:5000"]?.verified ?? []).map(({ key }) => key);
  const faults = () => session.shown().filter((line) => line.startsWith("!"));

  await type("/verify bob yes", BOB_KEY);
  assertEquals(verified(), [], "nothing was shown before");
  assertEquals(faults().length, 1);
  await type("/verify bob yes", OTHER_KEY);
  assertEquals(verified(), [], "another key was shown");
  assert(faults().at(-1)!.startsWith("! bob has another key now"));
  await type("/verify bob yes", OTHER_KEY);
  assertEquals(verified(), [OTHER_KEY]);
});

test("a reply does not go to somebody else who has just written, unless it is said again", async () => {
  await using session = await Session.open();
  const { client } = session;
  const hear = (from: string, seq: number) =>
    client.hear({
      type: "private",
      from,
      to: "ann",
      txt: "?",
      seq,
      at: NOON_MS,
    });
  const sentTo = async () => {
    const before = client.asked.length;
    await session.type("/reply the key is under the mat\r");
    return client.asked.slice(before)
      .map((asked) => asked.type === "chat" ? asked.to : asked.type);
  };
  hear("bob", 1);
  assertEquals(await sentTo(), ["bob"]);
  hear("mallory", 1);
  assertEquals(await sentTo(), []);
  const fault = session.shown().find((line) => line.startsWith("! not sent"));
  assert(fault?.includes("mallory has just written"), fault);
  assertEquals(await sentTo(), ["mallory"]);
  hear("bob", 2);
  await session.settle();
  session.clock.advance(3_000);
  hear("bob", 3);
  assertEquals(await sentTo(), ["bob"]);
});

test("one setting alone is shown, and one that there is not is no setting", async () => {
  await using session = await Session.open();
  await session.type("/set bell off\r");
  await session.type("/set bell\r");
  await session.type("/set bel\r");
  const help = "ring for what is meant for you, never, or for every message";
  assertEquals(session.shown().slice(1, -1), [
    "* bell is off now",
    `* /set bell off (private, off, all): ${help}`,
    '! there is no setting "bel": did you mean bell?',
  ]);
});
