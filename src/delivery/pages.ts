/** Journal entries as messages of the wire, and the pages of them that are asked for. */
import { given } from "../base/given.ts";
import type { PageRequest, SearchRequest } from "../chat/effects.ts";
import type { Entry, Journal } from "../store/store.ts";
import { fitFrame, type FitOptions } from "../wire/frame_list.ts";
import type { Chat, History, Private, ServerMessage } from "../wire/server.ts";

/** Whether a chat says whose key its author has; those in a small room know it. */
export type KeyShown = "with-key" | "without-key";

/**
 * A journaled message of a room called `name`: for one reader, to whom it says its author's key and
 * of one's own the `id`; or, without a reader, as it is said to all at once. A private one always
 * says the key. What is no text is sent as its kind alone, so that it keeps its seq.
 */
export function entryMessage(
  entry: Entry,
  name: string,
  reader?: string,
  shown: KeyShown = reader === undefined ? "without-key" : "with-key",
): Chat | Private {
  const { kind, from, to, body: txt, seq, at, id, person } = entry;
  if (!isText(entry)) {
    // A type to come: who does not know it skips it.
    return { type: kind, room: name, seq, at } as unknown as Chat;
  }
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
  return entry.to !== undefined && !isText(entry);
}

function isText({ kind }: Entry): boolean {
  return kind === "text" || kind === "action";
}

/** Entries as messages: as many as fit a frame. */
export function fitMessages(
  entries: readonly Entry[],
  name: string,
  reader: string,
  options?: FitOptions,
): (Chat | Private)[] {
  const messages = entries.map((entry) => entryMessage(entry, name, reader));
  return fitFrame(messages, options);
}

/** The page that was asked for, of a room with this head. */
export async function readPage(
  journal: Pick<Journal, "read">,
  reader: string,
  { room, name, before = Infinity, after, limit, id }: PageRequest,
  head: number,
): Promise<History> {
  const from = after === undefined
    ? Math.max(1, Math.min(before, head + 1) - limit)
    : after + 1;
  const to = Math.min(head, from + limit - 1, before - 1);
  const entries = to < from
    ? []
    : await journal.read(room, from, to - from + 1);
  const keep = after === undefined ? "last" : "first";
  const messages = fitMessages(entries, name, reader, { keep });
  const first = messages[0]?.seq ?? from;
  const last = messages.at(-1)?.seq ?? to;
  return {
    type: "history",
    room: name,
    messages,
    more: after === undefined ? first > 1 : last < head,
    ...(first > 1 ? { older: true } : {}),
    ...given({ id }),
  };
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
  journal: Pick<Journal, "search">,
  reader: string,
  { room, name, words, query, limit, before, id }: SearchRequest,
  signal?: AbortSignal,
): Promise<{ message: ServerMessage; tookMs: number }> {
  const options = given({ before, signal });
  const found = await journal.search(room, words, limit, options);
  const messages = fitMessages(found.entries, name, reader, {
    keep: "last",
    envelopeBytes: ENVELOPE_BYTES + CODE_UNIT_MAX_BYTES * query.length,
  });
  const isCut = messages.length < found.entries.length;
  const oldest = isCut ? found.entries.at(-messages.length) : found.searched;
  const searched = oldest && { seq: oldest.seq, at: oldest.at };
  const message: ServerMessage = {
    type: "found",
    room: name,
    query,
    messages,
    ...(isCut || found.more ? { more: true } : {}),
    ...given({ searched, id }),
  };
  return { message, tookMs: found.tookMs };
}
