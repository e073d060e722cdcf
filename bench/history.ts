/**
 * What a long history costs: `deno task history [MESSAGES [DIRECTORY]]` (1,000,000 unless given;
 * 10,000,000 take some minutes and 3 GB; in a directory that is given they stay, for the next time).
 * Half of the messages are in one room, the rest in 10,000; they are of
 * 100,000 people, each with a key and a name. Reports how long it takes to open the store, empty and
 * full, and to read what a join, a page of the deep past and a person's coming read; then the same
 * of a server as a program: until it listens, until somebody is welcome, and its answers. Linux as
 * root drops what the system has in memory before the cold times.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { Client } from "../src/client/client.ts";
import { SYSTEM_CLOCK } from "../src/base/clock.ts";
import { TcpTransport } from "../src/net/tcp.ts";
import { generateKeyPair } from "../src/secure/x25519.ts";
import { SqliteStore } from "../src/store/sqlite/store.ts";
import type { Append, Entry, RecordWrite } from "../src/store/store.ts";

const messages = Number(Deno.args[0] ?? 1_000_000);
const PEOPLE = 100_000;
const ROOMS = 10_000;
const COMMIT = 20_000;
const ROUNDS = 5;
const WORDS = "the quick brown fox jumps over a lazy dog and says good morning"
  .split(" ");

/** The same numbers each time, from 0 up to `below`. */
let state = 1;
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

function fingerprintOf(person: number): string {
  return `SHA256:${String(person).padStart(43, "x")}`;
}

/** The next messages, by rooms. */
function said(heads: Map<string, number>, from: number): Append[] {
  const appends = new Map<string, { expectedHead: number; list: Entry[] }>();
  for (let number = from; number < from + COMMIT; number++) {
    const room = random(2) === 0 ? "big" : `room-${random(ROOMS)}`;
    const head = heads.get(room) ?? 0;
    heads.set(room, head + 1);
    let append = appends.get(room);
    if (append === undefined) {
      appends.set(room, append = { expectedHead: head, list: [] });
    }
    const person = random(PEOPLE);
    const body = Array.from(
      { length: 4 + random(16) },
      () => WORDS[random(WORDS.length)],
    ).join(" ");
    append.list.push({
      ...{ room, seq: head + 1, at: 1_768_478_400_000 + number, body },
      ...{ from: `p${person}`, person: fingerprintOf(person) },
      ...{ kind: "text", id: `id${number}` },
    });
  }
  return Array.from(
    appends,
    ([room, { expectedHead, list }]) => ({ room, expectedHead, entries: list }),
  );
}

async function fill(path: string): Promise<void> {
  await using store = SqliteStore.open(path);
  const heads = new Map<string, number>();
  for (let from = 0; from < messages; from += COMMIT) {
    await store.commit({ appends: said(heads, from), writes: [] });
  }
  const writes = (first: number, records: (number: number) => RecordWrite[]) =>
    Array.from({ length: COMMIT }, (_, at) => records(first + at)).flat();
  for (let first = 0; first < PEOPLE; first += COMMIT) {
    await store.commit({ appends: [], writes: writes(first, recordsOfPerson) });
  }
  const rooms = Array.from({ length: ROOMS }, (_, at) => recordOfRoom(at));
  await store.commit({ appends: [], writes: rooms });
  while (await store.index(65_536));
}

const USED_AT = Date.now();

function recordsOfPerson(number: number): RecordWrite[] {
  const [key, name] = [fingerprintOf(number), `p${number}`];
  return [
    ...[{ kind: "person", key, value: { name, usedAt: USED_AT } }],
    ...[{ kind: "name", key: name, value: { person: key, name } }],
    ...[{ kind: "read", key, value: { rooms: {} } }],
  ].map((record) => ({ ...record, expectedVersion: 0 }));
}

function recordOfRoom(number: number): RecordWrite {
  const name = `room-${number}`;
  const value = { name, creator: fingerprintOf(number) };
  return { kind: "room", key: name, expectedVersion: 0, value };
}

/** What was measured of each thing in each round. */
const times = new Map<string, number[]>();

/** Milliseconds, unless `what` names another unit. */
function note(what: string, value: number): void {
  times.set(what, [...times.get(what) ?? [], value]);
}

