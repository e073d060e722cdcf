import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { Client } from "../../src/client/client.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import {
  chat,
  Events,
  goodbye,
  history,
  type Message,
  type Peer,
  Stage,
  users,
} from "./_stage.ts";

const test = testsOf("client");

const BYE = { type: "bye", code: "closed", text: "goodbye" };

function seqs(messages: readonly { seq?: number }[]): (number | undefined)[] {
  return messages.map(({ seq }) => seq);
}

// ---- Connecting ----

test("is where and who the welcome says", async () => {
  const visit = await new Stage().enter("lobby");
  const { client } = visit;
  assertEquals([client.name, client.current], ["ann", "lobby"]);
  assertEquals(client.rooms, ["lobby"]);
  await goodbye(visit);
});

test("enters the rooms of before with its first hello, and asks again for those that did not come", async () => {
  const stage = new Stage();
  const rooms = ["lobby", "ops", "dev"];
  Object.assign(stage.options, { hello: { room: "ops", rooms } });
  const connecting = Client.connect(stage.options);
  const peer = await stage.accept();
  // Beyond every head: the last messages come, as those of before are not here.
  const anew = { seq: Number.MAX_SAFE_INTEGER };
  assertEquals(await peer.next(), {
    type: "hello",
    room: "ops",
    resume: { lobby: anew, ops: anew, dev: anew },
  });
  const welcome = { type: "welcome", name: "ann", server: "s", version: "0" };
  const locked = { type: "error", code: "room-locked", text: "locked" };
  await peer.send(
    { ...welcome, room: "ops" },
    { type: "here", room: "ops" },
    users("ops"),
    { ...history("ops", [chat(7, { room: "ops" })]), reset: true },
    { ...locked, room: "lobby" },
  );
  const client = await connecting;
  const events = new Events(client);
  await events.next("connected");
  await events.next("message", { type: "here" });
  await events.next("message", { type: "users" });
  const { history: page, isReplay } = await events.next("history");
  assertEquals([page.room, isReplay, client.rooms], ["ops", false, ["ops"]]);
  await events.next("message", { type: "error", room: "lobby" });
  peer.cut();
  const { retryInMs } = await events.next("disconnected");
  stage.clock.advance(retryInMs);
  const again = await stage.accept();
  const { resume, room } = await again.expect({ type: "hello" });
  assertEquals([resume, room], [
    { ops: { seq: 7, at: 1_007 }, dev: anew },
    "ops",
  ]);
  await again.welcome("ops");
  await events.next("connected");
  await goodbye({ client, peer: again, events });
});

test("learns which key comes next, from each welcome and when it is said, some times", async () => {
  const stage = new Stage();
  const learned: (string | undefined)[] = [];
  Object.assign(stage.options, {
    learn: (next: string | undefined) => {
      learned.push(next);
      return Promise.resolve(next && `next is ${next}`);
    },
  });
  const visit = await stage.enter("lobby");
  assertEquals(learned, [undefined]);
  for (let n = 0; n < 20; n++) {
    await visit.peer.send({ type: "next", key: `${n}` });
  }
  await visit.peer.send({ type: "notice", text: "that is all" });
  for (let n = 0; n < 8; n++) {
    assertEquals((await visit.events.next("note")).text, `next is ${n}`);
  }
  await visit.events.next("message", { text: "that is all" });
  visit.peer.cut();
  const { retryInMs } = await visit.events.next("disconnected");
  stage.clock.advance(retryInMs);
  const peer = await stage.accept();
  const welcome = { type: "welcome", name: "ann", server: "s", version: "0" };
  await peer.send({ ...welcome, room: "", next: "n" });
  await visit.events.next("connected");
  assertEquals((await visit.events.next("note")).text, "next is n");
  assertEquals(learned.length, 10);
  await goodbye({ ...visit, peer });
});

