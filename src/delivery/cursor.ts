/** The place of a connection in a room: which message comes next, and how it gets there. */
import {
  HISTORY_PAGE_MESSAGES,
  JOIN_REPLAY_MESSAGES,
  JOURNAL_PAGE_MESSAGES,
  RESUME_REPLAY_MESSAGES,
} from "../base/limits.ts";
import type { Effect } from "../chat/effects.ts";
import type { Entry, Journal } from "../store/store.ts";
import type { History } from "../wire/server.ts";
import { entryMessage, fitMessages, takenAway } from "./pages.ts";
import type { Hearer, RoomBuffer } from "./room_buffer.ts";
import type { Sink } from "./sink.ts";

export type Enter = Extract<Effect, { kind: "enter" }>;

/** The connection that a cursor belongs to. */
export interface Owner {
  readonly sink: Sink;
  readonly journal: Pick<Journal, "read">;
  /** Feeds those of its cursors that are not at the head. */
  feed(): void;
  flush(turn: number): void;
  /** Something failed for it. */
  fail(error: unknown): void;
  /** A cursor is at the head again and has missed announcements. */
  caughtUp(cursor: Cursor): void;
  /** A cursor is over. */
  drop(cursor: Cursor): void;
}

/**
 *     replaying ──▶ behind ◀──▶ live        any ──▶ over
 *
 * `replaying`: it is sent what comes first, then pages of history. `behind`: it is fed message by
 * message, from the ring where that reaches back far enough, else from the journal. `live`: it is
 * at the head and hears each turn. `over`: its connection has left, and has all.
 */
type CursorState = "replaying" | "behind" | "live" | "over";

export class Cursor implements Hearer {
  readonly buffer: RoomBuffer;
  readonly owner: Owner;
  /** The room as this connection is told of it. */
  readonly name: string;
  readonly #person: string;
  /** Seq of the last message that is replayed. */
  readonly #until: number;
  /** How it comes in, until it has: a list of who is there may be long. */
  #entering: Pick<Enter, "start" | "first"> | undefined;
  #state: CursorState = "replaying";
  /** Flags of the next page of history. */
  #flags: Partial<Pick<History, "older" | "skipped" | "reset">> = {};
  /** The next page of history says whether there is something before it. */
  #looksBack = false;
  /** What was taken away before it could be sent is told: not of a replay of the last messages. */
  #mindsGaps = true;
  /** Seq of the next message to send. */
  #next: number;
  /** Seq of the last to send, once the connection has left the room. */
  #last = Infinity;
  /** How many of the room's items it has had, or need not have. */
  #mark: number;
  /** What was said besides messages (`joined`, …) did not reach it. */
  #hasMissed = false;

  constructor(buffer: RoomBuffer, owner: Owner, enter: Enter) {
    this.buffer = buffer;
    this.owner = owner;
    this.name = enter.name;
    this.#person = enter.person;
    this.#until = enter.start.head;
    this.#entering = enter;
    this.#next = this.#until + 1;
    this.#mark = buffer.items.count;
  }

  get state(): CursorState {
    return this.#state;
  }

  // ---- At the head ----

