/** Connections of a whole server, from their first byte to their end; whatever carries them. */
import { assertEquals } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import type { Commit, Entry } from "../../src/store/store.ts";
import { eventLoopTurn, NOON_MS } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { keysInUse } from "../secure/_keys_in_use.ts";
import { testsOf } from "../_testing.ts";
import { type Caller, FAR, Served } from "./_served.ts";

const test = testsOf("connections");
const ANN = await generateKeyPair();
const BOB = await generateKeyPair();

test("serves whatever transport it is given", async () => {
  await using it = await Served.start();
  const ann = it.call();
  const bob = it.call();
  await ann.say("HELLO ann");
  await bob.say({ type: "hello", name: "bob" });
  assertEquals(ann.text(), "OK ann\nJOIN bob\n");
  assertEquals(bob.types(), ["welcome", "here", "users", "history"]);
  await ann.say("MSG ann hi bob");
  const [chat] = bob.messages();
  assertEquals([chat?.type, chat?.from, chat?.txt], ["chat", "ann", "hi bob"]);
  await ann.say("BYE");
  await ann.transport.closeWrite();
  await eventLoopTurn();
  assertEquals([ann.isOver, ann.isServed, bob.isServed], [true, true, false]);
  assertEquals(bob.types(), ["left"]);
});

test("counts as idle who says nothing but signs of life", async () => {
  await using it = await Served.start();
  const ann = await it.callSealed(ANN, FAR);
  await ann.say({ type: "hello", name: "ann" });
  const idle = () => it.server.tap.connections()[0]!.idleMs;
  await it.pass(7_000);
  await ann.say(
    ...[{ type: "ping", t: 1 }, { type: "read", room: "lobby", seq: 0 }],
    { type: "watch", what: [] },
  );
  assertEquals(idle(), 7_000);
  await ann.say({ type: "typing", room: "lobby" });
  assertEquals(idle(), 0);
});

test("shows who is there: what they speak, who they are, and since when", async () => {
  await using it = await Served.start({ node: "n2" });
  const ann = await it.callSealed(ANN, FAR);
  await ann.say({ type: "hello", name: "ann" });
  await it.pass(5_000);
  const bob = it.call();
  await bob.say("HELLO bob");
  const queuedBytes = 0;
  assertEquals(it.server.tap.connections(), [
    {
      id: "n2/1",
      peer: "192.0.2.7",
      dialect: "json",
      key: await fingerprint(ANN.publicKey),
      name: "ann",
      isEncrypted: true,
      since: NOON_MS,
      rooms: ["lobby"],
      isBehind: false,
      idleMs: 5_000,
      queuedBytes,
    },
    {
      id: "n2/2",
      peer: "127.0.0.1",
      dialect: "hello",
      name: "bob",
      isEncrypted: false,
      since: NOON_MS + 5_000,
      rooms: ["lobby"],
      isBehind: false,
      idleMs: 0,
      queuedBytes,
    },
  ]);
  await bob.say("/name bea", "/leave");
  const [, { name, rooms }] = it.server.tap.connections() as [
    unknown,
    { name: string; rooms: string[] },
  ];
  assertEquals([name, rooms], ["bea", []]);
});

test("counts what all say, also while one of them waits for its rate", async () => {
  await using it = await Served.start();
  const [ann, bob] = [it.call(), it.call()];
  const chats = Array.from({ length: 25 }, () => ({ type: "chat", txt: "x" }));
  await ann.say({ type: "hello" }, ...chats);
  await bob.say({ type: "hello" }, ...chats.slice(0, 3));
  assertEquals(it.server.tap.counters.messagesIn, 4);
  await it.pass(1_000);
  assertEquals(it.server.tap.counters.messagesIn, 30);
  const { turns, commits, entries } = it.server.tap.counters;
  assertEquals([entries, turns >= commits, commits > 0], [28, true, true]);
});

// ---- Opening ----

test("waits 10 s for the first bytes of one from elsewhere, an hour on this machine", async () => {
  await using it = await Served.start();
  const far = it.call(FAR);
  const near = it.call();
  await it.pass(9_000);
  assertEquals(far.isOver, false);
  await it.pass(1_000);
  assertEquals([far.isOver, far.isServed, far.text()], [true, true, ""]);
  await it.pass(3_589_000);
  assertEquals(near.isOver, false);
  await it.pass(1_000);
  assertEquals(near.isOver, true);
});

