import { assertEquals } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import type { FakeClient } from "../_fake_client.ts";
import { Session } from "../_session.ts";

const test = testsOf("on the way to another room", { sys: true });

/** The server has one enter a room in the place of another, and answers. */
function lead(client: FakeClient, id: string, to: string, left?: string) {
  client.rooms = [...client.rooms.filter((room) => room !== left), to];
  client.hear({ type: "here", room: to });
  client.hear({ type: "users", room: to, users: [] });
  client.answer(id, { type: "ack", id });
}

/** The texts that were said, each with its place. */
function said({ asked }: FakeClient): string[] {
  return asked.flatMap((one) =>
    one.type !== "chat" ? [] : [`${one.to ?? one.room}: ${one.txt}`]
  );
}

function kick(client: FakeClient, room: string): void {
  client.rooms = client.rooms.filter((one) => one !== room);
  client.hear({ type: "here", room: client.rooms.at(-1) ?? "" });
  client.hear({
    ...{ type: "left", room, name: "ann", at: NOON_MS },
    reason: "kicked",
  });
}

/** Types lines and enters them, one after the other, and what stands behind the last Enter. */
async function enter(session: Session, ...lines: string[]): Promise<void> {
  const rest = lines.pop()!;
  for (const line of lines) {
    await session.type(line);
    await session.type("\r");
  }
  await session.type(rest);
}

/** A person in two rooms, who looks at `dev`. */
async function inDev(): Promise<Session> {
  const session = await Session.open(80, 20);
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [] });
  await session.type("\x1b2");
  return session;
}

test("what is typed after /join is said where that leads, however late", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/join ops\r");
  assertEquals(session.shown().slice(-2), [
    "/join ops: what you type goes along",
    "lobby ›",
  ]);
  await enter(session, "one", "two", "half a li");
  assertEquals(session.shown().slice(-3), [
    "waits for /join ops: one",
    "waits for /join ops: two",
    "lobby › half a li",
  ]);
  assertEquals(said(client), []);
  lead(client, "id-2", "ops", "lobby");
  await session.settle();
  assertEquals(said(client), ["ops: one", "ops: two"]);
  assertEquals(session.shown().at(-1), "ops › half a li");
  await session.type("ne\r");
  assertEquals(said(client).at(-1), "ops: half a line");
});

test("each line goes to where the move before it leads", async () => {
  await using session = await Session.open();
  const { client } = session;
  await enter(
    session,
    "zero",
    "/join a",
    "one",
    "/join b",
    "two",
    "/topic new",
    "three",
  );
  assertEquals(said(client), ["lobby: zero"]);
  lead(client, "id-3", "a", "lobby");
  await session.settle();
  assertEquals(said(client).slice(1), ["a: one"]);
  assertEquals(client.asked.at(-1), {
    ...{ type: "command", name: "join", args: "b", room: "a", id: "id-5" },
  });
  lead(client, "id-5", "b", "a");
  await session.settle();
  assertEquals(said(client).slice(2), ["b: two"]);
  assertEquals(client.asked.at(-1), {
    ...{ type: "command", name: "topic", args: "new", room: "b", id: "id-7" },
  });
  await session.type("\r");
  assertEquals(said(client).slice(3), ["b: three"]);
});

test("where a move is refused, what was entered after it stands in the line, and is asked about", async () => {
  await using session = await Session.open(80, 20);
  const { client } = session;
  await enter(session, "/join ops", "one", "/topic new", "//two", "thr");
  client.refuse("id-2", new ConfabError("banned", "you are banned from ops"));
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "! /join ops: server: you are banned from ops",
    "! not done: /topic new",
    "* what you entered after it is in the line again",
    "lobby › one",
    "/two",
    "thr",
  ]);
  await session.type("ee\r");
  assertEquals(said(client), []);
  assertEquals(
    session.shown().at(-4),
    "typed after /join ops, and you are in lobby: Enter again sends, Ctrl+C clears",
  );
  await session.type("\r");
  assertEquals(said(client), ["lobby: one\n/two\nthree"]);
});

test("what is typed and not entered is asked about, too, where a move was refused", async () => {
  await using session = await Session.open(80, 20);
  const { client } = session;
  await enter(session, "/join ops", "for ops");
  client.refuse("id-2", new ConfabError("banned", "you are banned from ops"));
  await session.type("\r");
  assertEquals(said(client), []);
  // Another line is another matter.
  await session.type("\x03for lobby\r");
  assertEquals(said(client), ["lobby: for lobby"]);
});

test("a move under way is asked for again after a cut, and what waits for it waits on", async () => {
  await using session = await Session.open();
  const { client } = session;
  await enter(session, "/join ops", "one", "");
  client.cut();
  client.push({ kind: "disconnected", reason: "", retryInMs: 1_000 });
  await session.settle();
  assertEquals(said(client), []);
  client.connect(false);
  client.reconnect();
  await session.settle();
  assertEquals(
    client.sent.map(({ id }) => id).filter((id) => id === "id-2"),
    ["id-2", "id-2"],
  );
  lead(client, "id-2", "ops", "lobby");
  await session.settle();
  assertEquals(said(client), ["ops: one"]);
});

test("who goes elsewhere meanwhile stays there, and what was entered goes where it was to go", async () => {
  await using session = await inDev();
  const { client } = session;
  await enter(session, "/join +ops", "for ops", "half");
  await session.type("\x1b1");
  assertEquals(session.shown().at(-1), "lobby ›");
  await session.type("for lobby\r");
  assertEquals(said(client), ["lobby: for lobby"]);
  lead(client, "id-2", "ops");
  await session.settle();
  assertEquals(said(client).slice(1), ["ops: for ops"]);
  assertEquals(session.shown().at(-1), "lobby ›");
  await session.type("\x1b3");
  assertEquals(session.shown().at(-1), "ops › half");
  await session.type("\x1b2");
  assertEquals(session.shown().at(-1), "dev ›");
});

