/** All rooms of the delivery: how far each is committed, and buffers of those that are heard. */
import { HEADS_KNOWN } from "../base/limits.ts";
import { Recent } from "../base/recent.ts";
import type { Directory, Entry } from "../store/store.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { KeyShown } from "./pages.ts";
import { Rings } from "./rings.ts";
import { type Hearer, RoomBuffer } from "./room_buffer.ts";

export class Rooms {
  readonly #directory: Pick<Directory, "headOf">;
  /** How far rooms were delivered that nobody hears now. */
  readonly #heads = new Recent<string, number>(HEADS_KNOWN);
  /** Of the rooms that somebody hears, or is about to. */
  readonly #buffers = new Map<string, RoomBuffer>();
  readonly #rings = new Rings();
  /** Where the present turn has said something. */
  readonly #touched = new Set<RoomBuffer>();
  /** Those that nobody may hear. */
  readonly #vacant = new Set<RoomBuffer>();

  constructor(directory: Pick<Directory, "headOf">) {
    this.#directory = directory;
  }

  has(room: string): boolean {
    return this.#buffers.has(room);
  }

  /** How many somebody hears; whose conversations are heard is nobody's business. */
  get heard(): number {
    let count = 0;
    for (const { name, hearers } of this.#buffers.values()) {
      if (hearers.size > 0 && !name.startsWith("@")) count++;
    }
    return count;
  }

  headOf(room: string): number {
    return this.#deliveredOf(room) ?? this.#directory.headOf(room);
  }

  /** How far a room was delivered, if that is remembered. */
  #deliveredOf(room: string): number | undefined {
    return this.#buffers.get(room)?.head ?? this.#heads.get(room);
  }

  open(room: string, name: string): RoomBuffer {
    let buffer = this.#buffers.get(room);
    if (buffer === undefined) {
      buffer = new RoomBuffer(room, name, this.headOf(room));
      this.#buffers.set(room, buffer);
      // Who is about to enter may be gone already.
      this.#vacant.add(buffer);
    }
    return buffer;
  }

  /** Takes what the journal has of a room's last messages. */
  prime(buffer: RoomBuffer, entries: readonly Entry[]): void {
    buffer.prime(entries);
    // Nobody may have come, and who was about to have gone.
    if (this.#buffers.get(buffer.room) === buffer) {
      this.#rings.count(buffer.ring);
    }
  }

  leave(buffer: RoomBuffer, hearer: Hearer): void {
    buffer.hearers.delete(hearer);
    this.#vacant.add(buffer);
  }

  /**
   * Takes a committed message; what is missing before it is in the journal.
   *
   * @returns `false` when it is known already.
   */
  append(entry: Entry, shown?: KeyShown): boolean {
    const { room, seq } = entry;
    if (seq <= (this.#deliveredOf(room) ?? 0)) return false;
    this.reach(room, seq - 1);
    const buffer = this.#touch(room);
    if (buffer === undefined) this.#heads.set(room, seq);
    else {
      buffer.append(entry, shown);
      this.#rings.count(buffer.ring);
    }
    return true;
  }

  announce(room: string, message: ServerMessage): void {
    this.#touch(room)?.items.add("announcement", message);
  }

  /** The room is committed up to a seq: others may have written what was not followed yet. */
  reach(room: string, head: number): void {
    if (head <= (this.#deliveredOf(room) ?? 0)) return;
    const buffer = this.#touch(room);
    if (buffer === undefined) this.#heads.set(room, head);
    else {
      buffer.skipTo(head);
      this.#rings.count(buffer.ring);
    }
  }

  /** Ends a turn: everyone gets the rest of it, and when that is queued for all, it is sent. */
  finish(turn: number): void {
    for (const { hearers, items } of this.#touched) {
      items.complete();
      for (const hearer of hearers) hearer.hear();
    }
    for (const { hearers, items } of this.#touched) {
      for (const hearer of hearers) hearer.owner.flush(turn);
      items.clear();
    }
    this.#touched.clear();
  }

  /** What nobody hears goes, but not within a turn: somebody may enter again in it. */
  sweep(): void {
    for (const buffer of this.#vacant) {
      if (buffer.hearers.size > 0) continue;
      this.#buffers.delete(buffer.room);
      this.#heads.set(buffer.room, buffer.head);
      this.#rings.remove(buffer.ring);
    }
    this.#vacant.clear();
  }

  #touch(room: string): RoomBuffer | undefined {
    const buffer = this.#buffers.get(room);
    if (buffer !== undefined) this.#touched.add(buffer);
    return buffer;
  }
}
