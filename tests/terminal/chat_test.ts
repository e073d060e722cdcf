import { assert, assertEquals } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import type { Chat, Stored } from "../../src/wire/server.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("terminal chat", { sys: true });

const ANN_KEY = `SHA256:${"A".repeat(43)}`;
const BOB_KEY = `SHA256:${"A".repeat(42)}E`;

/** What stands on the screen, without times. */
function shown(session: Session): string[] {
  return session.terminal.lines.map((line) =>
    line.replace(/^\[\d\d:\d\d\] /, "").trimEnd()
  ).filter((line) => line !== "");
}

function said(seq: number, from: string, txt: string, room = "lobby"): Chat {
  return { type: "chat", room, from, txt, seq, at: NOON_MS };
}

function history(
  session: Session,
  messages: readonly Stored[],
  isReplay = false,
  room = "lobby",
): void {
  session.client.push({
    kind: "history",
    history: { type: "history", room, messages: [...messages], more: false },
    fresh: messages,
    isReplay,
  });
}

test("one's own words stand above once they are acknowledged, and until then below", async () => {
  await using session = await Session.open();
  await session.type("hello\r");
  assertEquals(shown(session).slice(1), ["sending: hello", "lobby ›"]);
  session.client.say("bob", "me too", NOON_MS);
  session.client.ack(NOON_MS);
  await session.settle();
  assertEquals(shown(session).slice(1), [
    "bob: me too",
    "ann: hello",
    "lobby ›",
  ]);
  assertEquals(session.client.asked.at(-1), {
    type: "chat",
    txt: "hello",
    room: "lobby",
    id: "id-2",
  });
});

test("what could not be sent is said, with the reason", async () => {
  await using session = await Session.open();
  await session.type("hello\r");
  session.client.refuse("id-2", new ConfabError("muted", "you are muted"));
  await session.settle();
  assertEquals(shown(session).slice(1), [
    "! not sent (you are muted): hello",
    "lobby ›",
  ]);
});

test("what waits to be sent when the person leaves is named", async () => {
  await using session = await Session.open();
  await session.type("hello\r\x03");
  await session.done;
  await session.settle();
  assertEquals(shown(session).slice(1), ["! not sent: hello"]);
  assertEquals(session.terminal.isOpen, false);
});

test("a message in another room is counted in the prompt, and shown once when one goes there", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [{ name: "bob" }] });
  client.say("bob", "one", NOON_MS, "dev");
  client.say("bob", "ann, two", NOON_MS, "dev");
  await session.type("typed");
  assertEquals(shown(session).slice(1), ["[2:dev 2!] lobby › typed"]);
  await session.type("\x1ba");
  assertEquals(shown(session).slice(1), [
    "── 2 dev ──",
    "* in dev: bob",
    "── new ──",
    "bob: one",
    "bob: ann, two",
    "dev ›",
  ]);
  // Each place keeps what was being typed in it.
  await session.type("\x1b1");
  assertEquals(shown(session).slice(-2), ["── 1 lobby ──", "lobby › typed"]);
  await session.type("\x0e");
  assertEquals(shown(session).slice(-2), ["── 2 dev ──", "dev ›"]);
});

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
  assertEquals(shown(session).slice(-5), [
    "── 2 @bob ──",
    "── new ──",
    "bob: psst",
    "ann: what?",
    "@bob ›",
  ]);
  session.clock.advance(1_000);
  assertEquals(client.told.at(-1), { type: "read", room: "@bob", seq: 4 });
});

test("the unread mark stands where one left off at the last start", async () => {
  const servers = { "test:5000": { read: { lobby: 2 } } };
  await using session = await Session.open(60, 20, { memory: { servers } });
  history(session, [
    said(1, "bob", "one"),
    said(2, "bob", "two"),
    said(3, "ann", "mine"),
    said(4, "bob", "four"),
  ]);
  await session.settle();
  assertEquals(shown(session).slice(1), [
    "bob: one",
    "bob: two",
    "ann: mine",
    "── new ──",
    "bob: four",
    "lobby ›",
  ]);
  session.clock.advance(5_000);
  assertEquals(session.memory.servers["test:5000"]?.read, { lobby: 4 });
});

test("a mark of another history than the server's counts for nothing", async () => {
  const servers = { "test:5000": { read: { lobby: 900 } } };
  await using session = await Session.open(60, 20, { memory: { servers } });
  history(session, [said(1, "bob", "one")]);
  session.client.rooms = ["lobby", "dev"];
  await session.type("/query carol\r");
  session.client.hear(said(2, "bob", "two"));
  await session.settle();
  assertEquals(shown(session).at(-1), "[1:lobby 1] @carol ›");
});

test("after a cut it says that it is back and what was missed, with nothing twice", async () => {
  await using session = await Session.open();
  const { client } = session;
  const cut = { kind: "disconnected", reason: "cut", retryInMs: 700 } as const;
  client.push(cut);
  client.push(cut);
  await session.type("while away\r");
  assertEquals(shown(session).slice(1), [
    "* cut; trying again in 1 s: what you say waits until then",
    "sending: while away",
    "lobby (offline) ›",
  ]);
  client.connect(false);
  history(session, [
    said(8, "bob", "eight"),
    { ...said(9, "ann", "while away"), id: "id-2" },
  ], true);
  client.answer("id-2", {
    type: "ack",
    id: "id-2",
    room: "lobby",
    seq: 9,
    at: NOON_MS,
  });
  await session.settle();
  assertEquals(shown(session).slice(2), [
    "* back, 1 missed",
    "bob: eight",
    "ann: while away",
    "lobby ›",
  ]);
});

