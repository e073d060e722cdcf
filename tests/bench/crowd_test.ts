/** Simulated people at a real server, and a relay that does what a server must not do. */
import { assert, assertEquals } from "@std/assert";
import { NO_LOG } from "../../src/base/log.ts";
import { Crowd } from "../../src/bench/crowd.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { Server } from "../../src/server/server.ts";
import { MemoryStore } from "../_memory_store.ts";
import { testsOf } from "../_testing.ts";
import { type Mangle, Mangler } from "./_mangler.ts";

const test = testsOf("a crowd", { net: ["127.0.0.1"] });

/** Everybody talks this much: ten messages a second each. */
const TALK = { seconds: 0.5, perMinute: 600 };

async function served(): Promise<Server> {
  return await Server.start({
    store: new MemoryStore(),
    log: NO_LOG,
    version: "1",
    identity: await generateKeyPair(),
    hostname: "127.0.0.1",
    port: 0,
    rate: 0,
    perAddress: 0,
  });
}

function crowdAt(port: number, isSealed: boolean, rooms = 2): Crowd {
  const all = { thread: 0, threads: 1 };
  return new Crowd({ port, isSealed, rooms, ...all, stallMs: 2_000 });
}

for (const isSealed of [true, false]) {
  const how = isSealed ? "sealed" : "plain";
  test(`${how}: comes, talks, and each message reaches all others in its room`, async () => {
    await using server = await served();
    const crowd = crowdAt(server.address.port, isSealed);
    assertEquals(await crowd.gather({ people: 10, seconds: 10 }), undefined);
    assertEquals([crowd.size, server.connections], [10, 10]);
    const { messages } = await crowd.talk(TALK);
    const { isComplete, latencies } = await crowd.finish();
    assert(messages > 0 && isComplete);
    // Two rooms of five: four others hear each message.
    const deliveries = latencies.counts.reduce((sum, count) => sum + count, 0);
    assertEquals(deliveries, 4 * messages);
    await crowd.gather({ people: 3, seconds: 10 });
    assertEquals(crowd.size, 3);
    assertEquals(crowd.faults, { count: 0, first: [] });
    await crowd.close();
  });
}

test("fills one room with talk, a window of messages at a time", async () => {
  await using server = await served();
  const crowd = crowdAt(server.address.port, true);
  const flood = { window: 8, seconds: 0.3 };
  assertEquals(await crowd.fill({ people: 5, seconds: 10 }), undefined);
  const { messages } = await crowd.flood(flood);
  const { isComplete, latencies } = await crowd.finish();
  assert(messages > flood.window && isComplete);
  const deliveries = latencies.counts.reduce((sum, count) => sum + count, 0);
  assertEquals(deliveries, 4 * messages);
  assertEquals(crowd.faults.count, 0);
  await crowd.close();
});

/** What is wrong when a relay changes what the first person of five gets; without the words. */
async function faultsWith(mangle: Mangle): Promise<unknown[]> {
  await using server = await served();
  await using relay = new Mangler(
    server.address.port,
    (person, message) =>
      person === "p0-1" && message.type === "chat"
        ? mangle(person, message)
        : [message],
  );
  const crowd = crowdAt(relay.port, false, 1);
  assertEquals(await crowd.gather({ people: 5, seconds: 10 }), undefined);
  await crowd.talk(TALK);
  await crowd.finish();
  const { first } = crowd.faults;
  await crowd.close();
  return first.map(({ kind, member, room, seq }) => [kind, member, room, seq]);
}

test("finds a delivery that was dropped", async () => {
  let dropped: unknown;
  const faults = await faultsWith((_, message) => {
    if (dropped !== undefined) return [message];
    dropped = message.seq;
    return [];
  });
  assert(dropped !== undefined);
  assertEquals(faults, [["missing", "p0-1", "room0", dropped]]);
});

test("finds a delivery that came twice", async () => {
  let repeated: unknown;
  const faults = await faultsWith((_, message) => {
    if (repeated !== undefined) return [message];
    repeated = message.seq;
    return [message, message];
  });
  assert(repeated !== undefined);
  assertEquals(faults, [["repeated", "p0-1", "room0", repeated]]);
});

test("finds two deliveries in the wrong order", async () => {
  const held: Record<string, unknown>[] = [];
  const faults = await faultsWith((_, message) => {
    if (held.length === 2) return [message];
    held.push(message);
    return held.length === 2 ? held.toReversed() : [];
  });
  assertEquals(faults, [["out of order", "p0-1", "room0", held[0]!.seq]]);
});

test("finds a delivery with another text", async () => {
  let changed: unknown;
  const faults = await faultsWith((_, message) => {
    if (changed !== undefined) return [message];
    changed = message.seq;
    return [{ ...message, txt: `${message.txt}!` }];
  });
  assert(changed !== undefined);
  assertEquals(faults, [["wrong text", "p0-1", "room0", changed]]);
});

test("finds a connection that ended unasked", async () => {
  const faults = await faultsWith(() => [
    { type: "bye", code: "restart", text: "the server stops" },
    { type: "error", code: "busy", text: "and says no more" },
  ]);
  assertEquals((faults as string[][])[0]!.slice(0, 3), [
    "ended",
    "p0-1",
    "room0",
  ]);
});

test("says why nobody more can come", async () => {
  const server = await served();
  const { port } = server.address;
  await server.stop();
  const crowd = crowdAt(port, true);
  const refused = await crowd.gather({ people: 5, seconds: 10 });
  assert(/refused/i.test(refused ?? ""), refused);
  assertEquals(crowd.size, 0);
});

test("stops talking and coming when it is halted", async () => {
  await using server = await served();
  const crowd = crowdAt(server.address.port, true);
  await crowd.gather({ people: 5, seconds: 10 });
  crowd.halt();
  assertEquals(await crowd.gather({ people: 50, seconds: 10 }), undefined);
  assertEquals(crowd.size, 5);
  const { messages } = await crowd.talk({ ...TALK, seconds: 3_600 });
  assertEquals(messages, 0);
  await crowd.close();
});
