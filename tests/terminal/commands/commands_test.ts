import { assertEquals } from "@std/assert";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("commands", { sys: true });

/** A person in two rooms, who looks at the one where the server does not see them. */
async function inOtherWindow(): Promise<Session> {
  const session = await Session.open();
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [] });
  await session.type("\x1b2");
  return session;
}

test("a command is meant for the room that is shown, and nothing is asked before it", async () => {
  await using session = await inOtherWindow();
  const { client } = session;
  await session.type("/topic new\r");
  assertEquals(client.asked.slice(1), [
    { type: "command", name: "topic", args: "new", room: "dev", id: "id-2" },
  ]);
});

test("/me is said in the room that is shown, and stands there once it is acknowledged", async () => {
  await using session = await inOtherWindow();
  const { client } = session;
  await session.type("/me waves\r");
  assertEquals(client.asked.slice(1), [
    { type: "command", name: "me", args: "waves", room: "dev", id: "id-2" },
  ]);
  assertEquals(session.shown().slice(-2), ["sending: waves", "dev ›"]);
  client.answer("id-2", {
    type: "ack",
    id: "id-2",
    room: "dev",
    seq: 1,
    at: 0,
  });
  await session.settle();
  assertEquals(session.shown().slice(-2), ["* ann waves", "dev ›"]);
});

test("a command whose effect is not seen says what it did, others do not", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/topic new\r");
  client.answer("id-2", { type: "ack", id: "id-2", text: "it is set" });
  await session.type("/mute bob\r");
  const text = "bob is muted in lobby";
  client.answer("id-3", { type: "ack", id: "id-3", text });
  await session.settle();
  assertEquals(session.shown().slice(1), [`* server: ${text}`, "lobby ›"]);
});

test("a kick is one line: who left, or where that is not shown what was done", async () => {
  await using session = await Session.open();
  const { client } = session;
  const left = {
    ...{ type: "left", room: "lobby", name: "bob", at: 0 } as const,
    ...{ reason: "kicked", by: "ann", why: "noisy", banned: true } as const,
  };
  const text = "bob is banned from lobby";
  for (const setting of ["fold", "off"]) {
    await session.type(`/set comings ${setting}\r`);
    await session.type("/ban bob noisy\r");
    client.hear(left);
    const { id } = client.asked.at(-1)!;
    client.answer(id, { type: "ack", id, text });
    await session.settle();
    assertEquals(session.shown().slice(-3), [
      `* comings is ${setting} now`,
      "* bob left lobby (banned by ann: noisy)",
      "lobby ›",
    ]);
  }
  await session.type("/ban bob noisy\r");
  const { id } = client.asked.at(-1)!;
  client.answer(id, { type: "ack", id, text });
  await session.settle();
  assertEquals(session.shown().slice(-3), [
    "* bob left lobby (banned by ann: noisy)",
    `* server: ${text}`,
    "lobby ›",
  ]);
});

test("/history in a conversation is that of the conversation, which is read with it", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/query bob\r");
  await session.type("/history 0\r");
  assertEquals(session.shown().at(-2), "! usage: /history N, from 1 to 100");
  await session.type("/history 5\r");
  assertEquals(client.asked.slice(1), [
    { type: "history", room: "@bob", limit: 5, id: "id-2" },
  ]);
  const said = {
    type: "private",
    from: "bob",
    to: "ann",
    txt: "psst",
  } as const;
  client.answer("id-2", {
    type: "history",
    room: "@bob",
    messages: [{ ...said, seq: 7, at: 0 }],
    more: false,
    id: "id-2",
  });
  await session.settle();
  assertEquals(session.shown().filter((line) => line.includes("psst")), [
    "bob: psst",
  ]);
  await session.clock.advance(1_000);
  assertEquals(client.told, [{ type: "read", room: "@bob", seq: 7 }]);
});

test("in a conversation a command goes without a room, and /me does not go at all", async () => {
  await using session = await Session.open();
  await session.type("/query bob\r");
  await session.type("/me waves\r");
  await session.type("/topic new\r");
  assertEquals(session.client.asked.slice(1), [
    { type: "command", name: "topic", args: "new", id: "id-2" },
  ]);
  assertEquals(session.shown().slice(-2), ["! /me works in rooms", "@bob ›"]);
});

test("a command in a room where one is not any more is meant for it, but for /join, which leaves no other", async () => {
  await using session = await inOtherWindow();
  const { client } = session;
  client.rooms = ["lobby"];
  await session.type("/topic new\r");
  await session.type("/join dev\r");
  assertEquals(client.asked.slice(1), [
    { type: "command", name: "topic", args: "new", room: "dev", id: "id-2" },
    {
      ...{ type: "command", name: "join", args: "+dev" },
      ...{ room: "lobby", id: "id-3" },
    },
  ]);
});

test("after /join the room is shown where the server says that one is, however it was spelled", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.rooms = ["strasse", "ops"];
  client.current = "ops";
  client.hear({ type: "users", room: "strasse", users: [] });
  client.hear({ type: "users", room: "ops", users: [] });
  await session.settle();
  await session.type("\x1b3");
  await session.type("/join +straße\r");
  assertEquals(client.asked.at(-1), {
    type: "command",
    name: "join",
    args: "+straße",
    room: "ops",
    id: "id-2",
  });
  client.current = "strasse";
  client.hear({ type: "here", room: "strasse" });
  client.answer("id-2", { type: "ack", id: "id-2" });
  await session.settle();
  assertEquals(session.shown().slice(-2), ["── 2 strasse ──", "strasse ›"]);
});

test("after /leave the room is closed, and the one is shown where one is then", async () => {
  await using session = await inOtherWindow();
  const { client } = session;
  client.hear({ type: "users", room: "ops", users: [] });
  await session.type("/leave\r");
  client.rooms = ["lobby", "ops"];
  client.answer("id-2", { type: "ack", id: "id-2" });
  await session.settle();
  assertEquals(session.shown().slice(-2), ["── 1 lobby ──", "lobby ›"]);
  await session.type("\x0e");
  assertEquals(session.shown().at(-1), "ops ›");
});

test("a command whose answer was cut off is named, and at hand", async () => {
  await using session = await Session.open(80, 20);
  await session.type("/topic new\r");
  session.client.cut();
  await session.settle();
  assertEquals(session.shown().slice(-2), [
    "! /topic new: the connection was cut before the answer came",
    "lobby ›",
  ]);
  await session.type("\x1b[A");
  assertEquals(session.shown().at(-1), "lobby › /topic new");
});