test("does not try a first connection again", async () => {
  const stage = new Stage();
  stage.dialError = new ConfabError("connection", "refused");
  const error = await assertRejects(
    () => Client.connect(stage.options),
    ConfabError,
  );
  assertEquals([error.code, stage.clock.waiting], ["connection", 0]);
});

test("comes back after a cut, first soon and then later, up to 30 s", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  visit.peer.cut();
  const pauses: number[] = [];
  for (let failing = 0; failing < 8; failing++) {
    const { reason, retryInMs } = await visit.events.next("disconnected");
    assertEquals(reason, failing === 0 ? "" : "refused");
    pauses.push(retryInMs);
    stage.dialError = new ConfabError("connection", "refused");
    stage.clock.advance(retryInMs);
  }
  assertEquals(
    pauses,
    [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
  );
  const { peer } = await stage.reenter(visit, "lobby");
  stage.clock.advance(10_000);
  peer.cut();
  const { reason, retryInMs } = await visit.events.until("disconnected");
  assertEquals([reason, retryInMs], ["", 500]);
  await visit.client.close();
});

test("spreads its pauses by half", async () => {
  for (const [random, pause] of [[0, 250], [0.999, 750]] as const) {
    const stage = new Stage();
    const options = { ...stage.options, random: () => random };
    const connecting = Client.connect(options);
    const peer = await stage.accept();
    await peer.welcome("lobby");
    const client = await connecting;
    peer.cut();
    for await (const event of client) {
      if (event.kind !== "disconnected") continue;
      assertEquals(event.retryInMs, pause);
      await client.close();
    }
  }
});

test("resumes with what it has, under the name that it has by now", async () => {
  const stage = new Stage();
  Object.assign(stage.options, { hello: { name: "ann", password: "p" } });
  const visit = await stage.enter("lobby", "dev");
  await visit.peer.send(chat(1), chat(2), chat(1, { room: "dev" }));
  for (let n = 0; n < 3; n++) await visit.events.next("message");
  visit.peer.cut();
  const { peer, hello } = await stage.reenter(visit, "lobby", "dev");
  assertEquals(hello, {
    type: "hello",
    password: "p",
    resume: { lobby: { seq: 2, at: 1_002 }, dev: { seq: 1, at: 1_001 } },
    room: "lobby",
  });
  await goodbye({ ...visit, peer });
});

test("shows what is replayed once, and whether it was missed", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  await visit.peer.send(chat(1), chat(2));
  await visit.events.next("message", { seq: 1 });
  await visit.events.next("message", { seq: 2 });
  visit.peer.cut();
  const { peer } = await stage.reenter(visit, "lobby");
  await visit.events.until("history");
  await peer.send(history("lobby", [chat(2), chat(3)]), chat(3), chat(4));
  const { fresh, isReplay } = await visit.events.next("history");
  assertEquals([seqs(fresh), isReplay], [[3], true]);
  await visit.events.next("message", { seq: 4 });
  await goodbye({ ...visit, peer });
});

test("ends where another connection would only be refused", async () => {
  const stage = new Stage();
  const { peer, events, client } = await stage.enter("lobby");
  peer.cut();
  const { retryInMs } = await events.next("disconnected");
  stage.clock.advance(retryInMs);
  const next = await stage.accept();
  await next.expect({ type: "hello" });
  await next.send({ type: "error", code: "banned", text: "you are banned" });
  const { error } = await events.next("ended");
  assertEquals([error?.code, error?.message], [
    "banned",
    "server: you are banned",
  ]);
  await client.close();
});

// ---- Goodbyes ----

test("comes back after a restart when the server wants it to", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const bye = { type: "bye", code: "restart", text: "the server stops" };
  await visit.peer.send({ ...bye, reconnectAfterMs: 2_000 });
  const { reason, retryInMs } = await visit.events.next("disconnected");
  assertEquals([reason, retryInMs], ["server: the server stops", 2_000]);
  stage.clock.advance(2_000);
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  await peer.welcome("lobby");
  await visit.events.next("connected");
  stage.clock.advance(10_000);
  peer.cut();
  const next = await visit.events.until("disconnected");
  assertEquals([next.reason, next.retryInMs], ["", 500]);
  await visit.client.close();
});

