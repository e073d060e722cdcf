/** What the tests of the store share: entries made by hand, and directories that go away. */
import { clearImmediate, setImmediate } from "node:timers";
import type { Clock } from "../../src/base/clock.ts";
import { ConfabError } from "../../src/base/errors.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { CommitConflict } from "../../src/store/store.ts";
import type {
  Commit,
  Conflict,
  Directory,
  DirectoryRecord,
  Entry,
  Followed,
  Store,
} from "../../src/store/store.ts";

/** A clock on which nothing takes any time; it calls back when the event loop is free. */
export const STILL_CLOCK: Clock = {
  wall: () => 0,
  monotonic: () => 0,
  after(_, callback) {
    const soon = setImmediate(callback);
    return () => clearImmediate(soon);
  },
};

/** A clock on which a millisecond goes by whenever it is looked at. */
export function tickingClock(): Clock {
  let now = 0;
  return { ...STILL_CLOCK, monotonic: () => ++now };
}

/** An entry of a room, with a text that says its place. */
export function entry(
  room: string,
  seq: number,
  more: Partial<Entry> = {},
): Entry {
  const at = 1_768_478_400_000 + seq;
  return {
    room,
    seq,
    at,
    from: "ann",
    kind: "text",
    body: `${room} ${seq}`,
    ...more,
  };
}

/** Entries of a room, from one seq to another. */
export function entries(room: string, first: number, last: number): Entry[] {
  return Array.from(
    { length: last - first + 1 },
    (_, at) => entry(room, first + at),
  );
}

/** A commit that appends entries to one room. */
export function appending(
  expectedHead: number,
  list: readonly Entry[],
): Commit {
  return {
    appends: [{ room: list[0]!.room, expectedHead, entries: list }],
    writes: [],
  };
}

/** A commit that writes one record. */
export function writing(
  key: string,
  expectedVersion: number,
  value: unknown,
): Commit {
  return {
    appends: [],
    writes: [{ kind: "name", key, expectedVersion, value }],
  };
}

export async function assertRefused(
  store: Store,
  commit: Commit,
): Promise<ConfabError> {
  const error = await assertRejects(() => store.commit(commit), ConfabError);
  assertEquals(error.code, "store");
  return error;
}

/** What a commit conflicts with. */
export async function conflictOf(
  store: Store,
  commit: Commit,
): Promise<Conflict> {
  const error = await assertRefused(store, commit);
  assert(error instanceof CommitConflict);
  return error.conflict;
}

/** All records of some kinds, by kind and key. */
export function allRecords(
  store: Directory,
  kinds = ["inbox", "name", "person", "read", "request", "room", "talk"],
): DirectoryRecord[] {
  return kinds.flatMap((kind) => store.list(kind, "", 1_000));
}

/** Key, version and value of each record, by key. */
export function recordsOf(store: Directory): unknown[][] {
  return allRecords(store).map(({ key, version, value }) => [
    key,
    version,
    value,
  ]).toSorted();
}

/** Rooms that tests call so have these heads, or none. */
export function assertHeads(
  store: Directory,
  heads: Readonly<Record<string, number>>,
): void {
  const rooms = new Set([...Object.keys(heads), "lobby", "den", "new", "a"]);
  const found = [...rooms].map((room) => [room, store.headOf(room)])
    .filter(([, head]) => head !== 0);
  assertEquals(Object.fromEntries(found), heads);
}

export function following(
  store: Store,
  from?: number,
): AsyncIterator<Followed> {
  return store.follow(from)[Symbol.asyncIterator]();
}

/** What comes next to one who follows: so many entries, and not more. */
export async function nextOf(
  follower: AsyncIterator<Followed>,
  count: number,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  while (entries.length < count) {
    const { done, value } = await follower.next();
    assert(!done, "nothing comes any more");
    entries.push(...value.entries);
  }
  assertEquals(entries.length, count);
  return entries;
}

/** Calls `use` with a directory of its own, and removes it afterwards. */
export async function inDirectory(
  use: (directory: string) => void | Promise<void>,
): Promise<void> {
  const directory = Deno.makeTempDirSync({ prefix: "confab_test_" });
  try {
    await use(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
