/** What many keys at one address can do to a server, and what an office at one address may. */
import { assert, assertEquals } from "@std/assert";
import { memoryPair } from "../_memory_transport.ts";
import { MemoryStore } from "../_memory_store.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import type { TransportFacts } from "../../src/net/transport.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { type Caller, FAR, Served } from "./_served.ts";

const test = testsOf("strangers");
const PLAIN = { plaintext: "everywhere" } as const;
const MIB = 1_024 * 1_024;

/** The n-th address of a /48, each in a /64 of its own. */
function ofSite(n: number): Partial<TransportFacts> {
  const hostname = `2001:db8:1:${n.toString(16)}::7`;
  return { peer: { hostname, port: 7 }, isLocal: false };
}

/** So many enter, no more at a time than may. */
async function crowd(
  it: Served,
  count: number,
  factsOf: (n: number) => Partial<TransportFacts>,
  hello: (n: number) => string | object,
): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (let n = 0; n < count; n++) {
    if (n % 8 === 0) await it.pass(1_000);
    const caller = it.call(factsOf(n));
    await caller.say(hello(n));
    callers.push(caller);
  }
  return callers;
}

/** How many messages a reader got since it was last asked. */
function heard(reader: Caller): number {
  return reader.text().split("\n").filter((line) => /^MSG /.test(line)).length;
}

/** What 32 guests put before a reader in 10 s who say all that they can. */
async function flood(
  factsOf: (n: number) => Partial<TransportFacts>,
  options: { perAddress?: number } = {},
): Promise<number> {
  await using it = await Served.start({ ...PLAIN, ...options });
  const reader = it.call();
  await reader.say("HELLO reader");
  const all = await crowd(it, 32, factsOf, (n) => `HELLO guest${n}`);
  await it.pass(30_000);
  reader.text();
  for (const caller of all) await caller.say(...Array(300).fill("spam"));
  await it.clock.advanceSlowly(10_000, 20);
  return heard(reader);
}

test("with 32 keys at one address say together 100 messages and 30 a second", async () => {
  assertEquals(await flood(() => FAR), 100 + 30 * 10);
});

test("at the addresses of one IPv6 /48 say together three times that", async () => {
  assertEquals(await flood(ofSite), 300 + 90 * 10);
});

test("say what their persons may where no address is counted", async () => {
  const local = { isLocal: true };
  assertEquals(await flood(() => local), 32 * (20 + 10 * 10));
  assertEquals(await flood(() => FAR, { perAddress: 0 }), 32 * (20 + 10 * 10));
});

test("who flood do not keep others of their address from having their turn", async () => {
  await using it = await Served.start(PLAIN);
  const all = await crowd(it, 32, () => FAR, (n) => `HELLO guest${n}`);
  const reader = it.call();
  await reader.say("HELLO reader");
  await it.pass(30_000);
  for (const caller of all.slice(1)) {
    await caller.say(...Array(500).fill("spam"));
  }
  await it.clock.advanceSlowly(5_000, 20);
  reader.text();
  // 31 others have their turns first, of 30 a second.
  await all[0]!.say("me too");
  await it.clock.advanceSlowly(1_000, 20);
  assertEquals(/^MSG guest0 /m.test(reader.text()), false);
  await it.clock.advanceSlowly(100, 20);
  assertEquals(/^MSG guest0 me too$/m.test(reader.text()), true);
});

test("of an office of fifty who talk are not kept waiting", async () => {
  await using it = await Served.start(PLAIN);
  const waits: number[] = [];
  it.server.tap.subscribe((event) => {
    if (event.kind === "slowed") waits.push(event.waitMs);
  });
  const hello = { type: "hello", resume: { lobby: 0, tea: 0, den: 0 } };
  const office = await crowd(it, 50, () => FAR, (n) => ({
    ...hello,
    name: `ann${n}`,
  }));
  for (const one of office) {
    assert(one.types().includes("welcome"));
  }
  // Each says something every 10 s, is seen typing before, and marks what it reads.
  for (let second = 0; second < 60; second++) {
    for (const [n, one] of office.entries()) {
      if (n % 10 === (second + 1) % 10) {
        await one.say({ type: "typing", room: "lobby" });
      }
      if (n % 10 === second % 10) {
        const id = `${second}`;
        await one.say({ type: "chat", txt: "hello", room: "lobby", id });
        const ack = one.messages().find(({ type }) => type === "ack");
        assertEquals(ack?.id, id);
      }
      await one.say({ type: "read", room: "lobby", seq: second });
    }
    await it.pass(1_000);
  }
  assertEquals(waits, []);
});

// ---- Hello ----

/** A `hello` that resumes so many rooms from their beginning. */
function resuming(count: number, prefix: string): object {
  const rooms = Array.from({ length: count }, (_, n) => [`${prefix}${n}`, 0]);
  return { type: "hello", resume: Object.fromEntries(rooms) };
}