test("ends with the words of every other goodbye", async () => {
  for (const code of ["closed", "kicked", "banned", "idle", "refused", "?"]) {
    const { peer, events, client } = await new Stage().enter("lobby");
    await peer.send({ type: "bye", code, text: `words of ${code}` });
    const { error } = await events.next("ended");
    assertEquals([error?.code, error?.message], [
      "closed",
      `server: words of ${code}`,
    ]);
    await client.close();
  }
});

test("says goodbye and ends without an error, what came before being heard", async () => {
  const stage = new Stage();
  const { client, peer, events } = await stage.enter("lobby");
  const closing = [client.close(), client.close()];
  await peer.expect({ type: "bye" });
  await peer.send(chat(1), BYE);
  await Promise.all(closing);
  await events.next("message", { seq: 1 });
  assertEquals((await events.next("ended")).error, undefined);
  assertEquals(stage.clock.waiting, 0);
  const late = client.request({ type: "chat", txt: "late" });
  const error = await assertRejects(() => late, ConfabError);
  assertEquals(error.code, "closed");
});

test("ends while it waits to connect again, and while it connects", async () => {
  const stage = new Stage();
  const waiting = await stage.enter("lobby");
  waiting.peer.cut();
  await waiting.events.next("disconnected");
  await waiting.client.close();
  await waiting.events.next("ended");
  const connecting = await stage.enter("lobby");
  connecting.peer.cut();
  const { retryInMs } = await connecting.events.next("disconnected");
  stage.clock.advance(retryInMs);
  await (await stage.accept()).expect({ type: "hello" });
  await connecting.client.close();
  await connecting.events.next("ended");
  assertEquals(stage.clock.waiting, 0);
});

// ---- Events that nobody takes ----

/** Says so many messages; the client reads until its queue is full. */
async function flood(peer: Peer, count: number): Promise<void> {
  for (let seq = 1; seq <= count; seq++) await peer.send(chat(seq));
  await eventLoopTurn();
}

test("reads no further while a thousand events wait", async () => {
  const visit = await new Stage().enter("lobby");
  await flood(visit.peer, 1_000);
  const notRead = { type: "here", room: "dev" };
  await visit.peer.send(notRead);
  await eventLoopTurn();
  assertEquals(visit.client.current, "lobby");
  await visit.events.next("message", { seq: 1 });
  await eventLoopTurn();
  assertEquals(visit.client.current, "dev");
  await goodbye(visit);
});

test("ends when it is closed, though its events are not taken", async () => {
  const stage = new Stage();
  const { client, peer } = await stage.enter("lobby");
  await flood(peer, 1_500);
  const closing = client.close();
  await peer.expect({ type: "bye" });
  await peer.send(BYE);
  await closing;
  assertEquals(stage.clock.waiting, 0);
});

test("ends when it is closed, though the server says more than can be kept", async () => {
  const { client, peer } = await new Stage().enter("lobby");
  await flood(peer, 11_000);
  await client.close();
});

test("reads on for one who waits for an answer and takes no events meanwhile", async () => {
  const visit = await new Stage().enter("lobby");
  const { client, peer } = visit;
  await flood(peer, 1_500);
  const asking = client.request({ type: "command", name: "topic" });
  const { id } = await peer.expect({ type: "command" });
  await peer.send({ type: "notice", text: "no topic", id });
  assertEquals((await asking).type, "notice");
  await goodbye(visit);
});

// ---- Requests ----

