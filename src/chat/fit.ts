/** Lists that must fit a frame. */
import { FRAME_MAX_BYTES } from "../base/limits.ts";

const encoder = new TextEncoder();
/** What a message's other fields may take. */
const ENVELOPE_BYTES = 2_048;

/** As many of the items as fit a frame, from the first on. */
export function fitting<T>(items: Iterable<T>): T[] {
  const taken: T[] = [];
  let left = FRAME_MAX_BYTES - ENVELOPE_BYTES;
  for (const item of items) {
    left -= encoder.encode(JSON.stringify(item)).length + 1;
    if (left < 0) break;
    taken.push(item);
  }
  return taken;
}