test("gives 10 s to one that is sealed, on this machine, too", async () => {
  await using it = await Served.start();
  await it.pass(60_000);
  const ann = await it.callSealed(ANN);
  await it.pass(9_000);
  assertEquals(ann.isOver, false);
  await it.pass(1_000);
  const [bye] = ann.messages();
  assertEquals([bye?.type, bye?.code, ann.isOver], ["bye", "idle", true]);
});

test("refuses those who are not encrypted and come from elsewhere, and counts why", async () => {
  await using it = await Served.start();
  const [plain, web] = [it.call(FAR), it.call(FAR)];
  await plain.say("HELLO ann");
  await web.say("GET / HTTP/1.1");
  assertEquals(
    plain.text(),
    "ERR PLAINTEXT_REFUSED this server accepts sealed connections only: use `confab join`\n",
  );
  assertEquals(web.text().split("\r\n")[0], "HTTP/1.1 501 Not Implemented");
  assertEquals([...it.server.tap.counters.refused], [
    ["plaintext-refused", 1],
    ["http", 1],
  ]);
  // They may read for a second, and no longer.
  assertEquals([plain.isOver, plain.isServed], [true, false]);
  await it.pass(1_000);
  assertEquals(plain.isServed, true);
});

test("says busy to one more than there may be", async () => {
  await using it = await Served.start({ maxConnections: 1 });
  const [first, second] = [it.call(), it.call(FAR)];
  await eventLoopTurn();
  assertEquals(second.messages(), [{
    type: "error",
    code: "busy",
    text: "the server is full: try again later",
  }]);
  assertEquals([...it.server.tap.counters.refused], [["full", 1]]);
  first.transport.close();
  await eventLoopTurn();
  const third = it.call();
  await third.say("HELLO cid");
  assertEquals(third.text(), "OK cid\n");
});

test("makes the oldest make way when too many are not ready, before its session and in it", async () => {
  await using it = await Served.start();
  const silent = it.call();
  const halfway = await it.callSealed(ANN);
  const ready = it.call();
  await ready.say("HELLO ann");
  for (let n = 0; n < 254; n++) it.call();
  await eventLoopTurn();
  assertEquals(silent.isOver, false);
  it.call();
  await eventLoopTurn();
  const text = "the server is busy: try again later";
  assertEquals(silent.messages(), [{ type: "error", code: "busy", text }]);
  assertEquals([silent.isOver, halfway.isOver], [true, false]);
  it.call();
  await eventLoopTurn();
  const bye = { type: "bye", code: "refused", text };
  assertEquals([halfway.messages(), halfway.isOver], [[bye], true]);
  assertEquals(ready.isOver, false);
});

// ---- What is stored ----

/** A message that another process writes. */
function foreign(seq: number, body: string): Commit {
  const entry: Entry = {
    room: "lobby",
    seq,
    at: NOON_MS,
    from: "zoe",
    kind: "text",
    body,
  };
  return {
    appends: [{ room: "lobby", expectedHead: seq - 1, entries: [entry] }],
    writes: [],
  };
}

/** Texts of chats. */
function texts(caller: Caller): unknown[] {
  return caller.messages().filter(({ type }) => type === "chat")
    .map(({ txt }) => txt);
}

test("brings what others write to the journal, once, and one's own only as it was", async () => {
  const store = new MemoryStore();
  await store.commit(foreign(1, "before"));
  await using it = await Served.start({ store });
  const [ann, bob] = [it.call(), it.call()];
  await ann.say({ type: "hello", name: "ann" });
  await bob.say({ type: "hello", name: "bob" });
  await bob.say({ type: "chat", txt: "own" });
  await store.commit(foreign(3, "from elsewhere"));
  await eventLoopTurn();
  assertEquals(texts(ann), ["own", "from elsewhere"]);
  await bob.say({ type: "chat", txt: "after" });
  assertEquals(texts(ann), ["after"]);
  assertEquals(it.log, []);
});

