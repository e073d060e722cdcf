/** The names of emoji, as GitHub has them: `tada` is 🎉. */
import symbols from "markdown-it-emoji/lib/data/full.mjs";

const BY_NAME: ReadonlyMap<string, string> = new Map(Object.entries(symbols));

let sortedNames: readonly string[] | undefined;

/** The emoji of a name, without its colons. */
export function findEmoji(name: string): string | undefined {
  return BY_NAME.get(name);
}

/** All names that begin with `prefix` (without its colon), in the order of the alphabet. */
export function emojiNames(prefix: string): string[] {
  sortedNames ??= [...BY_NAME.keys()].sort();
  return sortedNames.filter((name) => name.startsWith(prefix));
}