test("gives answers to those who ask, and shows them to nobody else", async () => {
  const visit = await new Stage().enter("lobby");
  const { client, peer, events } = visit;
  const said = client.request({ type: "chat", txt: "hi" });
  assertEquals(await peer.next(), {
    type: "chat",
    txt: "hi",
    room: "lobby",
    id: "id-1",
  });
  const ack = { type: "ack", id: "id-1", room: "lobby", seq: 1, at: 9 };
  const page = client.request({ type: "history", room: "lobby", before: 9 });
  await peer.expect({ type: "history", before: 9, id: "id-2" });
  const who = client.request({ type: "command", name: "users" });
  await peer.expect({ type: "command", name: "users", id: "id-3" });
  assertEquals(client.waiting.map(({ id }) => id), ["id-1", "id-2", "id-3"]);
  const muted = client.request({ type: "chat", txt: "ho", to: "bob", id: "x" });
  assertEquals(await peer.next(), {
    type: "chat",
    txt: "ho",
    to: "bob",
    id: "x",
  });
  await peer.send(
    ack,
    history("lobby", [chat(1)], { id: "id-2" }),
    { ...users("lobby"), id: "id-3" },
    { type: "error", code: "muted", text: "you are muted", id: "x" },
    chat(2),
  );
  assertEquals(await said as Message, ack);
  assertEquals((await page).type, "history");
  assertEquals((await who).type, "users");
  await assertRejects(() => muted, ConfabError, "you are muted");
  await events.next("message", { seq: 2 });
  assertEquals(client.waiting, []);
  await goodbye(visit);
});

test("says after a cut again what was not acknowledged, and fails what asks", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby", "dev");
  const { client } = visit;
  const saying = client.request({ type: "chat", txt: "hi" });
  const asking = client.request({ type: "command", name: "topic" });
  visit.peer.cut();
  const error = await assertRejects(() => asking, ConfabError);
  assertEquals(error.code, "closed");
  const { peer } = await stage.reenter(visit, "dev", "lobby");
  // It goes to where it was said.
  assertEquals(await peer.next(), {
    type: "chat",
    txt: "hi",
    room: "lobby",
    id: "id-1",
  });
  await peer.send({ type: "ack", id: "id-1", room: "lobby", seq: 1, at: 9 });
  assertEquals((await saying).type, "ack");
  await goodbye({ ...visit, peer });
});

test("takes its own words in a replay for their answer, and shows them no second time", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const { client, events } = visit;
  const saying = client.request({ type: "chat", txt: "hi" });
  await visit.peer.expect({ type: "chat", id: "id-1" });
  visit.peer.cut();
  const { peer } = await stage.reenter(visit, "lobby");
  await events.until("history");
  const own = chat(2, { from: "ann", txt: "hi", id: "id-1" });
  const elsewhere = chat(3, { from: "ann", id: "of-another-connection" });
  await peer.send(history("lobby", [chat(1), own, elsewhere]));
  assertEquals(await saying as Message, own);
  assertEquals(seqs((await events.next("history")).fresh), [1, 2, 3]);
  // The ack of what was sent again, and the same live, say nothing new.
  const ack = { type: "ack", id: "id-1", room: "lobby", seq: 2, at: 1_002 };
  await peer.send(ack, own, chat(4));
  await events.next("message", { seq: 4 });
  await goodbye({ ...visit, peer });
});

test("takes its own words that come live before their ack for their answer", async () => {
  const visit = await new Stage().enter("lobby");
  const { client, peer, events } = visit;
  const saying = client.request({ type: "chat", txt: "hi" });
  await peer.expect({ type: "chat", id: "id-1" });
  await peer.send(chat(1, { from: "ann", id: "id-1" }), chat(2));
  assertEquals((await saying).type, "chat");
  await events.next("message", { seq: 1 });
  await events.next("message", { seq: 2 });
  await goodbye(visit);
});

test("answers when it was asked to after the events that came before the answer", async () => {
  const visit = await new Stage().enter("lobby");
  const { client, peer, events } = visit;
  const saying = client.request(
    { type: "chat", txt: "hi" },
    { settles: "after-events" },
  );
  let isSettled = false;
  void saying.then(() => isSettled = true);
  await peer.expect({ type: "chat", id: "id-1" });
  const ack = { type: "ack", id: "id-1", room: "lobby", seq: 2, at: 9 };
  await peer.send(chat(1), ack, chat(3));
  assert(!isSettled);
  await events.next("message", { seq: 1 });
  assert(!isSettled);
  await events.next("message", { seq: 3 });
  assert(isSettled);
  await goodbye(visit);
});