test("what was typed for the last of several moves waits where that leads", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [] });
  await enter(session, "/join +a", "/join +b", "for b");
  await session.type("\x1b2");
  assertEquals(session.shown().at(-1), "dev ›");
  lead(client, "id-2", "a");
  await session.settle();
  lead(client, "id-3", "b");
  await session.settle();
  await session.type("\x1b1");
  assertEquals(session.shown().at(-1), "lobby ›");
  await session.type("\x1b4");
  assertEquals(session.shown().at(-1), "b › for b");
});

test("what is for no room can be asked in a dead one", async () => {
  await using session = await inDev();
  const { client } = session;
  await session.type("x");
  kick(client, "dev");
  await session.settle();
  await session.type("\x15/away lunch\r");
  await session.type("/topic mine\r");
  const places = client.asked.slice(-2).map((one) =>
    one.type === "command" ? [one.name, one.room] : []
  );
  assertEquals(places, [["away", undefined], ["topic", "dev"]]);
});

test("what was being typed where a move leads can be yanked", async () => {
  await using session = await inDev();
  const { client } = session;
  await enter(session, "draft\x1b1/join dev", "new");
  lead(client, "id-2", "dev", "lobby");
  await session.settle();
  assertEquals(session.shown().slice(-2), [
    "Ctrl+Y brings what you had typed in dev",
    "dev › new",
  ]);
  await session.type("\x15\x19");
  assertEquals(session.shown().at(-1), "dev › new");
  await session.type("\x1by");
  assertEquals(session.shown().at(-1), "dev › draft");
});

test("a kick leaves one in the dead room with the text, which is sent nowhere until one is back", async () => {
  await using session = await inDev();
  const { client } = session;
  client.hear({
    ...{ type: "private", from: "bob", to: "ann", txt: "you go" } as const,
    ...{ seq: 1, at: NOON_MS },
  });
  await session.type("half a sen");
  kick(client, "dev");
  await session.settle();
  assertEquals(session.shown().slice(-3), [
    "* ann left dev (kicked)",
    "* you are not in dev any more: /join dev leads back, /leave closes it",
    "[3:@bob 1!] dev (kicked) › half a sen",
  ]);
  await session.type("tence\r");
  assertEquals(session.shown().slice(-2), [
    "! not sent: you are not in dev any more: Ctrl+U, then /join dev; the line comes back with it",
    "[3:@bob 1!] dev (kicked) › half a sentence",
  ]);
  assertEquals(said(client), []);
  await session.type("\x15/join dev\r");
  assertEquals(client.asked.at(-1), {
    ...{ type: "command", name: "join", args: "+dev" },
    ...{ room: "lobby", id: "id-2" },
  });
  lead(client, "id-2", "dev");
  await session.settle();
  assertEquals(session.shown().at(-1), "[3:@bob 1!] dev › half a sentence");
  await session.type("\r");
  assertEquals(said(client), ["dev: half a sentence"]);
});

test("a dead room stays while something is typed in it, and closes when one leaves it with nothing", async () => {
  await using session = await inDev();
  const { client } = session;
  await session.type("text");
  kick(client, "dev");
  await session.type("\x1b1");
  assertEquals(session.shown().at(-1), "lobby ›");
  await session.type("\x1b2");
  assertEquals(session.shown().at(-1), "dev (kicked) › text");
  await session.type("\x15\x1b1\x1b2");
  assertEquals(session.shown().at(-1), "lobby ›");
});

test("/leave closes a dead room, without asking the server", async () => {
  await using session = await inDev();
  const { client } = session;
  const before = client.asked.length;
  kick(client, "dev");
  await session.settle();
  await session.type("/leave\r");
  assertEquals(session.shown().at(-1), "lobby ›");
  assertEquals(client.asked.length, before);
});

test("a kick from another room says so and moves nobody; what was typed there is kept", async () => {
  await using session = await inDev();
  const { client } = session;
  await session.type("\x1b1text");
  kick(client, "dev");
  await session.settle();
  assertEquals(session.shown().slice(-2), [
    "* ann left dev (kicked)",
    "lobby › text",
  ]);
  client.rooms.push("ops");
  client.hear({ type: "users", room: "ops", users: [] });
  await session.type("\x1b2draft\x1b1");
  assertEquals(session.shown().at(-1), "lobby › text");
  kick(client, "ops");
  await session.type("\x1b2");
  assertEquals(session.shown().at(-1), "ops (kicked) › draft");
});

test("a room that cannot be entered again after a cut is a dead one", async () => {
  await using session = await inDev();
  const { client } = session;
  await session.type("text");
  client.rooms = ["lobby"];
  client.connect(false);
  client.hear({
    ...{ type: "error", code: "banned", room: "dev" },
    text: "you are banned from dev",
  });
  await session.settle();
  const back = "an operator can /unban you, /leave closes it";
  assertEquals(session.shown().slice(-2), [
    `* you are not in dev any more: ${back}`,
    "dev (banned) › text",
  ]);
  await session.type("\r");
  assertEquals(said(client), []);
});

test("a room that the server does not know one to be in is a dead one", async () => {
  await using session = await inDev();
  const { client } = session;
  await session.type("text\r");
  const why = "you are not in dev: /join dev enters it";
  client.refuse("id-2", new ConfabError("no-room", why));
  await session.type("more\r");
  assertEquals(session.shown().at(-1), "dev (gone) › more");
  assertEquals(said(client), ["dev: text"]);
});
