/** All rooms of the delivery: how far each is committed, and buffers of those that are heard. */
import type { Entry } from "../store/store.ts";
import type { ServerMessage } from "../wire/server.ts";
import { type Hearer, RoomBuffer } from "./room_buffer.ts";

export class Rooms {
  readonly #heads: Map<string, number>;
  /** Of the rooms that somebody hears, or is about to. */
  readonly #buffers = new Map<string, RoomBuffer>();
  /** Where the present turn has said something. */
  readonly #touched = new Set<RoomBuffer>();
  /** Those that nobody may hear. */
  readonly #vacant = new Set<RoomBuffer>();

  constructor(heads: ReadonlyMap<string, number>) {
    this.#heads = new Map(heads);
  }

  has(room: string): boolean {
    return this.#buffers.has(room);
  }

  headOf(room: string): number {
    return this.#heads.get(room) ?? 0;
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

  leave(buffer: RoomBuffer, hearer: Hearer): void {
    buffer.hearers.delete(hearer);
    this.#vacant.add(buffer);
  }

  /**
   * Takes a committed message; what is missing before it is in the journal.
   *
   * @returns `false` when it is known already.
   */
  append(entry: Entry): boolean {
    const { room, seq } = entry;
    if (seq <= this.headOf(room)) return false;
    this.reach(room, seq - 1);
    this.#heads.set(room, seq);
    this.#touch(room)?.append(entry);
    return true;
  }

  announce(room: string, message: ServerMessage): void {
    this.#touch(room)?.items.add("announcement", message);
  }

  /** The room is committed up to a seq: others may have written what was not followed yet. */
  reach(room: string, head: number): void {
    if (head <= this.headOf(room)) return;
    this.#heads.set(room, head);
    this.#touch(room)?.skipTo(head);
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
      if (buffer.hearers.size === 0) this.#buffers.delete(buffer.room);
    }
    this.#vacant.clear();
  }

  #touch(room: string): RoomBuffer | undefined {
    const buffer = this.#buffers.get(room);
    if (buffer !== undefined) this.#touched.add(buffer);
    return buffer;
  }
}
