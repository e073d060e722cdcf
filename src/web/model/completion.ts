/** What is offered for the word at the caret: commands, what they take, people, emoji. Pure. */
import { emojiNamesWith, findEmoji } from "../../text/emoji.ts";
import type { HelpRow } from "../../wire/server.ts";

/** What there is to choose from. It is asked for only when it is needed. */
export interface Known {
  commands(): readonly HelpRow[];
  /** Those first who are most likely meant. */
  people(): readonly string[];
  rooms(): readonly { readonly name: string; readonly people?: number }[];
}

export interface Offer {
  /** What the word becomes, with what follows it. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

export interface Offers {
  /** Where the word begins that is completed, and where it ends. */
  readonly from: number;
  readonly to: number;
  readonly list: readonly Offer[];
}

/** More are not offered at once. */
const OFFERS = 50;
const BLANK = /\s/;
/** Letters behind a colon that are an emoji to come, and no time of day. */
const EMOJI_BEGUN = /^:([a-z_+-][a-z0-9_+-]+|\+|-1?)$/i;

/** What is offered while one types; `undefined` where there is nothing. */
export function offersAt(
  text: string,
  caret: number,
  known: Known,
): Offers | undefined {
  const { head, word } = lastWord(text.slice(0, caret));
  return offered(head, caret, offersFor(head, word, known));
}

/** What Tab goes through: the names of people without their sign, too. */
export function tabOffersAt(
  text: string,
  caret: number,
  known: Known,
): Offers | undefined {
  const { head, word } = lastWord(text.slice(0, caret));
  if (word === "") return undefined;
  const list = offersFor(head, word, known);
  const end = head === "" ? ": " : " ";
  const people = list.length > 0
    ? list
    : peopleFor(word, known).map((offer) => ({
      ...offer,
      insert: offer.label + end,
    }));
  return offered(head, caret, people);
}

/** Whether a word is already what an offer would make of it: then Enter is meant for the text. */
export function isWhole(text: string, offers: Offers, offer: Offer): boolean {
  return text.slice(offers.from, offers.to) === offer.insert.trimEnd();
}

function offered(
  head: string,
  caret: number,
  list: readonly Offer[],
): Offers | undefined {
  if (list.length === 0) return undefined;
  return { from: head.length, to: caret, list: list.slice(0, OFFERS) };
}

/** Splits before the last word, which is empty behind a blank. */
function lastWord(text: string): { head: string; word: string } {
  let from = text.length;
  while (from > 0 && !BLANK.test(text[from - 1]!)) from--;
  return { head: text.slice(0, from), word: text.slice(from) };
}

function offersFor(head: string, word: string, known: Known): Offer[] {
  if (head === "" && /^\/(?!\/)/.test(word)) {
    return matching(known.commands(), word.slice(1), ({ name }) => name)
      .map(({ name, args, text }) => ({
        insert: `/${name} `,
        label: `/${name} ${args}`.trimEnd(),
        detail: text,
      }));
  }
  const emoji = EMOJI_BEGUN.exec(word);
  if (emoji !== null) {
    return emojiNamesWith(emoji[1]!.toLowerCase()).map((name) => ({
      insert: `${findEmoji(name)} `,
      label: `${findEmoji(name)} :${name}:`,
      detail: "",
    }));
  }
  const argument = argumentFor(head, known.commands);
  if (argument === "ROOM") return roomsFor(word, known);
  if (argument === "COMMAND") {
    return matching(known.commands(), word, ({ name }) => name)
      .map(({ name, text }) => ({
        insert: `${name} `,
        label: name,
        detail: text,
      }));
  }
  if (argument === "NAME") return peopleFor(word.replace(/^@/, ""), known);
  if (!word.startsWith("@")) return [];
  return peopleFor(word.slice(1), known).map((offer) => ({
    ...offer,
    insert: `@${offer.insert}`,
  }));
}

/** What the command that a text begins with takes where the text ends, as its help names it. */
function argumentFor(
  head: string,
  commands: Known["commands"],
): string | undefined {
  const [, name, before] = /^\/([^\s/]\S*)\s+([^]*)$/.exec(head) ?? [];
  // What `/server` takes are its own commands.
  if (name === undefined || name === "server") return undefined;
  const row = commands().find((one) => one.name === name.toLowerCase());
  const given = before!.split(/\s+/).length - 1;
  return row?.args.split(" ")[given]?.replace(/[[\]]/g, "");
}

function peopleFor(begun: string, known: Known): Offer[] {
  return matching(known.people(), begun, (name) => name)
    .map((name) => ({ insert: `${name} `, label: name, detail: "" }));
}

function roomsFor(word: string, known: Known): Offer[] {
  const plus = word.startsWith("+") ? "+" : "";
  return matching(known.rooms(), word.slice(plus.length), ({ name }) => name)
    .map(({ name, people = 0 }) => ({
      insert: `${plus}${name} `,
      label: name,
      detail: people === 0 ? "" : `${people} here`,
    }));
}

/** Those whose names begin so, in any case. */
function matching<Item>(
  items: readonly Item[],
  begun: string,
  nameOf: (item: Item) => string,
): Item[] {
  const wanted = begun.toLowerCase();
  return items.filter((item) => nameOf(item).toLowerCase().startsWith(wanted));
}
