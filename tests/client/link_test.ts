import { assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { Link } from "../../src/client/link.ts";
import type { Transport } from "../../src/net/transport.ts";
import { testsOf } from "../_testing.ts";
import { eventLoopTurn, NOON_MS } from "../_fake_clock.ts";
import { memoryPair } from "../_memory_transport.ts";
import { chat, type Peer, Stage } from "./_stage.ts";
import { keysInUse } from "../secure/_keys_in_use.ts";

const test = testsOf("link");

const WELCOME = {
  type: "welcome",
  name: "ann",
  server: "test",
  version: "0",
  room: "lobby",
};
const NEVER = new AbortController().signal;

/** A link that is welcome, and its other end. */
async function open(stage: Stage): Promise<{ link: Link; peer: Peer }> {
  const opening = Link.open(stage.options, {}, NEVER);
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  await peer.send(WELCOME);
  return { link: await opening, peer };
}

/** A carrier that tells whether it was closed. */
function watched(): { transport: Transport; isClosed: () => boolean } {
  const [near] = memoryPair();
  let isClosed = false;
  const close = near.close.bind(near);
  near.close = () => {
    isClosed = true;
    close();
  };
  return { transport: near, isClosed: () => isClosed };
}

/** Reads to the end; gives the types of what came. */
async function typesOf(link: Link): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of link.messages()) types.push(type);
  return types;
}

test("says hello with what it is given, and is there with the welcome", async () => {
  const stage = new Stage();
  const hello = { name: "ann", room: "dev", resume: { dev: { seq: 3 } } };
  const opening = Link.open(stage.options, hello, NEVER);
  const peer = await stage.accept();
  assertEquals(await peer.next(), { type: "hello", ...hello });
  await peer.send({ type: "notice", text: "early" }, WELCOME);
  const link = await opening;
  assertEquals(link.welcome.name, "ann");
  link.abort();
  assertEquals(stage.clock.waiting, 0);
});

test("fails with the code and the words of a server that refuses the hello", async () => {
  const stage = new Stage();
  const opening = Link.open(stage.options, { name: "bob" }, NEVER);
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  await peer.send({ type: "error", code: "name-taken", text: "taken" });
  const error = await assertRejects(() => opening, ConfabError, "taken");
  assertEquals(error.code, "name-taken");
  assertEquals(await peer.next(), undefined);
  assertEquals(stage.clock.waiting, 0);
});

test("fails when the server says goodbye or ends before the welcome", async () => {
  for (
    const [end, words] of [
      [
        (peer: Peer) => peer.send({ type: "bye", code: "idle", text: "late" }),
        "late",
      ],
      [(peer: Peer) => peer.cut(), "the server ended the connection"],
    ] as const
  ) {
    const stage = new Stage();
    const opening = Link.open(stage.options, {}, NEVER);
    const peer = await stage.accept();
    await peer.expect({ type: "hello" });
    await end(peer);
    const error = await assertRejects(() => opening, ConfabError, words);
    assertEquals(error.code, "connection");
  }
});

test("overwrites the keys of a connection that comes to no welcome", async () => {
  const before = keysInUse();
  for (const end of ["refused", "cut", "late", "unwanted"]) {
    const stage = new Stage();
    const unwanted = new AbortController();
    const opening = Link.open(stage.options, {}, unwanted.signal);
    const peer = await stage.accept();
    await peer.expect({ type: "hello" });
    const refusal = { type: "error", code: "name-taken", text: "taken" };
    if (end === "refused") await peer.send(refusal);
    if (end === "cut") peer.cut();
    if (end === "late") stage.clock.advance(10_000);
    if (end === "unwanted") unwanted.abort();
    await assertRejects(() => opening);
    peer.cut();
    assertEquals(keysInUse(), before, end);
  }
});

test("gives up dialling after 10 s, and closes what was dialled by then", async () => {
  const stage = new Stage();
  const late = watched();
  let give = (_: Transport) => {};
  let given: AbortSignal | undefined;
  const dial = (signal: AbortSignal) => {
    given = signal;
    return new Promise<Transport>((resolve) => give = resolve);
  };
  const opening = Link.open({ ...stage.options, dial }, {}, NEVER);
  const failed = assertRejects(
    () => opening,
    ConfabError,
    "the server did not answer within 10 seconds",
  );
  stage.clock.advance(9_999);
  assertEquals(given?.aborted, false);
  stage.clock.advance(1);
  assertEquals((await failed).code, "connection");
  assertEquals(given?.aborted, true);
  give(late.transport);
  await eventLoopTurn();
  assertEquals(late.isClosed(), true);
});

