/** One connection's stay in a room: what must come of it, in which order, and whether it does. */
import { assert, assertEquals } from "@std/assert";
import type { Start } from "../../src/chat/effects.ts";
import type { Entry } from "../../src/store/store.ts";
import type { History } from "../../src/wire/server.ts";
import type { Member } from "./_stage.ts";

type Said = readonly (Entry & { readonly by?: Member })[];

export class Stay {
  readonly member: Member;
  readonly room: string;
  readonly #said: Said;
  readonly #start: Start;
  /** The next seq that must come; one's own need not, live. */
  #next: number;
  #isReplayed: boolean;
  #exit: number | undefined;
  hasBegun = false;
  /** That it ended is delivered. */
  hasLeft = false;
  /** It came again before it had all. */
  isReplaced = false;
  /** Its dialect says nothing of what is announced. */
  isDeaf = false;
  /** What was announced while it was there. */
  readonly announced: number[] = [];
  /** How many of these came, or need not have come since others did. */
  #heard = 0;
  /** How many lie before one that came, some of which did not; and before it last caught up. */
  #missedBefore = 0;
  #knownBefore = 0;
  /** Seqs of messages and acks of the present turn, if it was at the head before. */
  #turn: number[] | undefined;

  constructor(member: Member, room: string, start: Start, said: Said) {
    this.member = member;
    this.room = room;
    this.#said = said;
    this.#start = start;
    this.#isReplayed = start.kind === "live";
    this.#next = start.kind === "live"
      ? start.head + 1
      : start.kind === "after"
      ? start.seq + 1
      : Math.max(1, start.head - 49);
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** Whether it hears what comes as it comes, if its connection is not behind. */
  get isLive(): boolean {
    return this.hasBegun && this.#isReplayed;
  }

  /** Its connection leaves: nothing that is said from now on must come. */
  end(): this {
    this.#exit ??= this.#said.length;
    return this;
  }

  // ---- What comes ----

  readPage({ messages, more }: History): void {
    assert(!this.#isReplayed, `${this}: a page after the last`);
    for (const { seq } of messages) assertEquals(seq, this.#next++, `${this}`);
    assertEquals(more, this.#next <= this.#start.head, `${this}: more`);
    this.#isReplayed = !more;
  }

  readMessage(seq: number): void {
    assert(this.#isReplayed, `${this}: ${seq} before the end of its history`);
    // What is followed before it is delivered that it left is heard.
    const isAllowed = !this.hasLeft || seq <= this.#exit!;
    assert(isAllowed, `${this}: ${seq} after it left`);
    this.#next = this.#nextButOwn(seq);
    assertEquals(seq, this.#next++, `${this}: not the next`);
    this.#turn?.push(seq);
  }

  readAck(seq: number): void {
    this.#turn?.push(seq);
  }

  readAnnouncement(count: number): void {
    assert(this.#isReplayed, `${this}: an announcement before its history`);
    const at = this.announced.indexOf(count);
    assert(at >= this.#heard, `${this}: an announcement late, or not for it`);
    if (at > this.#heard) this.#missedBefore = at;
    this.#heard = at + 1;
  }

  /** It is reported to be at the head and to have missed announcements. */
  catchUp(): void {
    this.#knownBefore = this.announced.length;
  }

  // ---- At the head, in one turn ----

  beginTurn(): void {
    this.#turn = [];
  }

  /** It has heard the whole turn, acks and messages in the order of their seqs. */
  endTurn(): void {
    const seqs = this.#turn!;
    this.#turn = undefined;
    assertEquals(seqs, seqs.toSorted((a, b) => a - b), `${this}: order`);
    const last = this.#exit ?? this.#said.length;
    if (!this.isReplaced) assert(this.#nextButOwn() > last, `${this}: late`);
  }

  /** At the end it has everything. */
  finish(): void {
    if (this.isReplaced || (this.#exit ?? Infinity) <= this.#start.head) return;
    assert(this.hasBegun && this.#isReplayed, `${this}: not replayed`);
    const last = this.#exit ?? this.#said.length;
    const next = this.#nextButOwn();
    assert(next > last, `${this}: ${next} to ${last} did not come`);
    if (this.hasEnded || this.isDeaf) return;
    const missed = this.#heard < this.announced.length
      ? this.announced.length
      : this.#missedBefore;
    assert(missed <= this.#knownBefore, `${this}: missed announcements`);
  }

  /** The next seq that must come, up to `seq`, without those that its connection said. */
  #nextButOwn(seq = Infinity): number {
    let next = this.#next;
    while (next < seq && this.#said[next - 1]?.by === this.member) next++;
    return next;
  }

  toString(): string {
    return `${this.member.id} in ${this.room}`;
  }
}
