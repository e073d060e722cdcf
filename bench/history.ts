/**
 * What a long history costs: `deno task history [MESSAGES]` (1,000,000 unless given; 10,000,000 take
 * some minutes and 2.5 GB). Half of the messages are in one room, the rest in 1,000. Reports how long
 * it takes to open the store, empty and full, and to read what a join, a page of the deep past and
 * a person's coming read. Linux as root drops what the system has in memory before the cold times.
 */
import { SqliteStore } from "../src/store/sqlite/store.ts";
import type { Append, Entry } from "../src/store/store.ts";

const messages = Number(Deno.args[0] ?? 1_000_000);
const PEOPLE = 10_000;
const ROOMS = 1_000;
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

async function fill(path: string): Promise<Map<string, number>> {
  await using store = SqliteStore.open(path);
  const heads = new Map<string, number>();
  for (let from = 0; from < messages; from += COMMIT) {
    await store.commit({ appends: said(heads, from), writes: [] });
  }
  return heads;
}

/** Milliseconds of each round of each thing. */
const times = new Map<string, number[]>();

async function time<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await run();
  const list = times.get(what) ?? [];
  times.set(what, [...list, performance.now() - began]);
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

const directory = await Deno.makeTempDir({ prefix: "confab-history-" });
try {
  const full = `${directory}/full.db`;
  await time("fill", () => fill(full));
  for (let round = 0; round < ROUNDS; round++) {
    const empty = `${directory}/empty-${round}.db`;
    await SqliteStore.open(empty)[Symbol.asyncDispose]();
    await measure("none, warm", empty);
    await measure(`${messages}, warm`, full);
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
  console.log(`${what}: ${median.toFixed(2)} ms, at most ${most.toFixed(2)}`);
}
