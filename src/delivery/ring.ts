/** The last messages of a room, in memory: those near its head need nothing from the journal. */
import {
  HISTORY_PAGE_MESSAGES,
  RING_BYTES,
  RING_MESSAGES,
  RING_PROBE_MESSAGES,
} from "../base/limits.ts";
import type { Entry, Journal } from "../store/store.ts";

/** What an entry takes in memory besides its text: 150 where it was said just now, 300 as read. */
const ENTRY_OVERHEAD_BYTES = 240;
/** Strings that have none of these take one byte for each character, all others two. */
const WIDE = /[\u0100-\uffff]/;

/**
 * Entries ascending without a gap, up to the room's head: at most {@linkcode RING_MESSAGES} or
 * {@linkcode RING_BYTES}, and up to twice that before it is trimmed, but always the last one.
 */
export class Ring {
  #entries: Entry[] = [];
  #bytes = 0;

  /** Bytes of memory that they take, about. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#entries.length;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += bytesOf(entry);
    const isDue = this.#entries.length > 2 * RING_MESSAGES ||
      this.#bytes > 2 * RING_BYTES;
    if (isDue) this.#trim();
  }

  /** Nothing stays here of what was deleted: the entry so many before the last. */
  erase(before: number): void {
    const at = this.#entries.length - 1 - before;
    const entry = this.#entries[at];
    if (entry === undefined) return;
    const { room, seq, at: time } = entry;
    const gone = { room, seq, at: time, from: "", kind: "gone", body: "" };
    this.#bytes += bytesOf(gone) - bytesOf(entry);
    this.#entries[at] = gone;
  }

  /** Begins with these. */
  fill(entries: readonly Entry[]): void {
    this.clear();
    for (const entry of entries) this.push(entry);
    this.#trim();
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }

  /** At most `limit` of the last `count`, from the first of these on; `undefined` if it has less. */
  last(count: number, limit: number): readonly Entry[] | undefined {
    const at = this.#entries.length - count;
    return at < 0 ? undefined : this.#entries.slice(at, at + limit);
  }

  #trim(): void {
    const entries = this.#entries;
    let from = entries.length;
    let bytes = 0;
    while (from > 0 && entries.length - from < RING_MESSAGES) {
      const more = bytesOf(entries[from - 1]!);
      if (bytes > 0 && bytes + more > RING_BYTES) break;
      bytes += more;
      from--;
    }
    if (from > 0) this.#entries = entries.slice(from);
    this.#bytes = bytes;
  }
}

/**
 * The last messages of a room with this head: as many as a page has and a ring may keep, ascending.
 * The last few tell how many that is: long ones are not read to be thrown away.
 */
export async function readLast(
  journal: Pick<Journal, "read">,
  room: string,
  head: number,
): Promise<readonly Entry[]> {
  const few = Math.min(head, RING_PROBE_MESSAGES);
  const probe = await journal.read(room, head - few + 1, few);
  // All of it may have been taken away.
  if (probe.length === 0) return probe;
  const first = probe[0]?.seq ?? 1;
  const bytes = probe.reduce((sum, entry) => sum + bytesOf(entry), 0);
  const fitting = Math.floor(RING_BYTES / Math.max(1, bytes / probe.length));
  const most = Math.min(HISTORY_PAGE_MESSAGES, fitting);
  const more = Math.min(first - 1, most - probe.length);
  if (more <= 0) return probe;
  const before = await journal.read(room, first - more, more);
  return [...before.filter(({ seq }) => seq < first), ...probe];
}

function bytesOf({ body }: Entry): number {
  return ENTRY_OVERHEAD_BYTES + body.length * (WIDE.test(body) ? 2 : 1);
}
