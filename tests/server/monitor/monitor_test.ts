/** A whole server, people over sealed connections, and what an administrator sees of it. */
import { assert, assertEquals } from "@std/assert";
import { KeptLog } from "../../../src/base/kept_log.ts";
import { NO_LOG } from "../../../src/base/log.ts";
import { fingerprint } from "../../../src/secure/fingerprint.ts";
import { generateKeyPair } from "../../../src/secure/x25519.ts";
import { Monitor } from "../../../src/server/monitor/monitor.ts";
import { Tap } from "../../../src/server/tap.ts";
import { NUMBERS, SERIES, type Status } from "../../../src/wire/watched.ts";
import { FakeClock, NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { TestSink } from "../_sink.ts";
import {
  type Caller,
  FAR,
  IDENTITY,
  Served,
  type ServedOptions,
} from "../_served.ts";

const test = testsOf("monitor");

const FACTS = {
  ...{ name: "s", version: "1", since: 1, address: "", fingerprint: "f" },
  durability: "process",
};
const ROOT = await generateKeyPair();
const ROOTS = await fingerprint(ROOT.publicKey);

function start(options: ServedOptions = {}): Promise<Served> {
  return Served.start({ admins: [ROOTS], ...options });
}

/** Root comes over a sealed connection, and has read what it was told then. */
async function root(served: Served): Promise<Caller> {
  const caller = await served.callSealed(ROOT, FAR);
  await caller.say({ type: "hello", name: "root" });
  caller.messages();
  return caller;
}

async function person(served: Served, name: string): Promise<Caller> {
  const caller = await served.callSealed(await generateKeyPair(), FAR);
  await caller.say({ type: "hello", name });
  caller.messages();
  return caller;
}

/** What of this type came since the last call. */
function of(caller: Caller, type: string): Record<string, unknown>[] {
  return caller.messages().filter((message) => message.type === type);
}

function statuses(caller: Caller): Status[] {
  return of(caller, "status") as unknown as Status[];
}

test("tells an administrator at once what the server is and does", async () => {
  await using served = await start({ name: "tea", durability: "full" });
  const admin = await root(served);
  await person(served, "ann");
  await served.call().say({ type: "hello", name: "guest" });
  await admin.say({ type: "watch", what: ["status"], id: "w" });
  const messages = admin.messages();
  const at = messages.findIndex(({ type }) => type === "ack");
  assertEquals(messages[at], { type: "ack", id: "w" });
  const status = messages.slice(at).find(({ type }) => type === "status");
  const { at: when, server, numbers, history } = status as unknown as Status;
  assertEquals(when, NOON_MS);
  assertEquals(server, {
    ...{ name: "tea", version: "1", since: NOON_MS, address: "" },
    fingerprint: await fingerprint(IDENTITY.publicKey),
    ...{ durability: "full", pid: Deno.pid },
  });
  const missing = NUMBERS.filter((name) => numbers[name] === undefined);
  assertEquals(missing, []);
  const { connections, people, guests, rooms, behind, isFull } = numbers;
  assertEquals([connections, people, guests, rooms, behind, isFull], [
    ...[3, 2, 1, 1, 0, 0],
  ]);
  assertEquals(numbers.connectedTotal, 3);
  assert(numbers.memoryBytes! > 10_000_000);
  assertEquals(Object.keys(history!.series), [...SERIES]);
});

test("counts just what was said, and keeps it as steps of ten seconds", async () => {
  await using served = await start();
  const admin = await root(served);
  const [ann, bob] = [await person(served, "ann"), await person(served, "bob")];
  await served.pass(10_000);
  // In the second step 5 are said, in the third none.
  for (let n = 0; n < 5; n++) await ann.say({ type: "chat", txt: `${n}` });
  assertEquals(of(bob, "chat").length, 5);
  await served.pass(20_000);
  admin.messages();
  await admin.say({ type: "watch", what: ["status"] });
  const first = statuses(admin)[0]!;
  const { stepMs, until, series } = first.history!;
  assertEquals([stepMs, until], [10_000, NOON_MS + 30_000]);
  assertEquals(series.messagesPerSecond, [0, 0.5, 0]);
  assertEquals(series.connections, [3, 3, 3]);
  assertEquals(series.connectedPerSecond, [0.3, 0, 0]);
  // Five, each to the two others; after 30 s these are asked for a sign of life.
  assertEquals(series.deliveriesPerSecond!.slice(1), [1, 0.2]);
  assertEquals(first.numbers.messagesTotal, 5);
  assertEquals(first.numbers.messagesPerSecond, 0);

  await ann.say({ type: "chat", txt: "more" });
  await served.pass(10_000);
  const later = statuses(admin);
  assertEquals(later.map(({ at }) => at - NOON_MS), [
    ...[31_000, 32_000, 33_000, 34_000, 35_000],
    ...[36_000, 37_000, 38_000, 39_000, 40_000],
  ]);
  assertEquals(later[0]!.numbers.messagesPerSecond, 0.1);
  assertEquals(later[0]!.history, undefined);
  const steps = later.filter(({ step }) => step !== undefined);
  assertEquals(steps.length, 1);
  const { step } = later.at(-1)!;
  assertEquals(step!.until, NOON_MS + 40_000);
  assertEquals(step!.values.messagesPerSecond, 0.1);
});

test("keeps an hour and no more, with steps for the time that a machine has slept", async () => {
  await using served = await start();
  const admin = await root(served);
  const ann = await person(served, "ann");
  await ann.say({ type: "chat", txt: "one" });
  served.clock.stall(40_000);
  await admin.say({ type: "watch", what: ["status"] });
  const slept = statuses(admin)[0]!.history!;
  // One look after 40 s: each of the four steps has a share of what was said.
  assertEquals(slept.series.messagesPerSecond, [0.025, 0.025, 0.025, 0.025]);
  assertEquals(slept.until, NOON_MS + 40_000);
  served.clock.stall(4_000_000);
  const again = await root(served);
  await again.say({ type: "watch", what: ["status"] });
  const { series } = statuses(again)[0]!.history!;
  assertEquals(
    SERIES.map((name) => series[name]!.length),
    SERIES.map(() => 360),
  );
});

test("shows connections and the log, and neither to anybody who is no administrator", async () => {
  await using served = await start();
  const admin = await root(served);
  const other = await root(served);
  const eve = await person(served, "eve");
  const guest = served.call();
  await guest.say({ type: "hello", name: "gus" });
  guest.messages();
  const what = ["status", "connections", "log"];
  for (const one of [admin, other]) await one.say({ type: "watch", what });
  for (const one of [eve, guest]) {
    await one.say({ type: "watch", what, id: "w" });
    const [answer] = of(one, "error");
    assertEquals([answer!.code, answer!.id], ["not-allowed", "w"]);
  }
  const ann = await person(served, "ann");
  await ann.say({ type: "chat", txt: "the secret of the house" });
  await served.pass(3_000);
  const seen = admin.messages();
  const [first, second] = seen.filter(({ type }) => type === "connections");
  const names = (message: typeof first) =>
    (message!.connections as { name: string }[]).map(({ name }) => name);
  assertEquals(names(first), ["gus", "eve", "root", "root"]);
  assertEquals(names(second), ["ann", "gus", "eve", "root", "root"]);
  const [log] = seen.filter(({ type }) => type === "log");
  const [line] = log!.entries as Record<string, unknown>[];
  assertEquals(line, {
    ...{ at: NOON_MS, level: "info", event: "connected" },
    fields: { id: "1/1", peer: "192.0.2.7", sealed: true },
  });
  assertEquals(typesIn(seen), typesIn(other.messages()));
  const text = JSON.stringify(seen.filter(({ type }) => type !== "chat"));
  assert(!text.includes("the secret of the house"));
  for (const one of [eve, guest]) {
    const types = new Set(one.types());
    for (const type of what) assert(!types.has(type), type);
  }
});

function typesIn(messages: Record<string, unknown>[]): unknown[] {
  const watched = ["status", "connections", "log"];
  return messages.map(({ type }) => type).filter((type) =>
    watched.includes(type as string)
  );
}

test("says nothing more to one who is no administrator any more", async () => {
  const admins: string[] = [ROOTS];
  await using served = await start({ admins, adminLink: "on" });
  const link = served.server.adminLink;
  const invite = new URL(link).searchParams.get("t");
  const admin = await root(served);
  const ann = await served.callSealed(await generateKeyPair(), FAR);
  await ann.say({ type: "hello", name: "ann", invite });
  await ann.say({ type: "watch", what: ["status", "log", "connections"] });
  await served.pass(1_000);
  assert(statuses(ann).length === 2);
  await admin.say({ type: "command", name: "server", args: "deadmin ann" });
  await served.pass(3_000);
  ann.messages();
  await served.pass(11_000);
  assertEquals(typesIn(ann.messages()), []);
});

test("keeps nothing of a watcher whose connection is over, and no timer when it stops", () => {
  const clock = new FakeClock();
  const tap = new Tap();
  const log = new KeptLog(NO_LOG, () => clock.wall());
  const monitor = new Monitor({
    ...{ clock, tap, log, rooms: () => 0 },
    server: () => FACTS,
    space: () => ({ usedBytes: 1, isFull: true, freeBytes: 2 }),
    memory: () => ({ rss: 3, heapUsed: 4 }),
  });
  const [gone, here] = [new TestSink(), new TestSink()];
  monitor.watch("1/1", ["status", "log"], gone);
  monitor.watch("1/2", ["status", "log"], here);
  const before = gone.queued.length;
  tap.disconnected("1/1", "cut");
  log.info("a line");
  clock.advance(1_000);
  monitor.tick();
  assertEquals([gone.queued.length, here.queued.length], [before, before + 2]);
  const { isFull, diskUsedBytes, diskFreeBytes, heapBytes } = monitor.numbers();
  assertEquals([isFull, diskUsedBytes, diskFreeBytes, heapBytes], [1, 1, 2, 4]);
  assert(!("diskLimitBytes" in monitor.numbers()));
  log.info("another");
  monitor.stop();
  log.info("and another");
  assertEquals(clock.waiting, 0);
});

test("gives this process the same, whether anybody watches or not", async () => {
  await using served = await start();
  await person(served, "ann");
  const { monitor } = served.server;
  assertEquals(monitor.server().version, "1");
  assertEquals(monitor.numbers().people, 1);
  await person(served, "bob");
  await served.pass(1_000);
  assertEquals(monitor.numbers().people, 2);
});
