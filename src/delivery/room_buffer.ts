/** A room as the delivery loop sees it: how far it is committed, its last messages encoded, and who hears it. */
import { RING_BYTES, RING_MESSAGES } from "../base/limits.ts";
import type { Entry } from "../store/store.ts";
import { encodeMessage } from "../wire/server.ts";
import type { Cursor } from "./cursor.ts";
import { entryMessage } from "./encoding.ts";

/** A committed message, and its frame as others get it, made when the first of them does. */
export class Kept {
  readonly entry: Entry;
  readonly #name: string;
  #frame: Uint8Array | undefined;

  constructor(entry: Entry, name: string) {
    this.entry = entry;
    this.#name = name;
  }

  get frame(): Uint8Array {
    return this.#frame ??= encodeMessage(entryMessage(this.entry, this.#name));
  }

  /** What it takes of the ring: near enough, and known without encoding it. */
  get sizeBytes(): number {
    return KEPT_OVERHEAD_BYTES + this.entry.body.length;
  }
}

const KEPT_OVERHEAD_BYTES = 150;

export class Feed {
  readonly room: string;
  readonly name: string;
  /** Seq of the last committed message. */
  head: number;
  /** Everyone who hears the room. */
  readonly cursors = new Set<Cursor>();
  /** The last messages, ascending without a gap, ending at the head. */
  #ring: Kept[] = [];
  #ringBytes = 0;

  constructor(room: string, name: string, head: number) {
    this.room = room;
    this.name = name;
    this.head = head;
  }

  /** Takes the last messages of a room that nobody heard until now; they end at the head. */
  prime(entries: readonly Entry[]): void {
    this.#ring = entries.map((entry) => new Kept(entry, this.name));
    this.#ringBytes = this.#ring.reduce(
      (sum, { sizeBytes }) => sum + sizeBytes,
      0,
    );
  }

  /** Takes the next committed message. */
  append(entry: Entry): Kept {
    const kept = new Kept(entry, this.name);
    this.head = entry.seq;
    this.#ring.push(kept);
    this.#ringBytes += kept.sizeBytes;
    if (
      this.#ring.length > 2 * RING_MESSAGES || this.#ringBytes > 2 * RING_BYTES
    ) this.#trim();
    return kept;
  }

  /** Kept messages from a seq on, or `undefined` when the ring does not reach back to it. */
  kept(fromSeq: number, limit: number): readonly Kept[] | undefined {
    if (fromSeq > this.head) return [];
    const at = this.#ring.length - (this.head - fromSeq + 1);
    return at < 0 ? undefined : this.#ring.slice(at, at + limit);
  }

  #trim(): void {
    let from = this.#ring.length;
    let bytes = 0;
    while (
      from > 0 && this.#ring.length - from < RING_MESSAGES && bytes < RING_BYTES
    ) bytes += this.#ring[--from]!.sizeBytes;
    this.#ring = this.#ring.slice(from);
    this.#ringBytes = bytes;
  }
}
