import { assertEquals } from "@std/assert";
import type { Chat } from "../../../src/wire/server.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("the places of a chat", { sys: true });

function said(seq: number, from: string, txt: string, room = "lobby"): Chat {
  return { type: "chat", room, from, txt, seq, at: NOON_MS };
}

test("a message in another room is counted in the prompt, and shown once when one goes there", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [{ name: "bob" }] });
  client.say("bob", "one", NOON_MS, "dev");
  client.say("bob", "ann, two", NOON_MS, "dev");
  await session.type("typed");
  assertEquals(session.shown().slice(1), ["[2:dev 2!] lobby › typed"]);
  await session.type("\x1ba");
  assertEquals(session.shown().slice(1), [
    "── 2 dev ──",
    "* in dev: bob",
    "── new ──",
    "bob: one",
    "bob: ann, two",
    "dev ›",
  ]);
  // Each place keeps what was being typed in it.
  await session.type("\x1b1");
  assertEquals(session.shown().slice(-2), ["── 1 lobby ──", "lobby › typed"]);
  await session.type("\x0e");
  assertEquals(session.shown().slice(-2), ["── 2 dev ──", "dev ›"]);
});

test("the unread mark stands where one left off at the last start", async () => {
  const servers = { "test:5000": { read: { lobby: 2 } } };
  await using session = await Session.open(60, 20, { memory: { servers } });
  const messages = [
    said(1, "bob", "one"),
    said(2, "bob", "two"),
    said(3, "ann", "mine"),
    said(4, "bob", "four"),
  ];
  session.client.replay(messages, { isReplay: false });
  await session.settle();
  assertEquals(session.shown().slice(1), [
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
  session.client.replay([said(1, "bob", "one")], { isReplay: false });
  session.client.rooms = ["lobby", "dev"];
  await session.type("/query carol\r");
  session.client.hear(said(2, "bob", "two"));
  await session.settle();
  assertEquals(session.shown().at(-1), "[1:lobby 1] @carol ›");
});

test("a room read on another device is not new here", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/query bob\r");
  client.say("bob", "one", NOON_MS);
  client.say("bob", "two", NOON_MS);
  await session.settle();
  assertEquals(session.shown().at(-1), "[1:lobby 2] @bob ›");
  client.hear({ type: "read", room: "lobby", seq: 1 });
  await session.settle();
  assertEquals(session.shown().at(-1), "[1:lobby 1] @bob ›");
  client.hear({ type: "read", room: "lobby", seq: 2 });
  await session.settle();
  assertEquals(session.shown().at(-1), "@bob ›");
});

test("a person can be renamed, and the conversation goes on", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/query bob\r");
  client.hear({ type: "renamed", from: "bob", name: "robert", at: NOON_MS });
  await session.type("hi\r");
  assertEquals(session.shown().at(-1), "@robert ›");
  assertEquals(client.asked.at(-1), {
    type: "chat",
    txt: "hi",
    to: "robert",
    id: "id-2",
  });
});

test("a conversation tells when another key writes in it, once", async () => {
  await using session = await Session.open();
  const { client } = session;
  let seq = 0;
  const hear = (txt: string, key?: string) =>
    client.hear({
      ...{ type: "private", from: "bob", to: "ann", txt } as const,
      ...{ seq: ++seq, at: NOON_MS },
      ...(key === undefined ? {} : { key }),
    });
  hear("one", "SHA256:b");
  hear("two", "SHA256:b");
  client.hear({
    ...{ type: "private", from: "ann", to: "bob", txt: "three" } as const,
    ...{ key: "SHA256:a", seq: ++seq, at: NOON_MS },
  });
  hear("four", "SHA256:c");
  hear("five", "SHA256:c");
  hear("six");
  await session.type("/query bob\r");
  assertEquals(session.shown().slice(-7, -1), [
    "bob: one",
    "bob: two",
    "ann: three",
    "bob (another key than before): four",
    "bob: five",
    "bob (another key than before): six",
  ]);
});
