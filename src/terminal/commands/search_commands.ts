/** The commands that find what was said: what was found is numbered, and led to. */
import { UsageError } from "../../base/errors.ts";
import { HISTORY_PAGE_MESSAGES } from "../../base/limits.ts";
import { dayAndTime, EVERYWHERE, furtherSearch } from "../../text/render.ts";
import type { MessageOf, Said } from "../../wire/server.ts";
import { cleanLine } from "../../wire/text.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { showPage } from "../model/pages.ts";
import { isSaid } from "../model/showing.ts";
import { EntryMaker } from "../reader/entries.ts";
import { rowsOf } from "../reader/rows.ts";
import { TIMED_INDENT_CELLS } from "../screen/printer.ts";
import { readStyled, writeStyled } from "../screen/sgr.ts";
import type { LocalCommand } from "./local_command.ts";

type Found = MessageOf<"found">;

/** Shown at once; `/more` shows the next. */
const SHOWN = 10;
/** Messages on either side of one that is looked at in a terminal without a screen. */
const AROUND = 5;
/** Words that are marked; each is looked for in all that is shown. */
const WORDS = 32;
const INVERSE = "7";

/** A search as far as it went. */
interface Search {
  /** What it looks for, as words. */
  readonly words: readonly string[];
  /** All that was shown, the newest first: the number of each is its place here, from 1. */
  readonly shown: Said[];
  /** What was found and not shown yet, ascending. */
  waiting: Said[];
  /** The arguments that go on with it, if there is more. */
  next: string | undefined;
}

/** What each chat has searched last. */
const SEARCHES = new WeakMap<ChatModel, Search>();

export const SEARCH_COMMANDS: readonly LocalCommand[] = [
  {
    name: "search",
    aliases: ["find"],
    args: "[in:ROOM] WORDS",
    text:
      "find messages that hold all the words: here, in:ROOM, in:@NAME, or in:all that you may read",
    run: search,
  },
  {
    name: "more",
    args: "",
    text: "show more of what was found, older ones",
    run: more,
  },
  {
    name: "around",
    args: "N",
    text: "read what was said around the message that was found as number N",
    run: around,
  },
];

async function search(model: ChatModel, args: string): Promise<void> {
  const { current } = model.views;
  const isPlaced = args.startsWith("in:") || current?.isPrivate !== true;
  const asked = isPlaced ? args : `in:${current.name} ${args}`;
  const found = await ask(model, asked);
  if (found === undefined) return;
  const words = found.query.toLowerCase().split(/\s+/).filter(Boolean)
    .slice(0, WORDS);
  const begun: Search = { words, shown: [], waiting: [], next: undefined };
  SEARCHES.set(model, begun);
  const place = found.room === EVERYWHERE ? "all you may read" : found.room;
  model.out.rule(`${found.query} in ${place}`);
  take(model, begun, found);
}

async function more(model: ChatModel): Promise<void> {
  const search = SEARCHES.get(model);
  if (search === undefined) throw new UsageError("/search WORDS comes first");
  if (search.waiting.length > 0) return show(model, search);
  if (search.next === undefined) {
    throw new UsageError("that was all: there is nothing older");
  }
  const found = await ask(model, search.next);
  if (found !== undefined) take(model, search, found);
}

async function ask(model: ChatModel, args: string): Promise<Found | undefined> {
  const { current } = model.views;
  const room = current === undefined || current.isPrivate
    ? {}
    : { room: current.name };
  const answer = await model.ask({
    type: "command",
    name: "search",
    args,
    ...room,
  });
  return answer.type === "found" ? answer : undefined;
}

function take(model: ChatModel, search: Search, found: Found): void {
  const { searched, room } = found;
  const where = room === EVERYWHERE ? "all" : room;
  search.next = searched && furtherSearch({ where, ...found });
  search.waiting = found.messages.filter(isSaid).filter((message) =>
    !model.isIgnored(model.known.authorOf(message, "replayed"))
  );
  if (search.waiting.length > 0) return show(model, search);
  if (searched === undefined) {
    const more = search.shown.length === 0 ? "" : " more";
    return model.out.note(`nothing${more} was found`);
  }
  const date = dayAndTime(searched.at);
  model.out.note(`nothing so far, back to ${date}: /more goes on`);
}

