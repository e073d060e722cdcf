/** A search goes as far as its time reaches, and on from there: nothing is missed or found twice. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { SEARCH_BUDGET_MS } from "../../../src/base/limits.ts";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import type { Entry, Found } from "../../../src/store/store.ts";
import { eventLoopTurn } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import {
  appending,
  entry,
  inDirectory,
  STILL_CLOCK,
  tickingClock,
} from "../_helpers.ts";

const test = testsOf("a search", { read: true, write: true });

/** The same numbers for a seed, from 0 up to `below`. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const WORDS = [
  "alpha",
  "omega",
  "Tea",
  "it",
  "teapot",
  "\u0438\u0433\u043b\u0430",
];
const ROOMS = ["den", "lobby", "attic"];

class Journal {
  readonly #path: string;
  readonly #random: (below: number) => number;
  readonly #rooms = new Map<string, Entry[]>();
  /** All in the order in which they came. */
  readonly #all: { readonly room: string; readonly seq: number }[] = [];
  readonly store: SqliteStore;

  constructor(path: string, random: (below: number) => number) {
    this.#path = path;
    this.#random = random;
    this.store = SqliteStore.open(path, { clock: tickingClock() });
  }

  /** Says something in all rooms, and leaves a gap of positions behind it. */
  async say(count: number): Promise<void> {
    for (let at = 0; at < count; at += 20) {
      const room = ROOMS[this.#random(ROOMS.length)]!;
      const before = this.#of(room);
      const said = Array.from({ length: 1 + this.#random(40) }, (_, at) => {
        const kind = this.#random(9) === 0 ? "deleted" : "text";
        const words = Array.from(
          { length: this.#random(4) },
          () => WORDS[this.#random(WORDS.length)]!,
        );
        const seq = before.length + at + 1;
        return entry(room, seq, { kind, body: words.join("-") });
      });
      await this.store.commit(appending(before.length, said));
      before.push(...said);
      this.#all.push(...said);
    }
    const foreign = entry("attic", this.#of("attic").length + 1);
    this.#of("attic").push(foreign);
    this.#all.push(foreign);
    using db = new DatabaseSync(this.#path);
    db.prepare(
      `INSERT INTO entries (pos, room, seq, at, name, body)
       SELECT max(pos) + ?, (SELECT id FROM rooms WHERE key = 'attic'), ?, ?, ?, ? FROM entries`,
    ).run(
      1 + this.#random(200_000),
      foreign.seq,
      foreign.at,
      foreign.from,
      foreign.body,
    );
  }

  /** Some entries go, others lose their texts, and the index knows nothing of it. */
  forget(): void {
    using db = new DatabaseSync(this.#path);
    const rowOf = `room = (SELECT id FROM rooms WHERE key = ?) AND seq = ?`;
    const gone = db.prepare(`DELETE FROM entries WHERE ${rowOf}`);
    const blank = db.prepare(
      `UPDATE entries SET kind = 77, body = 'alpha omega' WHERE ${rowOf}`,
    );
    for (const [room, entries] of this.#rooms) {
      for (const [at, { seq, body }] of entries.entries()) {
        if (at === entries.length - 1 || this.#random(8) > 0) continue;
        if (this.#random(2) === 0) gone.run(room, seq);
        else blank.run(room, seq);
        entries[at] = entry(room, seq, { kind: "gone", body });
      }
    }
  }

  /** What a plain look at everything gives: seqs, from the newest on. */
  holding(room: string, words: readonly string[], before: number): number[] {
    return this.#of(room).filter(({ kind, body, seq }) =>
      kind === "text" && seq < before &&
      words.every((word) => body.toLowerCase().includes(word.toLowerCase()))
    ).map(({ seq }) => seq).reverse();
  }

  /** The same of several rooms: `room seq`, what came last first. */
  holdingInAll(rooms: readonly string[], words: readonly string[]): string[] {
    const byRoom = new Map(
      rooms.map((room) =>
        [room, new Set(this.holding(room, words, Infinity))] as const
      ),
    );
    return this.#all.filter(({ room, seq }) => byRoom.get(room)?.has(seq))
      .map(({ room, seq }) => `${room} ${seq}`).reverse();
  }

  #of(room: string): Entry[] {
    let entries = this.#rooms.get(room);
    if (entries === undefined) this.#rooms.set(room, entries = []);
    return entries;
  }
}

/** Goes on to the end: seqs from the newest on, and how many searches it took. */
async function searchOn(
  store: SqliteStore,
  room: string,
  words: readonly string[],
  limit: number,
  first: number,
): Promise<{ seqs: number[]; searches: number }> {
  const seqs: number[] = [];
  let before = first;
  for (let searches = 1;; searches++) {
    const found = await store.search(room, words, limit, { before });
    check(found, limit, before);
    seqs.push(...found.entries.map(({ seq }) => seq).reverse());
    if (found.searched === undefined) return { seqs, searches };
    before = found.searched.seq;
  }
}

function check(found: Found, limit: number, before: number): void {
  const { entries, searched, more } = found;
  assert(entries.length <= limit);
  if (more) assertEquals(searched?.seq, entries[0]!.seq);
  if (searched === undefined) return;
  assert(searched.seq < before, "it goes on");
  assertEquals(searched.at, entry("den", searched.seq).at);
  assert(entries.every(({ seq }) => seq >= searched.seq));
}

interface Look {
  readonly journal: Journal;
  readonly random: (below: number) => number;
  readonly words: readonly string[];
}

/**
 * Looks again and again into a journal that grows, forgets, and is indexed more or less far; `look`
 * gives how many searches it took, and some take several.
 */
function inParts(
  seed: number,
  look: (given: Look) => Promise<number>,
): Promise<void> {
  return inDirectory(async (directory) => {
    const random = numbers(seed);
    const journal = new Journal(`${directory}/confab.db`, random);
    await using store = journal.store;
    let most = 0;
    for (let round = 0; round < 4; round++) {
      await journal.say(600);
      if (round === 2) journal.forget();
      for (let steps = random(20); steps > 0; steps--) {
        await store.index(2_000);
      }
      for (let tries = 0; tries < 12; tries++) {
        const words = Array.from(
          { length: 1 + random(3) },
          () => WORDS[random(WORDS.length)]!.slice(random(2)),
        );
        most = Math.max(most, await look({ journal, random, words }));
      }
    }
    assert(most > 3, "some took several searches");
  });
}

for (const seed of [1, 2, 3, 4]) {
  test(`finds all that a plain look finds, in however many parts (seed ${seed})`, () =>
    inParts(seed, async ({ journal, random, words }) => {
      const room = ROOMS[random(ROOMS.length)]!;
      const before = random(2) === 0 ? 1 + random(900) : 100_000;
      const { seqs, searches } = await searchOn(
        journal.store,
        room,
        words,
        1 + random(30),
        before,
      );
      const what = `${words} in ${room} before ${before}`;
      assertEquals(seqs, journal.holding(room, words, before), what);
      return searches;
    }));
}

/** The same in several rooms: `room seq`, what came last first. */
async function searchAllOn(
  store: SqliteStore,
  rooms: readonly string[],
  words: readonly string[],
  limit: number,
): Promise<{ places: string[]; searches: number }> {
  const places: string[] = [];
  let before: { room: string; seq: number } | undefined;
  for (let searches = 1;; searches++) {
    assert(searches < 10_000, "it goes on");
    const found = await store.searchAll(rooms, words, limit, {
      ...(before === undefined ? {} : { before }),
    });
    const { entries, searched, more } = found;
    assert(entries.length <= limit);
    places.push(
      ...entries.map(({ room, seq }) => `${room} ${seq}`).reverse(),
    );
    if (searched === undefined) return { places, searches };
    assert(rooms.includes(searched.room), "nothing else is named");
    assertEquals(searched.at, entry(searched.room, searched.seq).at);
    if (more) assertEquals(searched.seq, entries[0]!.seq);
    before = searched;
  }
}

for (const seed of [5, 6, 7, 8]) {
  test(`finds in several rooms just what they have, in the order it came (seed ${seed})`, () =>
    inParts(seed, async ({ journal, random, words }) => {
      const rooms = ROOMS.filter(() => random(3) > 0);
      const { places, searches } = await searchAllOn(
        journal.store,
        [...rooms, "a room without messages"],
        words,
        1 + random(30),
      );
      const what = `${words} in ${rooms}`;
      assertEquals(places, journal.holdingInAll(rooms, words), what);
      return searches;
    }));
}

/** A store that has these texts in one room, all indexed or none. */
function holding(
  texts: readonly string[],
  how: "indexed" | "new",
  use: (store: SqliteStore) => Promise<void>,
  clock = tickingClock(),
): Promise<void> {
  return inDirectory(async (directory) => {
    await using store = SqliteStore.open(`${directory}/confab.db`, { clock });
    const said = texts.map((body, at) => entry("lobby", at + 1, { body }));
    await store.commit(appending(0, said));
    while (how === "indexed" && await store.index());
    await use(store);
  });
}

for (const how of ["indexed", "new"] as const) {
  test(`ends when its time is over, and says how far it came (${how})`, () =>
    holding(
      Array.from(
        { length: 500 },
        (_, at) => at % 2 ? "alpha omega" : "alpha-omega",
      ),
      how,
      async (store) => {
        const found = await store.search("lobby", ["alpome"], 50);
        assertEquals([found.entries, found.more], [[], false]);
        // A millisecond goes by with each look at the clock: about one for each entry.
        assert(found.tookMs >= SEARCH_BUDGET_MS, `${found.tookMs}`);
        assert(found.tookMs <= SEARCH_BUDGET_MS + 5, `${found.tookMs}`);
        const { seq = 0 } = found.searched ?? {};
        assert(seq > 400 && seq < 490, `${seq}`);
      },
    ));
}

test("says that there are more than were asked for, and where it goes on", () =>
  holding(
    ["tea", "tea", "coffee", "tea", "coffee"],
    "indexed",
    async (store) => {
      const search = (limit: number, before: number) =>
        store.search("lobby", ["tea"], limit, { before });
      const seqsOf = ({ entries }: Found) => entries.map(({ seq }) => seq);
      const two = await search(2, 9);
      assertEquals([seqsOf(two), two.more, two.searched?.seq], [
        [2, 4],
        true,
        2,
      ]);
      const one = await search(2, 2);
      assertEquals([seqsOf(one), one.more, one.searched], [
        [1],
        false,
        undefined,
      ]);
      const three = await search(3, 9);
      assertEquals([seqsOf(three), three.more], [[1, 2, 4], false]);
      assertEquals(seqsOf(await search(3, 1)), []);
      assertEquals(seqsOf(await search(3, 0)), []);
    },
    STILL_CLOCK,
  ));

test("leaves the loop to others while it goes on, and to other searches", () =>
  holding(Array(3_000).fill("alpha omega"), "new", async (store) => {
    const ended: string[] = [];
    const end = (what: string) => () => void ended.push(what);
    const long = store.search("lobby", ["xy"], 9).then(end("long"));
    const short = store.search("lobby", ["alpha"], 1).then(end("short"));
    const others = eventLoopTurn()
      .then(end("others"));
    await Promise.all([long, short, others]);
    assertEquals(ended.at(-1), "long");
  }));

test("ends when nobody waits for it any more", () =>
  holding(Array(3_000).fill("alpha omega"), "new", async (store) => {
    const gone = new AbortController();
    const { signal } = gone;
    const search = store.search("lobby", ["xy"], 9, { signal });
    gone.abort();
    await assertRejects(() => search);
    assertEquals((await store.search("lobby", ["omega"], 1)).entries.length, 1);
  }));
