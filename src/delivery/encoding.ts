/** Journal entries as messages of the wire, and pages of them that fit a frame. */
import { FRAME_MAX_BYTES } from "../base/limits.ts";
import type { Entry } from "../store/store.ts";
import { concat } from "@std/bytes/concat";
import { encodeFrame } from "../wire/frame.ts";
import {
  type Chat,
  encodeMessage,
  type History,
  type Private,
  type ServerMessage,
} from "../wire/server.ts";

const encoder = new TextEncoder();
/** What a page's own fields may take: a room's name, the flags, an id. */
const PAGE_ENVELOPE_BYTES = 2_048;
const COMMA = encoder.encode(",");

/** A journaled message of a room called `name`. One's own carries its `id`. */
export function entryMessage(
  entry: Entry,
  name: string,
  reader?: string,
): Chat | Private {
  const { from, body: txt, seq, at } = entry;
  const more = {
    ...(entry.kind === "action" ? { action: true as const } : {}),
    ...(entry.id !== undefined && entry.person !== undefined &&
        entry.person === reader
      ? { id: entry.id }
      : {}),
  };
  if (entry.to !== undefined) {
    return { type: "private", from, to: entry.to, txt, seq, at, ...more };
  }
  return { type: "chat", room: name, from, txt, seq, at, ...more };
}

/** The flags of a page. */
export type PageFlags = Omit<History, "type" | "room" | "messages">;

/** A page: its frame, and the seqs that it holds. */
export interface Page {
  readonly frame: Uint8Array;
  readonly entries: readonly Entry[];
}

/**
 * A `history` with as many of `entries` as fit a frame, from the first on, or with `keep: "last"` up to the last; `flagsOf` is told
 * which they are.
 */
export function encodePage(
  entries: readonly Entry[],
  name: string,
  reader: string,
  flagsOf: (held: readonly Entry[]) => PageFlags,
  keep: "first" | "last" = "first",
): Page {
  const encoded: Uint8Array<ArrayBuffer>[] = [];
  const held: Entry[] = [];
  let left = FRAME_MAX_BYTES - PAGE_ENVELOPE_BYTES;
  for (const entry of keep === "first" ? entries : entries.toReversed()) {
    const bytes = encoder.encode(
      JSON.stringify(entryMessage(entry, name, reader)),
    );
    left -= bytes.length + COMMA.length;
    if (left < 0) break;
    encoded.push(bytes);
    held.push(entry);
  }
  if (keep === "last") {
    encoded.reverse();
    held.reverse();
  }
  const { more, ...flags } = flagsOf(held);
  const rest = Object.keys(flags).length === 0
    ? ""
    : `,${JSON.stringify(flags).slice(1, -1)}`;
  const parts = [
    encoder.encode(
      `{"type":"history","room":${JSON.stringify(name)},"messages":[`,
    ),
  ];
  encoded.forEach((bytes, at) =>
    parts.push(...(at === 0 ? [bytes] : [COMMA, bytes]))
  );
  parts.push(encoder.encode(`],"more":${more}${rest}}`));
  return { frame: encodeFrame(concat(parts)), entries: held };
}

/** A `found` with as many of `entries` as fit a frame, from the last on, in their order. */
export function encodeFound(
  entries: readonly Entry[],
  name: string,
  reader: string,
  query: string,
  id: string | undefined,
): Uint8Array {
  const messages: (Chat | Private)[] = [];
  let left = FRAME_MAX_BYTES - PAGE_ENVELOPE_BYTES -
    encoder.encode(JSON.stringify(query)).length;
  for (const entry of entries.toReversed()) {
    const message = entryMessage(entry, name, reader);
    left -= encoder.encode(JSON.stringify(message)).length + COMMA.length;
    if (left < 0) break;
    messages.push(message);
  }
  messages.reverse();
  return encodeMessage(
    {
      type: "found",
      room: name,
      query,
      messages,
      ...(id === undefined ? {} : { id }),
    } satisfies ServerMessage,
  );
}
