/** One connection's stay in a room: what must come, and whether it does. */
import { assert, assertEquals } from "@std/assert";
import type { Start } from "../../src/chat/effects.ts";
import type { Chat, History, User } from "../../src/wire/server.ts";
import type { Ledger } from "./_ledger.ts";
import type { Peer } from "./_world.ts";

type Flags = Pick<History, "older" | "reset" | "skipped">;

export class Stay {
  readonly peer: Peer;
  readonly room: string;
  readonly #ledger: Ledger;
  readonly #start: Start;
  /** The last seq that is replayed. */
  readonly #until: number;
  /** The next seq that must come. */
  #next: number;
  /** Its first words were sent. */
  hasBegun = false;
  #isReplayed: boolean;
  /** Who is there, once that was said. */
  #people: Set<string> | undefined;
  /** Where it ended: the last seq that must come. */
  #exit: number | undefined;
  /** Messages queued when it ended: nothing but what was said may come after. */
  #exitIndex = Infinity;
  /** The connection came again before it had heard everything. */
  isReplaced = false;

  constructor(peer: Peer, room: string, start: Start, ledger: Ledger) {
    this.peer = peer;
    this.room = room;
    this.#start = start;
    this.#ledger = ledger;
    this.#until = Math.min(start.head, ledger.head(room));
    this.#next = this.#until + 1;
    this.#isReplayed = start.kind === "live";
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** The connection leaves the room, which is at `head`. */
  end(head: number): void {
    this.#exit = Math.min(head, this.#ledger.head(this.room));
  }

  /** The turn in which it left is delivered. */
  endAt(index: number): void {
    this.#exitIndex = index;
  }

  /** Whether it has heard everything, and hears what comes as it comes. */
  isAtHead(): boolean {
    return this.hasBegun && this.#isReplayed && !this.hasEnded &&
      !this.isReplaced && this.#nextButOwn() > this.#ledger.head(this.room);
  }

  // ---- What the connection gets ----

  readPage(page: History): void {
    assert(!this.#isReplayed, `${this}: a page after the last`);
    const { older, reset, skipped } = page;
    let flags: Flags = {};
    if (this.#next === this.#until + 1) {
      ({ from: this.#next, flags } = this.#replay());
    }
    assertEquals({ older, reset, skipped }, {
      older: flags.older,
      reset: flags.reset,
      skipped: flags.skipped,
    }, `${this}: the flags of a page`);
    for (const message of page.messages) {
      assertEquals(message.seq, this.#next++, `${this}: in a page`);
      this.#ledger.check(this.peer, this.room, message as Chat, "replay");
    }
    assertEquals(page.more, this.#next <= this.#until, `${this}: more`);
    assert(page.messages.length > 0 || !page.more, `${this}: an empty page`);
    this.#isReplayed = !page.more;
  }

  readChat(chat: Chat): void {
    const what = `${this}: ${chat.seq}`;
    assert(this.#isReplayed, `${what} came before the history's end`);
    assert(chat.seq <= (this.#exit ?? Infinity), `${what} came after it left`);
    this.#next = this.#nextButOwn(chat.seq);
    assertEquals(chat.seq, this.#next++, `${what} is not the next`);
    this.#ledger.check(this.peer, this.room, chat, "live");
  }

  /**
   * `at`: its place among the connection's messages. What a stay begins with comes however late.
   */
  readUsers(users: readonly User[], at: number): void {
    assert(this.#people === undefined || at < this.#exitIndex);
    this.#people = new Set(users.map(({ name }) => name));
  }

  readPerson(type: "joined" | "left", name: string, at: number): void {
    assert(this.#people !== undefined, `${this}: ${type} before users`);
    assert(at < this.#exitIndex, `${this}: ${type} after it left`);
    if (type === "joined") this.#people.add(name);
    else this.#people.delete(name);
  }

  readRenamed(from: string, name: string): void {
    if (this.#people?.delete(from)) this.#people.add(name);
  }

  // ---- What must have come ----

  /** At the end, when nothing waits any more; `names` are of those who are in the room. */
  finish(names: readonly string[]): void {
    if (this.peer.isGone || this.peer.sink.isEnded) return;
    // Where nothing was said between its coming and its going, there was nothing to hear.
    if (this.isReplaced || (this.#exit ?? Infinity) <= this.#until) return;
    assert(this.hasBegun && this.#isReplayed, `${this}: not replayed`);
    const last = this.#exit ?? this.#ledger.head(this.room);
    const next = this.#nextButOwn();
    assert(next > last, `${this}: ${next} to ${last} did not come`);
    if (this.hasEnded) return;
    assertEquals(
      [...this.#people!].toSorted(),
      names.toSorted(),
      `${this}: the people`,
    );
  }

  /** Where the replay begins, by the contract, and the flags of its first page. */
  #replay(): { from: number; flags: Flags } {
    const until = this.#until;
    const start = this.#start;
    if (start.kind === "after") {
      const { seq, at } = start;
      const said = this.#ledger.of(this.room)[seq - 1];
      const isKnown = seq === 0 ||
        seq <= until && (at === undefined || said!.at === at);
      if (isKnown) {
        const from = Math.max(seq + 1, until - 9_999);
        const skipped = { from: seq + 1, to: from - 1 };
        return { from, flags: from > seq + 1 ? { skipped } : {} };
      }
    }
    const from = Math.max(1, until - 49);
    return {
      from,
      flags: {
        ...(start.kind === "after" ? { reset: true } : {}),
        ...(from > 1 ? { older: true } : {}),
      },
    };
  }

  /** The next seq that must come, up to `seq`: one's own need not, they were acked. */
  #nextButOwn(seq = Infinity): number {
    let next = this.#next;
    while (next < seq && this.#ledger.isBy(this.peer, this.room, next)) next++;
    return next;
  }

  toString(): string {
    return `connection ${this.peer.id} in ${this.room}`;
  }
}
