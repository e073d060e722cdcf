/** What the tests of the store share: entries made by hand, and directories that go away. */
import { ConfabError } from "../../src/base/errors.ts";
import { assertEquals, assertRejects } from "@std/assert";
import type { Commit, Entry, Store } from "../../src/store/store.ts";

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