test("a room read on another device is not new here", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/query bob\r");
  client.say("bob", "one", NOON_MS);
  client.say("bob", "two", NOON_MS);
  await session.settle();
  assertEquals(shown(session).at(-1), "[1:lobby 2] @bob ›");
  client.hear({ type: "read", room: "lobby", seq: 1 });
  await session.settle();
  assertEquals(shown(session).at(-1), "[1:lobby 1] @bob ›");
  client.hear({ type: "read", room: "lobby", seq: 2 });
  await session.settle();
  assertEquals(shown(session).at(-1), "@bob ›");
});

test("typing is shown for a while, and told to others not too often", async () => {
  await using session = await Session.open();
  const { client, clock } = session;
  client.hear({ type: "typing", room: "lobby", name: "bob" });
  await session.settle();
  assertEquals(shown(session).slice(1), ["bob is typing…", "lobby ›"]);
  clock.advance(6_000);
  await session.settle();
  assertEquals(shown(session).slice(1), ["lobby ›"]);
  await session.type("a");
  await session.type("b");
  clock.advance(3_000);
  await session.type("c");
  await session.type("\x15/users");
  const typing = { type: "typing", room: "lobby" };
  assertEquals(client.told, [typing, typing]);
});

test("nothing is heard of somebody who is ignored", async () => {
  await using session = await Session.open();
  await session.type("/ignore Eve\r");
  session.client.say("eve", "spam", NOON_MS);
  session.client.say("bob", "hello", NOON_MS);
  await session.settle();
  assertEquals(session.memory.ignored, ["eve"]);
  assertEquals(shown(session).slice(-2), ["bob: hello", "lobby ›"]);
  assert(!shown(session).join().includes("spam"));
});

test("the bell rings for what is meant for the person, as set", async () => {
  await using session = await Session.open();
  const { client, terminal } = session;
  client.say("bob", "hello all", NOON_MS);
  await session.settle();
  assert(!terminal.written.includes("\x07"));
  client.say("bob", "hello Ann!", NOON_MS);
  await session.settle();
  assertEquals(terminal.written.split("\x07").length, 2);
  await session.type("/set bell off\r/set notify osc9\r".split("\r")[0] + "\r");
  await session.type("/set notify osc9\r");
  client.say("bob", "ann;\x1b]0;x\x07", NOON_MS);
  await session.settle();
  assert(terminal.written.includes("\x1b]9;bob: ann,]0,x\x07"));
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
  assert(shown(session).includes(`* you, ann: ${words}-abandon`));
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
  const alarm = shown(session).filter((line) => line.startsWith("!!!"));
  assertEquals(alarm.length, 1);
  assert(alarm[0]!.includes("the key of Bob has CHANGED"));
});

test("commands act in the room that is shown", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [] });
  await session.type("\x1b2");
  await session.type("/topic new\r");
  assertEquals(client.asked.at(-1), {
    type: "command",
    name: "join",
    args: "+dev",
    id: "id-2",
  });
  client.answer("id-2", { type: "ack", id: "id-2" });
  await session.settle();
  assertEquals(client.asked.at(-1), {
    type: "command",
    name: "topic",
    args: "new",
    id: "id-3",
  });
});

test("who comes and goes is said, unless it is quiet", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear({ type: "joined", room: "lobby", name: "bob", at: NOON_MS });
  await session.type("/quiet\r");
  client.hear({ type: "joined", room: "lobby", name: "eve", at: NOON_MS });
  client.hear({ type: "renamed", from: "eve", name: "mallory", at: NOON_MS });
  await session.settle();
  assertEquals(shown(session).slice(1), [
    "* bob joined lobby",
    "* quiet is on now",
    "lobby ›",
  ]);
});

test("one who is thrown out of a room is in the room before", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear({ type: "users", room: "dev", users: [] });
  await session.type("\x1b2");
  client.hear({
    type: "left",
    room: "dev",
    name: "ann",
    at: NOON_MS,
    reason: "kicked",
  });
  await session.settle();
  assertEquals(shown(session).slice(-3), [
    "* ann left dev (kicked)",
    "── 1 lobby ──",
    "lobby ›",
  ]);
});

test("a person can be renamed, and the conversation goes on", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/query bob\r");
  client.hear({ type: "renamed", from: "bob", name: "robert", at: NOON_MS });
  await session.type("hi\r");
  assertEquals(shown(session).at(-1), "@robert ›");
  assertEquals(client.asked.at(-1), {
    type: "chat",
    txt: "hi",
    to: "robert",
    id: "id-2",
  });
});

test("a pasted line that begins with a slash is text", async () => {
  await using session = await Session.open();
  await session.type("\x1b[200~\r/close\r\x1b[201~\r");
  assertEquals(session.client.asked.at(-1), {
    type: "chat",
    txt: "//close",
    room: "lobby",
    id: "id-2",
  });
  session.client.ack(NOON_MS);
  await session.settle();
  assertEquals(shown(session).slice(1), ["ann: /close", "lobby ›"]);
});
