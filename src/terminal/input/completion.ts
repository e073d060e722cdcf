/** What Tab offers for the word at the cursor: commands, names, rooms, emoji, settings. Pure. */
import { emojiNames } from "../../text/emoji.ts";
import { choicesOf, SETTING_NAMES } from "../model/settings.ts";

export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly args: string;
}

/** What there is to choose from. */
export interface Completions {
  /** Names without their slash, and their arguments as help has them. */
  readonly commands: readonly Command[];
  readonly people: readonly string[];
  /** One's own rooms and conversations, in the order in which they are offered. */
  readonly places: readonly string[];
  /** All rooms that are known; to want them may be to have them asked for again. */
  readonly rooms: () => readonly string[];
}

/** The word that is completed, and what it may become, with what follows it. */
export interface Completion {
  /** What stands before the word. */
  readonly head: string;
  readonly word: string;
  readonly candidates: readonly string[];
}

/** More are not offered at once. */
const CANDIDATES = 200;
const BLANK = /\s/;

/** The completion of the word that ends where `before` ends. */
export function complete(before: string, known: Completions): Completion {
  const { head, word } = lastWord(before);
  const offered = offersFor(head, word, known);
  return { head, word, candidates: [...new Set(offered)].slice(0, CANDIDATES) };
}

/** Splits before the last word, which is empty behind a blank. */
function lastWord(text: string): { head: string; word: string } {
  let from = text.length;
  while (from > 0 && !BLANK.test(text[from - 1]!)) from--;
  return { head: text.slice(0, from), word: text.slice(from) };
}

function offersFor(head: string, word: string, known: Completions): string[] {
  if (head === "" && word.startsWith("/") && !word.startsWith("//")) {
    return commandsOf(known, word.slice(1)).map((one) => `/${one} `);
  }
  const emoji = /^(.*):([a-z0-9_+-]+)$/.exec(word);
  if (emoji !== null) {
    return emojiNames(emoji[2]!).map((one) => `${emoji[1]}:${one}: `);
  }
  const [, command, argument] = /^\/(\S+)\s+(?:(\S+)\s+)?$/.exec(head) ??
    [];
  if (command !== undefined) {
    const offers = argumentOffers(command.toLowerCase(), argument, word, known);
    if (offers !== undefined) return offers.map((one) => `${one} `);
  }
  if (word === "") return [];
  const at = word.startsWith("@") ? "@" : "";
  const end = head === "" && at === "" ? ": " : " ";
  return matching(known.people, word.slice(at.length))
    .map((name) => `${at}${name}${end}`);
}

/**
 * What may be the first argument of a command, or the second after one; `undefined` where it is
 * just text. Which that is, its line of help says: `NAME`, `ROOM`, `COMMAND`.
 */
function argumentOffers(
  name: string,
  before: string | undefined,
  word: string,
  known: Completions,
): string[] | undefined {
  if (name === "set") {
    return matching(
      before === undefined ? SETTING_NAMES : choicesOf(before),
      word,
    );
  }
  if (before !== undefined) return undefined;
  if (name === "go") return placesOf(known, word);
  const command = known.commands.find((one) =>
    one.name === name || one.aliases?.includes(name)
  );
  const [argument = ""] = command?.args.split(/[ \]]/) ?? [];
  switch (argument.replace("[", "")) {
    case "NAME":
      // One's own new name is nobody's.
      return name === "name" ? [] : after(/^@?/, word, known.people);
    case "ROOM":
      return after(/^\+?#?/, word, known.rooms());
    case "COMMAND":
      return name === "help" ? commandsOf(known, word) : undefined;
  }
  return undefined;
}

/** Those that continue what stands behind a mark, each with the mark. */
function after(
  mark: RegExp,
  word: string,
  names: readonly string[],
): string[] {
  const [marks = ""] = mark.exec(word) ?? [];
  return matching(names, word.slice(marks.length)).map((one) => marks + one);
}

/** Names of commands; their other names where none begins so. */
function commandsOf({ commands }: Completions, word: string): string[] {
  const named = matching(commands.map(({ name }) => name), word);
  if (named.length > 0) return named;
  return matching(commands.flatMap(({ aliases = [] }) => aliases), word);
}

/** One's own places, those with news first; `#` is for rooms, and `@` may be left out. */
function placesOf({ places }: Completions, word: string): string[] {
  const isRoom = word.startsWith("#");
  const wanted = word.slice(isRoom ? 1 : 0).toLowerCase();
  return places.flatMap((place) => {
    const isPrivate = place.startsWith("@");
    if (isRoom && isPrivate) return [];
    const name = place.toLowerCase();
    const isMeant = name.startsWith(wanted) ||
      (isPrivate && name.slice(1).startsWith(wanted));
    return isMeant ? [isRoom ? `#${place}` : place] : [];
  });
}

/** Those that begin so, in any case, in the order of the alphabet. */
function matching(names: readonly string[], prefix: string): string[] {
  const wanted = prefix.toLowerCase();
  return names.filter((name) => name.toLowerCase().startsWith(wanted))
    .sort((one, other) => one.localeCompare(other));
}

/** The longest beginning that all have. */
export function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? "";
  for (const text of texts) {
    while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  }
  return prefix.toWellFormed() === prefix ? prefix : prefix.slice(0, -1);
}