/** Shows the newest of what waits; the last row has the lowest number. */
function show(model: ChatModel, search: Search): void {
  const { shown, waiting } = search;
  const some = waiting.splice(-SHOWN);
  const before = shown.length;
  shown.push(...some.toReversed());
  some.forEach((message, at) => {
    print(model, search, message, before + some.length - at);
  });
  const isMore = waiting.length > 0 || search.next !== undefined;
  const rest = isMore ? "/more shows older ones" : "that is all";
  model.out.note(`${rest}; /around N shows what was said around number N`);
}

function print(
  model: ChatModel,
  { words, shown }: Search,
  message: Said,
  number: number,
): void {
  const { palette, memory: { settings } } = model;
  const entry = new EntryMaker(model).of(message, "replayed");
  const date = dayAndTime(message.at);
  // The line has the time itself, where times are shown.
  const when = settings.timestamps === "on" ? date.split(" ")[0]! : date;
  const place = palette.style("place", cleanLine(model.placeOf(message)));
  // As wide as the highest of those that are shown with it.
  const label = `${number}`.padStart(`${shown.length}`.length);
  const before = `${label} ${place} ${palette.style("dim", when)} `;
  const columns = model.host.columns();
  const rows = (entry?.lines ?? []).flatMap((line, at) => {
    const marked = palette.color === "on" ? withMarks(line, words) : line;
    return rowsOf(
      at === 0 ? before + marked : marked,
      columns,
      TIMED_INDENT_CELLS,
    );
  });
  model.out.rows(rows);
}

/** Every word that was searched for stands out, in whatever style the line has there. */
function withMarks(line: string, words: readonly string[]): string {
  const pieces = readStyled(line).flatMap(({ text, style }) => {
    const lower = text.toLowerCase();
    // Some letters are more in lower case: then it is not known where a word is.
    if (lower.length !== text.length) return [{ text, style }];
    const marked = new Uint8Array(text.length);
    for (const word of words) {
      for (
        let at = lower.indexOf(word);
        at >= 0;
        at = lower.indexOf(word, at + word.length)
      ) marked.fill(1, at, at + word.length);
    }
    return cutWhere(text, marked).map(([part, isMarked]) => ({
      text: part,
      style: isMarked ? [style, INVERSE].filter(Boolean).join(";") : style,
    }));
  });
  return writeStyled(pieces);
}

/** The parts of a text that are marked, and those between them. */
function cutWhere(text: string, marked: Uint8Array): [string, boolean][] {
  const parts: [string, boolean][] = [];
  let from = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && marked[at] === marked[from]) continue;
    parts.push([text.slice(from, at), marked[from] === 1]);
    from = at;
  }
  return parts;
}

/** Opens the place there; where there is no screen, prints what stands around it. */
async function around(model: ChatModel, args: string): Promise<void> {
  const shown = SEARCHES.get(model)?.shown ?? [];
  const message = /^\d{1,6}$/.test(args) ? shown[Number(args) - 1] : undefined;
  if (message === undefined) {
    throw new UsageError(
      shown.length === 0
        ? "nothing was found yet: /search WORDS"
        : `usage: /around N, from 1 to ${shown.length}`,
    );
  }
  const place = model.placeOf(message);
  const { seq } = message;
  if (model.host.read !== undefined) return model.host.read(place, seq);
  const page = await model.ask({
    type: "history",
    room: place,
    before: seq + AROUND + 1,
    limit: Math.min(2 * AROUND + 1, HISTORY_PAGE_MESSAGES),
  });
  if (page.type !== "history") return;
  const said = page.messages.filter(isSaid);
  showPage(model, `around ${args} in ${place}`, said);
}
