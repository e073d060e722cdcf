/** Reading the directory: versioned records, and how far each room is. */
import type { Directory, DirectoryRecord } from "./store.ts";

/** A directory with nothing in it. */
export const EMPTY_DIRECTORY: Directory = {
  record: () => undefined,
  list: () => [],
  headOf: () => 0,
  recentRooms: () => [],
  entryAt: () => undefined,
  lastOf: () => undefined,
};

/** The greatest key that begins with a prefix, or greater: no key holds this character. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** The order of keys: by their code points, as SQLite compares texts in UTF-8. */
export function compareKeys(
  { key: a }: Pick<DirectoryRecord, "key">,
  { key: b }: Pick<DirectoryRecord, "key">,
): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    // Halves of surrogate pairs stand below what comes behind them, and mean what is above all.
    return a.codePointAt(at)! - b.codePointAt(at)! ||
      a.charCodeAt(at) - b.charCodeAt(at);
  }
  return a.length - b.length;
}
