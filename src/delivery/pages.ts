/** Journal entries as messages of the wire, and the pages of them that are asked for. */
import { given } from "../base/given.ts";
import type { PageRequest, SearchRequest } from "../chat/effects.ts";
import { isText } from "../store/kinds.ts";
import type { Entry, Found, FoundInAll, Journal } from "../store/store.ts";
import { fitFrame, type FitOptions } from "../wire/frame_list.ts";
import type { History, Journaled, ServerMessage } from "../wire/server.ts";

/** Whether a chat says whose key its author has; those in a small room know it. */
export type KeyShown = "with-key" | "without-key";

/**
 * A journaled message of a room called `name`: for one reader, to whom it says its author's key and
 * of one's own the `id`; or, without a reader, as it is said to all at once. A private one always
 * says the key. Of a kind that is not known here the kind alone is sent, so that it keeps its seq.
 */
export function entryMessage(
  entry: Entry,
  name: string,
  reader?: string,
  shown: KeyShown = reader === undefined ? "without-key" : "with-key",
): Journaled {
  const { kind, from, to, body: txt, seq, at, id, person } = entry;
  if (kind === "deleted") {
    const target = Number(txt);
    return { type: "deleted", room: name, target, by: from, seq, at };
  }
  // A type to come: who does not know it skips it.
  if (!isText(entry.kind)) return { type: kind as "gone", room: name, seq, at };
  const isOwn = person !== undefined && person === reader;
  const isKeyed = person !== undefined &&
    (to !== undefined || shown === "with-key");
  const more = {
    ...(kind === "action" ? { action: true as const } : {}),
    ...(isKeyed ? { key: person } : {}),
    ...(isOwn && id !== undefined ? { id } : {}),
  };
  return to === undefined
    ? { type: "chat", room: name, from, txt, seq, at, ...more }
    : { type: "private", from, to, txt, seq, at, ...more };
}

/** Whether an entry's message names the conversation, which each reader calls otherwise. */
export function isPersonal(entry: Entry): boolean {
  return entry.room.startsWith("@") && !isText(entry.kind);
}

/** Entries as messages: as many as fit a frame. */
export function fitMessages(
  entries: readonly Entry[],
  name: string,
  reader: string,
  options?: FitOptions,
): Journaled[] {
  const messages = entries.map((entry) => entryMessage(entry, name, reader));
  return fitFrame(messages, options);
}

/**
 * The page that was asked for, of a room with this head. What was taken away of what was asked for
 * is `skipped`.
 */
export async function readPage(
  journal: Pick<Journal, "read">,
  reader: string,
  { room, name, before = Infinity, after, limit, id }: PageRequest,
  head: number,
): Promise<History> {
  const end = Math.min(head, before - 1);
  const from = after === undefined ? Math.max(1, end - limit + 1) : after + 1;
  // With the one before it, if that is still there.
  const read = head === 0 ? [] : await journal.read(room, from - 1, limit + 1);
  const hasOlder = from > 1 && read[0]?.seq === from - 1;
  const entries = read.filter(({ seq }) => seq >= from && seq <= end)
    .slice(0, limit);
  const keep = after === undefined ? "last" : "first";
  const messages = fitMessages(entries, name, reader, { keep });
  const gone = takenAway(from, end, entries);
  const isCut = keep === "last" && messages.length < entries.length;
  const last = messages.at(-1)?.seq ?? end;
  return {
    type: "history",
    room: name,
    messages,
    more: after === undefined ? hasOlder || isCut : last < head,
    ...(hasOlder || isCut ? { older: true } : {}),
    ...given({ skipped: gone, id }),
  };
}

/**
 * What was taken away of the messages from one seq to another: the journal loses its beginning, and
 * nothing in between.
 */
export function takenAway(
  from: number,
  to: number,
  entries: readonly Entry[],
): { from: number; to: number } | undefined {
  const first = entries[0]?.seq ?? to + 1;
  return from < first && from <= to ? { from, to: first - 1 } : undefined;
}

/** What a page says besides its messages: a room's name, an id. The query comes on top of that. */
const ENVELOPE_BYTES = 2_048;
/** A UTF-16 code unit takes at most as many bytes in JSON. */
const CODE_UNIT_MAX_BYTES = 6;

/**
 * What a search finds: as much of it as fits a frame, up to the last; and the milliseconds of the
 * event loop that it took.
 */
export async function readFound(
  journal: Pick<Journal, "search" | "searchAll">,
  reader: string,
  request: SearchRequest,
  signal?: AbortSignal,
): Promise<{ message: ServerMessage; tookMs: number }> {
  const { name, query, places, where, id } = request;
  const nameOf = (room: string) => places?.get(room) ?? name;
  const found = await lookFor(journal, request, signal);
  const messages = fitFrame(
    found.entries.map((one) => entryMessage(one, nameOf(one.room), reader)),
    {
      keep: "last",
      envelopeBytes: ENVELOPE_BYTES + CODE_UNIT_MAX_BYTES * query.length,
    },
  );
  const isCut = messages.length < found.entries.length;
  const oldest: Partial<FoundInAll["searched"]> = isCut
    ? found.entries.at(-messages.length)
    : found.searched;
  const { seq, at, room: inRoom } = oldest ?? {};
  const isInAll = places !== undefined && inRoom !== undefined;
  const searched = seq === undefined || at === undefined
    ? undefined
    : { seq, at, ...(isInAll ? { room: nameOf(inRoom) } : {}) };
  const message: ServerMessage = {
    type: "found",
    room: name,
    query,
    messages,
    ...(isCut || found.more ? { more: true } : {}),
    ...given({ searched, where, id }),
  };
  return { message, tookMs: found.tookMs };
}

function lookFor(
  journal: Pick<Journal, "search" | "searchAll">,
  { room, places, words, limit, before: seq, beforeRoom }: SearchRequest,
  signal: AbortSignal | undefined,
): Promise<Found | FoundInAll> {
  if (places === undefined) {
    const options = given({ before: seq, signal });
    return journal.search(room, words, limit, options);
  }
  const before = seq === undefined || beforeRoom === undefined
    ? undefined
    : { room: beforeRoom, seq };
  const options = given({ before, signal });
  return journal.searchAll([...places.keys()], words, limit, options);
}