test("pay for the rooms of a hello, the first one too, and who has few does not wait for them", async () => {
  await using it = await Served.start(PLAIN);
  const all = await crowd(it, 16, () => FAR, (n) => resuming(64, `r${n}-`));
  await it.pass(60_000);
  for (const caller of all) assertEquals(caller.types()[0], "welcome");
  const again = Array.from({ length: 8 }, () => it.call(FAR));
  await again[0]!.say(resuming(64, "x"));
  assertEquals(again[0]!.types()[0], "welcome");
  // 15 each: the address has 100, and 30 a second.
  for (const caller of again.slice(1, 7)) await caller.say(resuming(64, "y"));
  const entered = again.slice(1, 7).map((caller) => caller.types().length > 0);
  assertEquals(entered, [true, true, true, true, true, false]);
  await again[7]!.say({ type: "hello", room: "lobby" });
  assertEquals(again[7]!.types()[0], "welcome");
  await it.clock.advanceSlowly(200, 20);
  assertEquals(again[6]!.types()[0], "welcome");
});

test("who wait for their rate are not over the deadline of hello", async () => {
  await using it = await Served.start({ ...PLAIN, rate: 1 });
  const slow = it.call(FAR);
  // 31 for 128 rooms, of which 20 are there.
  await slow.say(resuming(128, "r"));
  await it.pass(10_900);
  assertEquals(slow.types(), []);
  await it.pass(200);
  assertEquals(slow.types()[0], "welcome");
});

// ---- Answers ----

/** A connection whose bytes are counted, and its last messages kept. */
class Gauge {
  bytes = 0;
  readonly #near;
  #last: Uint8Array[] = [];

  constructor(it: Served, facts: Partial<TransportFacts>) {
    const [near, far] = memoryPair(facts);
    this.#near = far;
    this.#count();
    it.server.serve(near);
  }

  async say(message: object): Promise<void> {
    this.#last = [];
    await this.#near.write(encodeMessage(message));
    for (let n = 0; n < 5; n++) await eventLoopTurn();
  }

  /** The text of what came since it last said something. */
  text(): string {
    return this.#last.map((bytes) => new TextDecoder().decode(bytes)).join("");
  }

  close(): void {
    this.#near.close();
  }

  async #count(): Promise<void> {
    for await (const chunk of this.#near) {
      this.bytes += chunk.length;
      this.#last.push(chunk);
      this.#last.splice(0, this.#last.length - 20);
    }
  }
}

/** Rooms of 200 messages of 4,000 bytes. */
async function fullRooms(count: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  const body = "x".repeat(4_000);
  for (let n = 0; n < count; n++) {
    const room = `full${n}`;
    const entries = Array.from({ length: 200 }, (_, at) => ({
      ...{ room, seq: at + 1, at: NOON_MS, from: "ann", body, kind: "text" },
    }));
    const append = { room, expectedHead: 0, entries };
    await store.commit({ appends: [append], writes: [] });
  }
  return store;
}

test("who resume full rooms by the dozen get 32 MiB at an address, and 2 MiB a second, and still talk", async () => {
  const store = await fullRooms(20);
  await using it = await Served.start({ ...PLAIN, store });
  const all = Array.from({ length: 8 }, () => new Gauge(it, FAR));
  const sum = () => all.reduce((bytes, one) => bytes + one.bytes, 0);
  // Eight times 20 rooms of 0.8 MB are 130 MB.
  for (const one of all) await one.say(resuming(20, "full"));
  for (let n = 0; n < 200; n++) await eventLoopTurn();
  const atOnce = sum();
  assert(atOnce >= 32 * MIB && atOnce < 33 * MIB, `${atOnce / MIB} MiB`);
  await it.clock.advanceSlowly(10_000, 50);
  const later = sum() - atOnce;
  assert(later >= 18 * MIB && later <= 22 * MIB, `${later / MIB} MiB`);
  const [ann] = all;
  await ann!.say({ type: "chat", txt: "hi", room: "full0", id: "a" });
  assert(/"type":"ack","id":"a"/.test(ann!.text()));
  await ann!.say({ type: "history", room: "full0", id: "h" });
  const refusal = ann!.text();
  assert(/"code":"rate-limited"/.test(refusal), refusal.slice(-300));
  assert(/"id":"h","retryAfterMs":[1-9]\d*/.test(refusal));
  for (const one of all) one.close();
});

test("do not make one wait who resumes a few rooms elsewhere", async () => {
  const store = await fullRooms(20);
  await using it = await Served.start({ ...PLAIN, store });
  const one = new Gauge(it, FAR);
  await one.say(resuming(20, "full"));
  for (let n = 0; n < 100; n++) await eventLoopTurn();
  // All of its 16 MB, and then it may ask on.
  assert(one.bytes > 15.2 * MIB, `${one.bytes / MIB} MiB`);
  await one.say({ type: "history", room: "full0", id: "h" });
  assert(/"type":"history"/.test(one.text()));
  one.close();
});
