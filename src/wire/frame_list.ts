/** Lists that must fit a frame: as many of their items as there is room for. */
import { FRAME_MAX_BYTES } from "../base/limits.ts";

const encoder = new TextEncoder();
/** What a message's other fields may take: a room's name, flags, an id. */
const ENVELOPE_BYTES = 2_048;
/** A UTF-16 code unit takes at most as many bytes, written `\u0000`. */
const CODE_UNIT_MAX_BYTES = 6;
/** The longest number is like -0.0000012345678901234567; `false` is shorter. */
const NUMBER_MAX_BYTES = 25;
/** Two quotes, brackets or braces. */
const AROUND_BYTES = 2;
/** A comma, or the colon behind a key. */
const BETWEEN_BYTES = 1;

export interface FitOptions {
  /** Bytes that the rest of the message may take. */
  readonly envelopeBytes?: number;
  /** Which items to keep when they do not all fit; default `first`. */
  readonly keep?: "first" | "last";
}

/**
 * As many of `items`, which are JSON values, as fit one frame when `JSON.stringify` encodes them:
 * from the first on, or up to the last, without a gap and in their order.
 */
export function fitFrame<T>(
  items: readonly T[],
  { envelopeBytes = ENVELOPE_BYTES, keep = "first" }: FitOptions = {},
): T[] {
  const roomBytes = FRAME_MAX_BYTES - envelopeBytes;
  // Most lists are short, and need not be encoded twice to know it.
  if (boundOf(items, roomBytes) <= roomBytes) return [...items];
  if (keep === "first") return items.slice(0, countFitting(items, roomBytes));
  const count = countFitting(items.toReversed(), roomBytes);
  return items.slice(items.length - count);
}

/** How many of the items fit, from the first on. */
function countFitting(items: readonly unknown[], roomBytes: number): number {
  let leftBytes = roomBytes - AROUND_BYTES;
  for (const [at, item] of items.entries()) {
    const json = JSON.stringify(item);
    leftBytes -= encoder.encode(json).length + BETWEEN_BYTES;
    if (leftBytes < 0) return at;
  }
  return items.length;
}

/** Bytes that a JSON value takes at most; it does not count on beyond `enough`. */
function boundOf(value: unknown, enough: number): number {
  if (typeof value === "string") {
    return AROUND_BYTES + CODE_UNIT_MAX_BYTES * value.length;
  }
  if (typeof value !== "object" || value === null) return NUMBER_MAX_BYTES;
  let bytes = AROUND_BYTES;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && bytes <= enough; at++) {
      bytes += boundOf(value[at], enough - bytes) + BETWEEN_BYTES;
    }
    return bytes;
  }
  for (const [key, part] of Object.entries(value)) {
    bytes += boundOf(key, enough) + boundOf(part, enough) + 2 * BETWEEN_BYTES;
  }
  return bytes;
}