test("gives up a server that does not say welcome within 10 s", async () => {
  const stage = new Stage();
  const opening = Link.open(stage.options, {}, NEVER);
  const failed = assertRejects(
    () => opening,
    ConfabError,
    "the server did not answer within 10 seconds",
  );
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  stage.clock.advance(10_000);
  assertEquals((await failed).code, "connection");
  assertEquals(await peer.next(), undefined);
});

test("gives up at once what nobody wants any more", async () => {
  const stage = new Stage();
  const given = new AbortController();
  const dialling = Link.open(
    { ...stage.options, dial: () => new Promise(() => {}) },
    {},
    given.signal,
  );
  const opening = Link.open(stage.options, {}, given.signal);
  const failed = [dialling, opening].map((one) => assertRejects(() => one));
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  given.abort();
  await Promise.all(failed);
  assertEquals(await peer.next(), undefined);
  assertEquals(stage.clock.waiting, 0);
});

test("fails as dialling does", async () => {
  const stage = new Stage();
  stage.dialError = new ConfabError("connection", "refused");
  const opening = Link.open(stage.options, {}, NEVER);
  await assertRejects(() => opening, ConfabError, "refused");
  assertEquals(stage.clock.waiting, 0);
});

test("ends with a message that is none", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  await peer.send(chat(1), { type: "chat", room: "lobby" }, chat(2));
  assertEquals(await typesOf(link), ["chat"]);
  assertEquals(await peer.next(), undefined);
});

test("answers a ping with its number, which nobody else hears of", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  const types = typesOf(link);
  await peer.send({ type: "ping", t: 42 }, { type: "pong", t: 7 }, chat(1));
  assertEquals(await peer.next(), { type: "pong", t: 42 });
  peer.cut();
  assertEquals(await types, ["chat"]);
});

test("asks a server for a sign of life after 30 s of silence, and every 30 s", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  const types = typesOf(link);
  assertEquals(link.pingedAt, undefined);
  stage.clock.advance(30_000);
  assertEquals(typeof link.pingedAt, "number");
  assertEquals(await peer.next(), { type: "ping", t: NOON_MS + 30_000 });
  stage.clock.advance(30_000);
  assertEquals(await peer.next(), { type: "ping", t: NOON_MS + 60_000 });
  link.abort();
  await types;
});

test("gives up a server that is silent for 90 s, and not before", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  const types = typesOf(link);
  stage.clock.advance(80_000);
  await peer.send({ type: "pong", t: 1 }, chat(1));
  await eventLoopTurn();
  stage.clock.advance(89_000);
  await peer.send(chat(2));
  await eventLoopTurn();
  stage.clock.advance(90_000);
  assertEquals(await types, ["chat", "chat"]);
  assertEquals(stage.clock.waiting, 0);
});

test("does not take its own silence for the server's", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  const messages = link.messages();
  await peer.send(chat(1));
  await messages.next();
  // Whoever has this message takes a long time.
  stage.clock.advance(300_000);
  await peer.send(chat(2));
  assertEquals((await messages.next()).value?.type, "chat");
  const end = messages.next();
  stage.clock.advance(90_000);
  assertEquals(await end, { done: true, value: undefined });
});

test("sends what is said at the same moment together, in order", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  link.send({ type: "typing", room: "lobby" });
  link.send({ type: "read", room: "lobby", seq: 3 });
  assertEquals((await peer.next())?.type, "typing");
  assertEquals((await peer.next())?.type, "read");
  link.abort();
});

test("says goodbye, and waits 5 s for the other end", async () => {
  const stage = new Stage();
  const { link, peer } = await open(stage);
  const messages = link.messages();
  link.bye();
  assertEquals(await peer.next(), { type: "bye" });
  await peer.send(chat(1), { type: "bye", code: "closed", text: "goodbye" });
  assertEquals((await messages.next()).value?.type, "chat");
  assertEquals((await messages.next()).value?.type, "bye");
  stage.clock.advance(5_000);
  assertEquals((await messages.next()).done, true);
  assertEquals(await peer.next(), undefined);
});