test("tells that the journal cannot be followed, and follows it again a second later", async () => {
  const store = new MemoryStore();
  const follow = store.follow.bind(store);
  store.follow = () => {
    store.follow = follow;
    const next = () =>
      Promise.reject(new ConfabError("store", "the disk is gone"));
    return { [Symbol.asyncIterator]: () => ({ next }) };
  };
  await using it = await Served.start({ store });
  const ann = it.call();
  await ann.say("HELLO ann");
  assertEquals(ann.text(), "OK ann\n");
  assertEquals(it.log, [
    ["journal not followed", { id: undefined, error: "the disk is gone" }],
  ]);
  await store.commit(foreign(1, "from elsewhere"));
  await eventLoopTurn();
  assertEquals(ann.text(), "");
  it.clock.advance(1_000);
  await eventLoopTurn();
  assertEquals(ann.text(), "MSG zoe from elsewhere\n");
});

test("lets a person's ids count again, from before the server was started", async () => {
  const store = new MemoryStore();
  const chat = { type: "chat", txt: "once", id: "a" };
  for (const _ of [1, 2]) {
    await using it = await Served.start({ store });
    const ann = await it.callSealed(ANN);
    await ann.say({ type: "hello", name: "ann" }, chat);
    const ack = ann.messages().find(({ type }) => type === "ack");
    assertEquals([ack?.id, ack?.seq], ["a", 1]);
  }
  assertEquals(store.headOf("lobby"), 1);
});

test("ends one whose past cannot be read", async () => {
  const store = new MemoryStore();
  store.recentOf = () =>
    Promise.reject(new ConfabError("store", "the disk is gone"));
  await using it = await Served.start({ store });
  const ann = await it.callSealed(ANN);
  await ann.say({ type: "hello", name: "ann" });
  assertEquals(ann.types()[0], "welcome");
  await ann.say({ type: "chat", txt: "once", id: "a" });
  assertEquals(ann.messages(), [{
    type: "bye",
    code: "refused",
    text: "the server cannot read its history now: come back later",
  }]);
  assertEquals(it.log, [
    ["journal not read", { id: "1/1", error: "the disk is gone" }],
  ]);
});

test("fails what one has under way when a message of that turn was not stored", async () => {
  const store = new MemoryStore();
  await using it = await Served.start({ store });
  const ann = it.call();
  await ann.say({ type: "hello", name: "ann" });
  ann.messages();
  store.commit = () => Promise.reject(new ConfabError("store", "disk full"));
  // The rate lets 20 be said at once; the others wait when the turn of these fails.
  const chats = Array.from({ length: 22 }, (_, n) => ({
    type: "chat",
    txt: `${n}`,
    id: `${n}`,
  }));
  await ann.say(...chats);
  store.commit = MemoryStore.prototype.commit;
  await it.pass(1_000);
  await ann.say({ type: "chat", txt: "again", id: "again" });
  const answers = ann.messages().map(({ type, id, code }) => [type, id, code]);
  assertEquals(answers, [
    ...chats.map(({ id }) => ["error", id, "not-stored"]),
    ["ack", "again", undefined],
  ]);
  assertEquals(it.log.map(([event]) => event), [
    "NOT STORED: messages were refused",
    "storing works again",
  ]);
});

// ---- The end ----

test("says goodbye to all when it stops, closes who has no session, and serves nobody more", async () => {
  const it = await Served.start();
  const [ann, silent] = [it.call(), it.call()];
  await ann.say({ type: "hello", name: "ann" });
  ann.messages();
  const stopped = it.server.stop();
  await eventLoopTurn();
  assertEquals(ann.messages(), [{
    type: "bye",
    code: "restart",
    text: "the server stops",
    reconnectAfterMs: 1_000,
  }]);
  assertEquals([ann.isOver, silent.isOver], [true, true]);
  ann.transport.close();
  await stopped;
  const late = it.call();
  await eventLoopTurn();
  assertEquals([late.isOver, late.isServed, it.clock.waiting], [true, true, 0]);
});

test("stops by itself when an administrator orders it and whoever runs it has not asked to be told", async () => {
  const admins = ["SHA256:adm"];
  const it = await Served.start({ admins });
  const adm = it.call({ key: "SHA256:adm" });
  await adm.say({ type: "hello", name: "adm" });
  adm.messages();
  await adm.say({ type: "chat", txt: "/server stop soon back", id: "1" });
  const heard = adm.messages();
  assertEquals(heard.map(({ type }) => type), ["ack", "bye"]);
  assertEquals(heard[1]!.text, "the server stops: soon back");
  adm.transport.close();
  await it.server.stop();
  assertEquals(it.clock.waiting, 0);
});

