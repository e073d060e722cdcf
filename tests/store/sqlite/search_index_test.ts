/** The search index: what it takes in, and that a search finds what is there, in it or not yet. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ConfabError } from "../../../src/base/errors.ts";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import type { Entry } from "../../../src/store/store.ts";
import { testsOf, unless } from "../../_testing.ts";
import {
  appending,
  entry,
  following,
  inDirectory,
  STILL_CLOCK,
} from "../_helpers.ts";

const test = testsOf("search index", { read: true, write: true });

/** A store that has the texts in one room, the first with seq 1. */
function holding(
  texts: readonly string[],
  use: (store: SqliteStore, path: string) => Promise<void>,
): Promise<void> {
  return inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    await using store = SqliteStore.open(path, { clock: STILL_CLOCK });
    const said: Entry[] = texts.map((body, at) =>
      entry("lobby", at + 1, { body, id: `${at}\0\x01` })
    );
    if (said.length > 0) await store.commit(appending(0, said));
    await use(store, path);
  });
}

async function indexed(store: SqliteStore, chars?: number): Promise<number> {
  let steps = 1;
  while (await store.index(chars)) steps++;
  return steps;
}

async function seqs(store: SqliteStore, ...words: string[]) {
  const found = await store.search("lobby", words, 50);
  return found.entries.map(({ seq }) => seq);
}

test("finds long words by parts of them, and looks whether they are there as a whole", () =>
  holding(
    [
      "the quick-brown-fox-jumps-over-the-lazy-dog",
      "the lazy-dog-jumps-over-the-quick-brown-fox",
      "Quick-Brown-Fox-Jumps-over-the-LAZY-dog",
    ],
    async (store) => {
      await indexed(store);
      const whole = "quick-brown-fox-jumps-over-the-lazy-dog";
      assertEquals(await seqs(store, whole), [1, 3]);
      assertEquals(await seqs(store, whole, "the"), [1, 3]);
      assertEquals(await seqs(store, "quick", "dog", "jumps"), [1, 2, 3]);
      assertEquals(await seqs(store, `${whole}s`), []);
    },
  ));

test("looks for words that repeat themselves in messages that do", () =>
  holding(
    [...Array(60).fill("ab".repeat(2_000)), `${"ab".repeat(1_000)}c`],
    async (store) => {
      await indexed(store);
      const long = "ab".repeat(900);
      assertEquals((await seqs(store, long)).length, 50);
      assertEquals(await seqs(store, `${long}c`), [61]);
      assertEquals(await seqs(store, ...Array(7).fill(long), "zz"), []);
    },
  ));

test("takes in few messages at once when they are long, and all in the end", () =>
  holding(Array(20).fill("long ".repeat(800)), async (store) => {
    // 32,768 characters hold eight messages of 4,000.
    assertEquals(await indexed(store, 32_768), 3 + 1);
    assertEquals((await seqs(store, "long")).length, 20);
    assertEquals(await indexed(store), 1);
  }));

test("finds what is not in the index yet, of its room alone", () =>
  holding(
    Array.from(
      { length: 6_000 },
      (_, at) => [1, 1_500, 5_900].includes(at + 1) ? "needle" : "m",
    ),
    async (store) => {
      await store.commit(appending(0, [entry("den", 1, { body: "needle" })]));
      for (const chars of [0, 100_000, undefined]) {
        if (chars === undefined) await indexed(store);
        else await store.index(chars);
        const found = await store.search("lobby", ["needle"], 50);
        assertEquals(found.entries.map(({ seq }) => seq), [1, 1_500, 5_900]);
        assertEquals([found.more, found.searched], [false, undefined]);
      }
      const { entries } = await store.search("elsewhere", ["needle"], 9);
      assertEquals(entries, []);
    },
  ));

test("is right behind many small steps, in which it also puts itself in order", () =>
  holding(
    Array.from({ length: 300 }, (_, at) => `number ${at + 1}`),
    async (store, path) => {
      using db = new DatabaseSync(path);
      const count = db.prepare(
        "SELECT count(DISTINCT segid) AS n FROM search_idx",
      );
      const pieces = () => count.get()?.n as number;
      // One at a time. Eight pieces make one, eight of these one of the next kind.
      for (let step = 0; step < 200; step++) await store.index(1);
      assert(pieces() <= 3 * 8, `${pieces()}`);
      await indexed(store, 1);
      assert(pieces() <= 3 * 8, `${pieces()}`);
      assertEquals(await seqs(store, "number 30"), [30, 300]);
      db.exec("INSERT INTO search (search) VALUES ('integrity-check')");
    },
  ));

test("does not take a text that forges the word of another room for one of that", () =>
  holding(["of the lobby"], async (store) => {
    // The lobby is the first room: \x01, and two characters for 0 and 1.
    const forged = entry("den", 1, { body: "\x01\u4e00\u4e01 of the den" });
    await store.commit(appending(0, [forged]));
    await indexed(store);
    assertEquals(await seqs(store, "of the"), [1]);
    assertEquals(await seqs(store, "the den"), []);
    const { entries } = await store.search("den", ["of the"], 9);
    assertEquals(entries, [forged]);
  }));

test("tells rooms with large numbers apart", () =>
  holding([], async (store, path) => {
    {
      using db = new DatabaseSync(path);
      db.exec(
        "INSERT INTO rooms (id, key) VALUES (1, 'a'), (20001, 'b'), (400020001, 'c')",
      );
    }
    for (const room of ["a", "b", "c"]) {
      await store.commit(appending(0, [entry(room, 1, { body: "hello" })]));
    }
    await indexed(store);
    for (const room of ["a", "b", "c"]) {
      const { entries } = await store.search(room, ["hello"], 9);
      assertEquals(entries.map((one) => one.room), [room]);
    }
  }));

test("gives back an id whole, whatever it holds", () =>
  holding(["hello"], async (store) => {
    assertEquals((await store.read("lobby", 1, 1))[0]?.id, "0\0\x01");
  }));

test("rejects when it cannot read or write, and does not throw", () =>
  holding(["hello"], async (store) => {
    await store[Symbol.asyncDispose]();
    const outcomes = await Promise.allSettled([
      store.read("lobby", 1, 1),
      store.recentOf("SHA256:ann", 1),
      store.search("lobby", ["hello"], 1),
      store.index(),
      store.expire(0, 1),
      store.position(),
      following(store).next(),
      store.commit({ appends: [], writes: [] }),
    ]);
    for (
      const ask of [
        () => store.record("name", "ann"),
        () => store.list("name", "", 1),
        () => store.headOf("nowhere"),
      ]
    ) assertEquals(assertThrows(ask, ConfabError).code, "store");
    for (const outcome of outcomes) {
      assert(outcome.status === "rejected");
      assert(outcome.reason instanceof ConfabError);
      assertEquals(outcome.reason.code, "store");
    }
  }));

const modeless = Deno.build.os === "windows"
  ? "files have no mode there"
  : undefined;

Deno.test({
  ...unless(
    modeless,
    "search index: keeps what was said from other accounts of the machine",
  ),
  permissions: { read: true, write: true },
  fn: () =>
    holding(["hello"], (_, path) => {
      for (const file of [path, `${path}-wal`]) {
        const { mode } = Deno.statSync(file);
        assert(mode !== null);
        assertEquals(mode & 0o077, 0, file);
      }
      return Promise.resolve();
    }),
});
