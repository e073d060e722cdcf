import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { testsOf } from "../../_testing.ts";
import { SqliteStore } from "../../../src/store/sqlite/store.ts";
import type { Entry } from "../../../src/store/store.ts";
import { appending, entry, inDirectory } from "../_helpers.ts";

const test = testsOf("erasing in SQLite", { read: true, write: true });

/**
 * Three characters that only one message has: they stand in the index as they are, since no other
 * trigram begins like this one.
 */
const RARE = "🦩zq";

/** Whether a text stands in a file of the directory, whole. */
function isInFiles(directory: string, text: string): boolean {
  const wanted = latin1(new TextEncoder().encode(text));
  return [...Deno.readDirSync(directory)].some(({ name }) =>
    latin1(Deno.readFileSync(`${directory}/${name}`)).includes(wanted)
  );
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

async function indexAll(store: SqliteStore): Promise<void> {
  while (await store.index());
}

/** Sums up what was said: many messages, of which one says something rare. */
function said(count: number, secret: number): Entry[] {
  return Array.from({ length: count }, (_, at) =>
    entry("den", at + 1, {
      person: "SHA256:ann",
      id: `id ${at + 1}`,
      body: at + 1 === secret
        ? `${RARE} a secret ${"that is long ".repeat(300)}`
        : `message ${at + 1} ${"of no weight ".repeat(at % 40)}`,
    }));
}

function deleting(head: number, target: number) {
  const body = `${target}`;
  const deleted = entry("den", head + 1, { kind: "deleted", body });
  const erasures = [{ room: "den", seq: target }];
  return { ...appending(head, [deleted]), erasures };
}

test("leaves nothing of a text in the files, and then nothing of it in the index", () =>
  inDirectory(async (directory) => {
    await using store = SqliteStore.open(`${directory}/confab.db`);
    await store.commit(appending(0, said(400, 200)));
    await indexAll(store);
    assert(isInFiles(directory, `${RARE} a secret`));
    assertEquals((await store.search("den", [RARE], 9)).entries.length, 1);

    await store.commit(deleting(400, 200));
    assertEquals((await store.search("den", [RARE], 9)).entries, []);
    assertEquals(store.entryAt("den", 200), {
      room: "den",
      seq: 200,
      at: entry("den", 200).at,
      from: "",
      kind: "gone",
      body: "",
      person: "SHA256:ann",
      id: "id 200",
    });
    const lastOf = (before?: number) =>
      store.lastOf("den", "SHA256:ann", before)?.seq;
    assertEquals([lastOf(), lastOf(400), lastOf(201), lastOf(1)], [
      400,
      399,
      199,
      undefined,
    ]);
    assert(await store.cleanse());
    assert(!isInFiles(directory, `${RARE} a secret`));
    assert(!isInFiles(directory, "that is long that is long"));
    assert(isInFiles(directory, RARE), "the index still has the trigram");

    while (await store.cleanseIndex(8));
    assert(await store.cleanse());
    assert(!isInFiles(directory, RARE));
    // The others are found as before.
    const { entries } = await store.search("den", ["message", "199"], 9);
    assertEquals(entries.map(({ seq }) => seq), [199]);
  }));

test("writes the index anew after a restart, too, and once", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    {
      await using store = SqliteStore.open(path);
      await store.commit(appending(0, said(50, 7)));
      await indexAll(store);
      await store.commit(deleting(50, 7));
    }
    assert(isInFiles(directory, RARE));
    await using store = SqliteStore.open(path);
    assert(await store.cleanseIndex(64));
    while (await store.cleanseIndex(64));
    await store.cleanse();
    assert(!isInFiles(directory, RARE));
    assertEquals(await store.cleanseIndex(64), false);
  }));

test("does not wait for another program that reads, and tries again", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    await using store = SqliteStore.open(path);
    await store.commit(appending(0, said(3, 2)));
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec("BEGIN; SELECT count(*) FROM entries");
    await store.commit(deleting(3, 2));
    assertEquals(await store.cleanse(), false);
    assert(isInFiles(directory, RARE));
    reader.close();
    assertEquals(await store.cleanse(), true);
    assert(!isInFiles(directory, RARE));
  }));

test("does not touch what is deleted, what says so, and what is not there", () =>
  inDirectory(async (directory) => {
    await using store = SqliteStore.open(`${directory}/confab.db`);
    await store.commit(appending(0, said(3, 2)));
    await store.commit(deleting(3, 2));
    const before = await store.read("den", 1, 10);
    const erasures = [2, 4, 9].map((seq) => ({ room: "den", seq }));
    await store.commit({
      appends: [],
      writes: [],
      erasures: [...erasures, { room: "elsewhere", seq: 1 }],
    });
    assertEquals(await store.read("den", 1, 10), before);
  }));

test("erases what is said and deleted in one turn", () =>
  inDirectory(async (directory) => {
    await using store = SqliteStore.open(`${directory}/confab.db`);
    const { appends, ...more } = deleting(1, 1);
    const entries = [...said(1, 1), ...appends[0]!.entries];
    await store.commit({ ...more, ...appending(0, entries) });
    await indexAll(store);
    const kinds = (await store.read("den", 1, 9)).map(({ kind }) => kind);
    assertEquals(kinds, ["gone", "deleted"]);
    await store.cleanse();
    assert(!isInFiles(directory, RARE));
  }));

test("forgets everything that a person wrote, and who it was", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/confab.db`;
    {
      await using store = SqliteStore.open(path);
      const [first, ...rest] = said(30, 5);
      const { id: _, ...withoutId } = first!;
      const other = entry("den", 31, { person: "SHA256:bob", body: "I stay" });
      await store.commit(appending(0, [withoutId, ...rest, other]));
      await indexAll(store);
      assertEquals(await store.eraseAllOf("SHA256:ann"), 30);
      assertEquals(await store.eraseAllOf("SHA256:ann"), 0);
      const entries = await store.read("den", 1, 99);
      assertEquals(entries.at(-1), other);
      const kinds = new Set(entries.slice(0, -1).map(({ kind }) => kind));
      assertEquals([...kinds], ["gone"]);
    }
    for (const text of [RARE, "message 3", "SHA256:ann", "id 3"]) {
      assert(!isInFiles(directory, text), text);
    }
    assert(isInFiles(directory, "I stay"));
    const db = new DatabaseSync(path);
    const { integrity_check } = db.prepare("PRAGMA integrity_check").get()!;
    const faults = db.prepare("PRAGMA foreign_key_check").all();
    db.close();
    assertEquals([integrity_check, faults], ["ok", []]);
  }));