test("resumes after its own words", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const saying = visit.client.request({ type: "chat", txt: "hi" });
  await visit.peer.expect({ type: "chat" });
  const ack = { type: "ack", id: "id-1", room: "lobby", seq: 1, at: 9 };
  await visit.peer.send(ack);
  await saying;
  visit.peer.cut();
  const { peer, hello } = await stage.reenter(visit, "lobby");
  assertEquals(hello.resume, { lobby: { seq: 1, at: 9 } });
  await goodbye({ ...visit, peer });
});

test("skips a type that it does not know, and resumes behind it without a time", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const edited = { type: "edited", room: "lobby", target: 1, seq: 2, at: 9 };
  await visit.peer.send(chat(1), edited, { type: "other", id: 7 }, users("x"));
  await visit.events.next("message", { seq: 1 });
  await visit.events.next("message", { type: "users" });
  visit.peer.cut();
  const { peer, hello } = await stage.reenter(visit, "lobby");
  assertEquals((hello.resume as Message).lobby, { seq: 2 });
  await goodbye({ ...visit, peer });
});

test("counts what says that something was deleted, and what is left of that", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const gone = { type: "gone", room: "lobby", seq: 2, at: 8 };
  const deleted = {
    ...gone,
    type: "deleted",
    target: 2,
    by: "x",
    seq: 3,
    at: 9,
  };
  await visit.peer.send(chat(1), gone, deleted, deleted);
  await visit.events.next("message", { seq: 1 });
  await visit.events.next("message", { type: "gone" });
  await visit.events.next("message", { type: "deleted", target: 2 });
  visit.peer.cut();
  const { peer, hello } = await stage.reenter(visit, "lobby");
  assertEquals((hello.resume as Message).lobby, { seq: 3, at: 9 });
  await goodbye({ ...visit, peer });
});

test("tells without an answer, and without a connection nothing", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  visit.client.tell({ type: "read", room: "lobby", seq: 3 });
  assertEquals(await visit.peer.next(), {
    type: "read",
    room: "lobby",
    seq: 3,
  });
  visit.peer.cut();
  const { retryInMs } = await visit.events.next("disconnected");
  visit.client.tell({ type: "typing", room: "lobby" });
  stage.clock.advance(retryInMs);
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  await peer.welcome("lobby");
  await visit.events.next("connected");
  assert(visit.client.waiting.length === 0);
  await peer.send(chat(1));
  const closing = visit.client.close();
  await peer.expect({ type: "bye" });
  peer.cut();
  await closing;
});

// ---- Watching the server ----

test("asks to watch wherever one is, and gives what comes of it as events", async () => {
  const visit = await new Stage().enter("lobby");
  const { client, peer, events } = visit;
  const answer = client.request({ type: "watch", what: ["status", "log"] });
  const { id, ...asked } = (await peer.next())!;
  assertEquals(asked, { type: "watch", what: ["status", "log"] });
  const server = {
    ...{ name: "s", version: "1", since: 1, address: "", fingerprint: "f" },
    durability: "full",
  };
  const status = { type: "status", at: 5, server, numbers: { people: 2 } };
  await peer.send({ type: "ack", id }, status);
  assertEquals(await answer, { type: "ack", id } as Message);
  assertEquals((await events.next("message")).message, status as Message);
  const denied = client.request({ type: "watch", what: [] });
  const again = await peer.expect({ type: "watch", what: [] });
  const text = "only an administrator may watch the server";
  await peer.send({ type: "error", code: "not-allowed", text, id: again.id });
  const error = await assertRejects(() => denied, ConfabError, text);
  assertEquals(error.code, "not-allowed");
  await goodbye(visit);
});
