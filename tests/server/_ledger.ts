/**
 * What was said, by the word of the turns that were delivered: the truth that connections' messages
 * are held against.
 */
import { assert, assertEquals } from "@std/assert";
import type { ConnectionId } from "../../src/chat/input.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Chat } from "../../src/wire/server.ts";
import type { Peer } from "./_world.ts";

export class Ledger {
  readonly #rooms = new Map<string, Entry[]>();
  /** All that came after the seeds, in the order that it came. */
  readonly #appended: Entry[] = [];
  readonly #authors = new Map<string, ConnectionId>();

  /** `seeds`: what the store had from the beginning. */
  constructor(seeds: readonly Entry[]) {
    for (const entry of seeds) this.of(entry.room).push(entry);
  }

  /** `author`: the connection that said it, none of one elsewhere. */
  append(entry: Entry, author?: ConnectionId): void {
    assertEquals(entry.seq, this.head(entry.room) + 1, "a gap in the journal");
    this.of(entry.room).push(entry);
    this.#appended.push(entry);
    if (author !== undefined) {
      this.#authors.set(`${entry.room} ${entry.seq}`, author);
    }
  }

  of(room: string): Entry[] {
    let list = this.#rooms.get(room);
    if (list === undefined) this.#rooms.set(room, list = []);
    return list;
  }

  head(room: string): number {
    return this.of(room).length;
  }

  /** Whether a message was said on this very connection. */
  isBy({ id }: Peer, room: string, seq: number): boolean {
    return this.#authors.get(`${room} ${seq}`) === id;
  }

  /**
   * Nothing is there twice: neither a seq, which {@linkcode append} sees to, nor an id of a person.
   */
  checkIds(): void {
    const ids = new Set<string>();
    for (const { person, id } of this.#appended) {
      if (person === undefined || id === undefined) continue;
      assert(!ids.has(`${person} ${id}`), `${id} is in the journal twice`);
      ids.add(`${person} ${id}`);
    }
  }

  /**
   * A message is what was journaled; one's own carries its id when it is replayed, and no other
   * does.
   */
  check(peer: Peer, room: string, chat: Chat, how: "replay" | "live"): void {
    const entry = this.of(room)[chat.seq - 1];
    assert(entry !== undefined, `${room} ${chat.seq} was never journaled`);
    const { from, body: txt, at } = entry;
    assertEquals([chat.from, chat.txt, chat.at], [from, txt, at]);
    const isOwn = peer.key !== undefined && entry.person === peer.key;
    if (how === "replay") assertEquals(chat.id, isOwn ? entry.id : undefined);
    else if (!isOwn) assertEquals(chat.id, undefined);
  }
}
