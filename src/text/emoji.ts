/** The names of emoji, as GitHub has them: `tada` is 🎉. */
import symbols from "markdown-it-emoji/lib/data/full.mjs";

const BY_NAME: ReadonlyMap<string, string> = new Map(Object.entries(symbols));

/** An emoji with all the names that it has. */
export interface Emoji {
  readonly symbol: string;
  readonly names: readonly string[];
}

let sortedNames: readonly string[] | undefined;
let all: readonly Emoji[] | undefined;

/** The emoji of a name, without its colons. */
export function findEmoji(name: string): string | undefined {
  return BY_NAME.get(name);
}

/** All names that begin with `prefix` (without its colon), in the order of the alphabet. */
export function emojiNames(prefix: string): string[] {
  sortedNames ??= [...BY_NAME.keys()].sort();
  return sortedNames.filter((name) => name.startsWith(prefix));
}

/** All names that have `part` in them: first those that begin with it. */
export function emojiNamesWith(part: string): string[] {
  const within = emojiNames("").filter((name) => name.indexOf(part) > 0);
  return [...new Set([...emojiNames(part), ...within])];
}

/** Every emoji once, in the order of the table, which is Unicode's: faces, people, animals, … */
export function allEmoji(): readonly Emoji[] {
  if (all !== undefined) return all;
  const bySymbol = Map.groupBy(BY_NAME, ([, symbol]) => symbol);
  all = Array.from(bySymbol, ([symbol, entries]) => {
    return { symbol, names: entries.map(([name]) => name) };
  });
  return all;
}

/** The emoji of which a name has these words: first those with a name that begins with them. */
export function searchEmoji(words: string): readonly Emoji[] {
  const part = words.trim().toLowerCase().replace(/[\s:]+/g, "_")
    .replace(/^_|_$/g, "");
  if (part === "") return allEmoji();
  const found = allEmoji().filter(({ names }) =>
    names.some((name) => name.includes(part))
  );
  const begins = ({ names }: Emoji) =>
    names.some((name) => name.startsWith(part));
  return [...found.filter(begins), ...found.filter((one) => !begins(one))];
}