async function time<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await run();
  note(what, performance.now() - began);
  return result;
}

async function measure(how: string, path: string): Promise<void> {
  const of = (what: string) => `${how}: ${what}`;
  const open = async () => {
    const store = SqliteStore.open(path);
    await store.position();
    return store;
  };
  await using store = await time(of("open"), open);
  const small = `room-${random(ROOMS)}`;
  for (const [what, room] of [["the big room", "big"], ["a room", small]]) {
    const head = store.headOf(room!);
    if (head === 0) continue;
    const deep = Math.ceil(random(head) / 2);
    await time(
      of(`last 50 of ${what}`),
      () => store.read(room!, head - 49, 50),
    );
    await time(
      of(`50 of ${what}, long ago`),
      () => store.read(room!, deep, 50),
    );
  }
  const person = fingerprintOf(random(PEOPLE));
  await time(of("a person's ids"), () => store.recentOf(person, 1_024));
}

/** A server as a program, on what is in a directory. */
async function serve(how: string, data: string): Promise<void> {
  const of = (what: string) => `${how}: ${what}`;
  const began = performance.now();
  const main = new URL("../main.ts", import.meta.url).pathname;
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, "serve", "--port=0", "--rate=0", "--data", data],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  const ready = await lines[Symbol.asyncIterator]().next();
  note(of("until a server listens"), performance.now() - began);
  const port = Number(/:(\d+) SHA256/.exec(ready.value!)![1]);
  try {
    await ask(of, port);
    const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
    const kib = Number(/VmRSS:\s+(\d+)/.exec(status)![1]);
    note(of("memory of the server in MiB"), kib / 1_024);
  } finally {
    server.kill("SIGTERM");
    await server.status;
  }
}

/** Somebody comes, and asks. */
async function ask(of: (what: string) => string, port: number): Promise<void> {
  const connect = async () =>
    Client.connect({
      dial: async () =>
        new TcpTransport(await Deno.connect({ hostname: "127.0.0.1", port })),
      seal: { identity: await generateKeyPair(), judgeServer: () => {} },
      clock: SYSTEM_CLOCK,
      random: Math.random,
      newId: () => crypto.randomUUID(),
      hello: { room: "lobby", name: `new${port}-${random(1e6)}` },
    });
  await using client = await time(of("until one is welcome"), connect);
  const events = (async () => {
    for await (const _ of client);
  })();
  const command = (name: string, args: string) =>
    client.request({ type: "command", name, args });
  await time(of("/join of a room"), () => command("join", "big"));
  await time(of("/search of two words"), () => command("search", "fox lazy"));
  await time(
    of("/search of what nobody said"),
    () => command("search", "zebra unicorn"),
  );
  await time(
    of("a message until its ack"),
    () => client.request({ type: "chat", txt: "hello" }),
  );
  await client.close();
  await events;
}

/** Whether the system has forgotten the files. */
async function forget(): Promise<boolean> {
  try {
    await new Deno.Command("sync").output();
    Deno.writeTextFileSync("/proc/sys/vm/drop_caches", "3");
    return true;
  } catch {
    return false;
  }
}

const [, kept] = Deno.args;
const directory = await Deno.makeTempDir({ prefix: "confab-history-" });
try {
  const data = kept ?? `${directory}/full`;
  const full = `${data}/confab.db`;
  const isThere = await Deno.stat(full).then(() => true, () => false);
  await Deno.mkdir(data, { recursive: true });
  if (!isThere) await time("fill", () => fill(full));
  for (let round = 0; round < ROUNDS; round++) {
    const empty = `${directory}/empty-${round}.db`;
    await SqliteStore.open(empty)[Symbol.asyncDispose]();
    await measure("none, warm", empty);
    await measure(`${messages}, warm`, full);
    await serve("none", `${directory}/none-${round}`);
    await serve(`${messages}`, data);
    if (await forget()) await measure("none, cold", empty);
    if (await forget()) await measure(`${messages}, cold`, full);
  }
} finally {
  await Deno.remove(directory, { recursive: true });
}
for (const [what, list] of times) {
  const sorted = list.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const most = sorted.at(-1)!;
  console.log(`${what}: ${median.toFixed(2)}, at most ${most.toFixed(2)}`);
}
