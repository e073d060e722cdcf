/** What Tab offers for the word at the cursor: commands, names, rooms, emoji, settings. Pure. */
import { emojiNames } from "../../text/emoji.ts";
import { choicesOf, SETTING_NAMES } from "../model/settings.ts";

/** What there is to choose from. */
export interface Completions {
  /** Without their slash. */
  readonly commands: readonly string[];
  readonly people: readonly string[];
  readonly rooms: readonly string[];
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
    return matching(known.commands, word.slice(1)).map((one) => `/${one} `);
  }
  const emoji = /^(.*):([a-z0-9_+-]+)$/.exec(word);
  if (emoji !== null) {
    return emojiNames(emoji[2]!).map((one) => `${emoji[1]}:${one}: `);
  }
  const [, command, setting] = /^\/(\S+)\s+(?:(\S+)\s+)?$/.exec(head) ?? [];
  if (command === "set") {
    const all = setting === undefined ? SETTING_NAMES : choicesOf(setting);
    return matching(all, word).map((one) => `${one} `);
  }
  if (command === "join") {
    const plus = word.startsWith("+") ? "+" : "";
    return matching(known.rooms, word.slice(plus.length))
      .map((one) => `${plus}${one} `);
  }
  if (word === "") return [];
  const at = word.startsWith("@") ? "@" : "";
  const end = head === "" && at === "" ? ": " : " ";
  return matching(known.people, word.slice(at.length))
    .map((name) => `${at}${name}${end}`);
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