  /** Gets what the turn has said so far; it falls behind if that does not fit. */
  hear(): void {
    const { items } = this.buffer;
    if (this.#state !== "live" || this.#mark === items.count) return;
    try {
      const { sink } = this.owner;
      // What is worded for each reader is sent to each alone, as to one that is behind.
      const isPersonal = items.hasSince(this.#mark, "personal");
      const bytes = items.bytesSince(this.#mark, sink.shared);
      const fits = bytes <= Math.max(0, sink.spaceBytes);
      if (fits && !isPersonal) {
        items.push(this.#mark, sink);
        this.skip();
        return;
      }
      this.#hasMissed ||= !fits;
      this.fallBehind();
      this.owner.feed();
    } catch (error) {
      this.close();
      this.owner.fail(error);
    }
  }

  /** At the head, it has what was said so far, or need not have it; `false` elsewhere. */
  skip(): boolean {
    if (this.#state !== "live") return false;
    this.#mark = this.buffer.items.count;
    this.#next = this.buffer.head + 1;
    return true;
  }

  fallBehind(): void {
    if (this.#state === "live") this.#state = "behind";
  }

  /** Not at the head, it does not hear something that it must know. */
  miss(): void {
    this.#hasMissed ||= this.#state !== "live";
  }

  /** Its connection leaves; what was said up to `last` is sent all the same. */
  leave(last: number): void {
    this.#last = Math.min(last, this.#last);
    const isReplayed = this.#state === "behind" || this.#state === "live";
    // A replay that would only show what was said before it came is not.
    const end = isReplayed ? this.#next - 1 : this.#until;
    if (last <= end) this.close();
  }

  /** Its connection stays, or is back before it has all. */
  stay(): void {
    this.#last = Infinity;
  }

  close(): void {
    this.#state = "over";
    this.owner.drop(this);
  }

  // ---- Not at the head ----

  /** Takes a step to the head; gives the promise of that when the journal must be read. */
  feed(): Promise<void> | undefined {
    if (this.#entering !== undefined) return this.#begin(this.#entering);
    return this.#state === "replaying" ? this.#replay() : this.#catchUp();
  }

  #begin(
    { start, first }: Pick<Enter, "start" | "first">,
  ): Promise<void> | undefined {
    this.#entering = undefined;
    for (const message of first) this.owner.sink.send(message, "unasked");
    if (start.kind === "live") return this.#endReplay();
    if (start.kind === "last") return this.#showLast(start.messages);
    const { head, seq, at } = start;
    if (seq > head) return this.#reset();
    if (seq === 0 || at === undefined) return this.#resume(seq);
    return this.#read(seq, 1, ([entry]) => {
      // One that was taken away cannot be looked at; what is missing behind it is said.
      const isOther = entry?.seq === seq && entry.at !== at;
      if (isOther) this.#reset();
      else this.#resume(seq);
    });
  }

  #showLast(messages: number): undefined {
    this.#next = Math.max(1, this.#until - messages + 1);
    this.#looksBack = this.#next > 1;
    this.#mindsGaps = false;
  }

  #reset(): undefined {
    this.#flags.reset = true;
    this.#showLast(JOIN_REPLAY_MESSAGES);
  }

  #resume(seq: number): undefined {
    const first = this.#until - RESUME_REPLAY_MESSAGES + 1;
    this.#next = Math.max(seq + 1, first);
    if (this.#next === seq + 1) return;
    this.#flags.skipped = { from: seq + 1, to: this.#next - 1 };
  }

  #replay(): Promise<void> | undefined {
    const { name: room } = this;
    const until = this.#until;
    const lead = this.#looksBack ? 1 : 0;
    const from = this.#next - lead;
    const limit = Math.min(HISTORY_PAGE_MESSAGES, until - from + 1);
    return this.#read(from, limit, (read) => {
      const entries = read.filter(({ seq }) =>
        seq >= this.#next && seq <= until
      );
      if (read[0]?.seq === this.#next - lead && lead > 0) {
        this.#flags.older = true;
      }
      this.#looksBack = false;
      const gone = takenAway(this.#next, until, entries);
      if (gone !== undefined && this.#mindsGaps) this.#skip(gone);
      const messages = fitMessages(entries, room, this.#person);
      this.#next = (messages.at(-1)?.seq ?? until) + 1;
      const more = this.#next <= until;
      this.owner.sink.send(
        { type: "history", room, messages, more, ...this.#flags },
        "unasked",
      );
      this.#flags = {};
      if (!more) this.#endReplay();
    });
  }

  /** What follows says that this is not sent, with what is known to be not sent before it. */
  #skip({ from, to }: { from: number; to: number }): void {
    this.#flags.skipped = { from: this.#flags.skipped?.from ?? from, to };
  }

  #endReplay(): undefined {
    this.#mindsGaps = true;
    this.#state = "behind";
    this.#arrive();
  }

  #catchUp(): Promise<void> | undefined {
    if (this.#arrive()) return undefined;
    const { sink } = this.owner;
    const end = Math.min(this.buffer.head, this.#last);
    const limit = Math.min(JOURNAL_PAGE_MESSAGES, end - this.#next + 1);
    return this.#read(this.#next, limit, (entries) => {
      const gone = takenAway(this.#next, end, entries);
      if (gone !== undefined) this.#tellSkipped(gone);
      for (const entry of entries) {
        if (sink.spaceBytes <= 0) return;
        // It may have left while this was read.
        if (entry.seq > Math.min(end, this.#last)) return;
        sink.send(entryMessage(entry, this.name, this.#person));
        this.#next = entry.seq + 1;
      }
    });
  }

  /** Messages were taken away while it was behind. */
  #tellSkipped(skipped: { from: number; to: number }): void {
    const { name: room } = this;
    this.owner.sink.send(
      { type: "history", room, messages: [], more: false, skipped },
      "unasked",
    );
    this.#next = skipped.to + 1;
  }

  /** Whether nothing is left to feed: then it is live, or over. */
  #arrive(): boolean {
    const { head, items } = this.buffer;
    if (this.#next <= Math.min(head, this.#last)) return false;
    if (this.#last < Infinity) {
      this.close();
      return true;
    }
    this.#state = "live";
    const hasMissed = this.#hasMissed ||
      items.hasSince(this.#mark, "announcement");
    this.#hasMissed = false;
    this.#mark = items.count;
    if (hasMissed) this.owner.caughtUp(this);
    return true;
  }

  /** Calls `use` with messages from a seq on: at once when the ring has them. */
  #read(
    fromSeq: number,
    limit: number,
    use: (entries: readonly Entry[]) => void,
  ): Promise<void> | undefined {
    const { room } = this.buffer;
    const kept = limit <= 0 ? [] : this.buffer.kept(fromSeq, limit);
    if (kept !== undefined) {
      use(kept);
      return undefined;
    }
    return this.owner.journal.read(room, fromSeq, limit).then((entries) => {
      // The connection may have left the room meanwhile, or ended.
      if (this.#state !== "over") use(entries);
    });
  }
}
