/** Reads of a place what is not shown yet: before, behind, in a gap, or around a message. */
import { batch } from "@preact/signals-core";
import { ConfabError, describeError } from "../../base/errors.ts";
import { HISTORY_PAGE_MESSAGES } from "../../base/limits.ts";
import type { History, Stored } from "../../wire/server.ts";
import type { Chat } from "./chat.ts";
import { type GapLine, isStored } from "./line.ts";
import type { Place } from "./place.ts";
import { Timeline } from "./timeline.ts";

type Where = { readonly before: number } | { readonly after: number };

/** Reads on before the first line of what is looked at. */
export function loadOlder(chat: Chat, place: Place): Promise<void> {
  const { timeline } = place;
  const before = Math.min(timeline.firstSeq ?? Infinity, timeline.from);
  const isThere = before < Infinity && timeline.hasOlder.peek();
  if (!isThere || timeline.isFull) return Promise.resolve();
  return load(chat, place, { before }, ({ messages, older }) => {
    timeline.add(chat.linesOf(place, messages, "older"));
    // What is not shown (somebody is ignored) is not asked for again either.
    timeline.from = Math.min(before, ...seqsOf(messages));
    timeline.hasOlder.value = older === true && timeline.from < before;
  });
}

/** Reads on behind its last line; where the live end is met, that is looked at again. */
export function loadNewer(chat: Chat, place: Place): Promise<void> {
  const { timeline } = place;
  const after = Math.max(timeline.lastSeq ?? 0, timeline.to);
  if (!timeline.hasNewer.peek()) return Promise.resolve();
  return load(chat, place, { after }, ({ messages, more }) => {
    timeline.add(chat.linesOf(place, messages, "older"));
    timeline.to = Math.max(after, ...seqsOf(messages));
    timeline.hasNewer.value = more && timeline.to > after;
    const isMet = timeline.to >= (place.live.firstSeq ?? Infinity) - 1;
    if (isMet || !timeline.hasNewer.peek()) rejoin(place, timeline);
  });
}

/** What was looked at elsewhere goes over into the live end. */
function rejoin(place: Place, timeline: Timeline): void {
  const { live } = place;
  const reachesBack = (timeline.firstSeq ?? Infinity) <
    (live.firstSeq ?? Infinity);
  live.add(timeline.lines.filter(isStored));
  if (reachesBack) live.hasOlder.value = timeline.hasOlder.peek();
  if (place.detached.peek() === timeline) place.detached.value = undefined;
}

/** Fills a gap from its older end, a page at a time. */
export function fillGap(
  chat: Chat,
  place: Place,
  { key, from, to }: GapLine,
): Promise<void> {
  const { live } = place;
  return load(chat, place, { after: from - 1 }, ({ messages, more }) => {
    live.add(chat.linesOf(place, messages, "older"));
    const reached = Math.max(...seqsOf(messages), from - 1);
    live.narrow(key, more && reached >= from ? reached + 1 : to + 1);
  });
}

/**
 * Looks at a message wherever in the journal it is.
 *
 * @throws {ConfabError} what the server refuses.
 */
export async function jumpTo(
  chat: Chat,
  place: Place,
  seq: number,
): Promise<void> {
  const isShown = place.timeline.find(seq) !== undefined;
  if (!isShown && place.live.find(seq) === undefined) {
    place.detached.value = await around(chat, place, seq);
  } else if (!isShown) place.detached.value = undefined;
  place.sought.value = { seq };
}

/**
 * What was said before a message and after it, and the message itself; `undefined` where that has
 * become part of the live end.
 */
async function around(
  chat: Chat,
  place: Place,
  seq: number,
): Promise<Timeline | undefined> {
  const limit = HISTORY_PAGE_MESSAGES / 2;
  const [older, newer] = await Promise.all([
    pageOf(chat, place, { before: seq + 1 }, limit),
    pageOf(chat, place, { after: seq }, limit),
  ]);
  const timeline = new Timeline();
  timeline.keepAll();
  timeline.add(chat.linesOf(place, older.messages, "older"));
  timeline.add(chat.linesOf(place, newer.messages, "older"));
  timeline.hasOlder.value = older.older === true;
  timeline.hasNewer.value = newer.more;
  if (newer.more) return timeline;
  rejoin(place, timeline);
  return undefined;
}

function seqsOf(messages: readonly Stored[]): number[] {
  return messages.flatMap(({ seq }) => seq === undefined ? [] : [seq]);
}

/** Looks at the end again. */
export function returnToEnd(place: Place): void {
  place.detached.value = undefined;
  place.sought.value = undefined;
}

/** Reads a page for what is looked at, one at a time. */
async function load(
  chat: Chat,
  place: Place,
  where: Where,
  take: (page: History) => void,
): Promise<void> {
  const { timeline } = place;
  if (timeline.isLoading.peek()) return;
  timeline.isLoading.value = true;
  timeline.fault.value = "";
  try {
    const page = await pageOf(chat, place, where, HISTORY_PAGE_MESSAGES);
    batch(() => {
      take(page);
      timeline.isLoading.value = false;
    });
  } catch (error) {
    // What was cut off is asked for again as soon as somebody looks.
    const isCut = error instanceof ConfabError && error.code === "closed";
    if (!isCut) timeline.fault.value = describeError(error);
    timeline.isLoading.value = false;
  }
}

async function pageOf(
  chat: Chat,
  place: Place,
  where: Where,
  limit: number,
): Promise<History> {
  const request = { type: "history", room: place.name, limit, ...where };
  const answer = await chat.patience.ask(() =>
    chat.ask(request as Parameters<Chat["ask"]>[0])
  );
  if (answer.type === "history") return answer;
  throw new Error(`asked for a history, got ${answer.type}`);
}