test("tells whoever runs it that an administrator orders a stop, and goes on until that stops it", async () => {
  const ordered: unknown[] = [];
  await using it = await Served.start({
    admins: ["SHA256:adm"],
    onStop: (request) => ordered.push(request),
  });
  const adm = it.call({ key: "SHA256:adm" });
  await adm.say({ type: "hello", name: "adm" });
  await adm.say({ type: "chat", txt: "/server stop", id: "1" });
  adm.messages();
  await adm.say({ type: "chat", txt: "still here", id: "2" });
  assertEquals(adm.messages().map(({ type }) => type), ["ack"]);
  assertEquals(ordered, [{ by: "adm" }]);
});

test("waits no longer than 5 s for those who do not end", async () => {
  const it = await Served.start();
  const ann = it.call();
  await ann.say({ type: "hello", name: "ann" });
  let isStopped = false;
  const stopped = it.server.stop().then(() => isStopped = true);
  await eventLoopTurn();
  await it.pass(4_000);
  assertEquals(isStopped, false);
  await it.pass(1_000);
  await stopped;
  assertEquals([ann.isServed, it.server.connections], [true, 0]);
});

test("overwrites the keys of connections, however they end", async () => {
  const before = keysInUse();
  await using it = await Served.start();
  const ann = await it.callSealed(ANN);
  await ann.say({ type: "hello", name: "ann" });
  await ann.say({ type: "bye" });
  await ann.transport.closeWrite();
  const bob = await it.callSealed(BOB);
  bob.transport.close();
  await it.pass(6_000);
  while (!ann.isServed || !bob.isServed) await eventLoopTurn();
  ann.transport.close();
  assertEquals(keysInUse(), before);
});

test("ends a connection that a fault of the server meets when it begins", async () => {
  const before = keysInUse();
  await using it = await Served.start();
  it.server.tap.subscribe(({ kind }) => {
    if (kind === "connected") throw new Error("a fault");
  });
  const ann = await it.callSealed(ANN);
  while (!ann.isServed || !ann.isOver) await eventLoopTurn();
  assertEquals(it.server.connections, 0);
  ann.transport.close();
  assertEquals(keysInUse(), before);
});

// ---- A directory that cannot be read ----

/** A store whose records cannot be read for a while. */
class Unreadable extends MemoryStore {
  isBroken = false;

  override record(kind: string, key: string) {
    if (this.isBroken) throw new ConfabError("store", "the disk is gone");
    return super.record(kind, key);
  }
}

test("tells those who come while no records can be read to come later, and serves on", async () => {
  const store = new Unreadable();
  await using it = await Served.start({ store });
  store.isBroken = true;
  const far = it.call(FAR);
  for (let n = 0; n < 5; n++) await eventLoopTurn();
  assertEquals(far.messages().map(({ code }) => code), ["busy"]);
  assertEquals([far.isOver, it.server.connections], [true, 0]);
  assertEquals(it.log.map(([event]) => event), ["a connection failed"]);
  store.isBroken = false;
  const ann = await it.callSealed(ANN, FAR);
  await ann.say({ type: "hello", name: "ann" });
  assertEquals(ann.types()[0], "welcome");
});

test("lets the hub know of an end as soon as it can take it in", async () => {
  const store = new Unreadable();
  await using it = await Served.start({ store });
  const ann = await it.callSealed(ANN, FAR);
  await ann.say({ type: "hello", name: "ann", room: "" });
  // What others write makes the hub ask anew.
  await store.commit(foreign(1, "from elsewhere"));
  for (let n = 0; n < 5; n++) await eventLoopTurn();
  store.isBroken = true;
  ann.transport.close();
  for (let n = 0; n < 15; n++) await eventLoopTurn();
  assertEquals([ann.isServed, it.server.connections], [true, 0]);
  const failed = () => it.log.filter(([, fields]) => fields?.id === "1/1");
  assertEquals(failed().length, 1);
  await it.pass(2_000);
  assertEquals(failed().length, 3);
  store.isBroken = false;
  await it.pass(2_000);
  assertEquals(failed().length, 3);
});
