/** Feeds those who are not at the head of a room: what they missed, or are shown on entering, from the ring or from the journal. */
import type { Start } from "../chat/effects.ts";
import {
  HISTORY_PAGE_MESSAGES,
  JOIN_REPLAY_MESSAGES,
  JOURNAL_PAGE_MESSAGES,
  RESUME_REPLAY_MESSAGES,
} from "../base/limits.ts";
import type { ConnectionId } from "../chat/effects.ts";
import type { Journal } from "../store/store.ts";
import { encodeMessage, type ServerMessage } from "../wire/server.ts";
import type { Cursor, Listener, Message } from "./cursor.ts";
import { encodePage, entryMessage } from "./encoding.ts";

export interface FeederOptions {
  readonly journal: Pick<Journal, "read">;
  /** The people of a room now. */
  readonly usersOf: (room: string) => ServerMessage | undefined;
  /** A read of the journal failed. */
  readonly onFault: (id: ConnectionId, error: unknown) => void;
  /** A cursor is not needed any more: its connection has left the room, and has what was said until then. */
  readonly drop: (cursor: Cursor) => void;
  /** Whether a cursor came to be in the turn that is being delivered. */
  readonly isOfThisTurn: (cursor: Cursor) => boolean;
}

export class Feeder {
  readonly #options: FeederOptions;

  constructor(options: FeederOptions) {
    this.#options = options;
  }

  /** A connection that has no space for what is said live is fed from its cursor on. */
  fallBehind(cursor: Cursor): void {
    cursor.state = "behind";
    cursor.hasMissed = true;
    cursor.listener.waiting.push(cursor);
  }

  #goLive(cursor: Cursor): void {
    const { listener, feed } = cursor;
    listener.waiting = listener.waiting.filter((other) => other !== cursor);
    if (cursor.last < Infinity) return this.#options.drop(cursor);
    cursor.state = "live";
    if (!cursor.hasMissed) return;
    cursor.hasMissed = false;
    const users = this.#options.usersOf(feed.room);
    if (users !== undefined) listener.outlet.push(encodeMessage(users));
  }

  /** Feeds as far as the outlet has space; what the ring has is fed at once, the rest as the journal gives it. */
  feed(listener: Listener): void {
    if (listener.isFeeding) return;
    listener.isFeeding = true;
    const step = this.#feedNow(listener);
    if (step === undefined) {
      listener.isFeeding = false;
      return;
    }
    this.#feedOn(listener, step).catch((error) => {
      listener.isFeeding = false;
      this.#options.onFault(listener.id, error);
    });
  }

  async #feedOn(listener: Listener, step: Promise<void>): Promise<void> {
    for (
      let next: Promise<void> | undefined = step;
      next !== undefined;
      next = this.#feedNow(listener)
    ) {
      await next;
      listener.outlet.flush();
    }
    // At once, not when this promise is looked at: there may be space again before that, and then it is fed again.
    listener.isFeeding = false;
    listener.outlet.flush();
  }

  /** Feeds until there is nothing to feed or no space, or until the journal must be read first: then the promise of that. */
  #feedNow(listener: Listener): Promise<void> | undefined {
    while (listener.waiting.length > 0 && listener.outlet.spaceBytes > 0) {
      const cursor = listener.waiting[0]!;
      const step = cursor.state === "opening"
        ? this.#replay(cursor)
        : this.#catchUp(cursor);
      if (step !== undefined) return step;
    }
    return undefined;
  }

  /** Calls `use` with messages from a seq on: at once when the ring has them. */
  #messages(
    cursor: Cursor,
    fromSeq: number,
    limit: number,
    use: (messages: readonly Message[]) => void,
  ): Promise<void> | undefined {
    const kept = limit <= 0 ? [] : cursor.feed.kept(fromSeq, limit);
    if (kept !== undefined) {
      use(kept);
      return undefined;
    }
    return this.#options.journal.read(cursor.feed.room, fromSeq, limit).then(
      (entries) => {
        // The connection may have left the room meanwhile, or ended.
        if (cursor.feed.cursors.has(cursor)) {
          use(entries.map((entry) => ({ entry })));
        }
      },
    );
  }

  #catchUp(cursor: Cursor): Promise<void> | undefined {
    const end = Math.min(cursor.feed.head, cursor.last);
    if (cursor.next > end) {
      this.#goLive(cursor);
      return undefined;
    }
    // One page of this room, then the next room that waits.
    const { listener } = cursor;
    listener.waiting.push(listener.waiting.shift()!);
    const limit = Math.min(JOURNAL_PAGE_MESSAGES, end - cursor.next + 1);
    return this.#messages(cursor, cursor.next, limit, (messages) => {
      for (const { entry, frame } of messages) {
        if (listener.outlet.spaceBytes <= 0) return;
        // One's own carries its id here: this is a replay to its author.
        const isOwn = entry.person !== undefined &&
          entry.person === listener.person;
        listener.outlet.push(
          frame === undefined || isOwn
            ? encodeMessage(entryMessage(entry, cursor.name, listener.person))
            : frame,
        );
        cursor.next = entry.seq + 1;
      }
    });
  }

  /** One step of entering a room: what comes first, then a page of history. */
  #replay(cursor: Cursor): Promise<void> | undefined {
    const opening = cursor.opening!;
    const { start, until } = opening;
    if (!opening.hasBegun) {
      opening.hasBegun = true;
      for (const message of opening.first) {
        cursor.listener.outlet.push(encodeMessage(message));
      }
      if (start.kind === "live") return this.#endReplay(cursor);
      if (start.kind === "after") return this.#beginAfter(cursor, start);
      this.#beginLast(cursor, start.messages);
    }
    const limit = Math.min(HISTORY_PAGE_MESSAGES, until - cursor.next + 1);
    return this.#messages(cursor, cursor.next, limit, (messages) => {
      const { frame, entries: held } = encodePage(
        messages.map(({ entry }) => entry),
        cursor.name,
        cursor.listener.person,
        (held) => {
          return {
            more: (held.at(-1)?.seq ?? until) < until,
            ...opening.flags,
          };
        },
      );
      cursor.listener.outlet.push(frame);
      opening.flags = {};
      cursor.next = (held.at(-1)?.seq ?? until) + 1;
      if (cursor.next > until) this.#endReplay(cursor);
    });
  }

  #endReplay(cursor: Cursor): undefined {
    const isWithinTurn = cursor.listener.isWalking &&
      this.#options.isOfThisTurn(cursor);
    const { until } = cursor.opening!;
    cursor.opening = undefined;
    cursor.state = "behind";
    // Within the turn of its entering, the rest of the turn follows in its order, as to everyone at the head.
    if (isWithinTurn || cursor.next > Math.min(cursor.feed.head, cursor.last)) {
      cursor.next = until + 1;
      this.#goLive(cursor);
    }
    return undefined;
  }

  #beginLast(cursor: Cursor, messages: number): void {
    const { until, flags } = cursor.opening!;
    cursor.next = Math.max(1, until - messages + 1);
    if (cursor.next > 1) flags.older = true;
  }

  #beginAfter(
    cursor: Cursor,
    start: Extract<Start, { kind: "after" }>,
  ): Promise<void> | undefined {
    const { until, flags } = cursor.opening!;
    const reset = () => {
      flags.reset = true;
      this.#beginLast(cursor, JOIN_REPLAY_MESSAGES);
    };
    const follow = () => {
      cursor.next = Math.max(start.seq + 1, until - RESUME_REPLAY_MESSAGES + 1);
      if (cursor.next > start.seq + 1) {
        flags.skipped = { from: start.seq + 1, to: cursor.next - 1 };
      }
    };
    if (start.seq > until) reset();
    else if (start.seq === 0 || start.at === undefined) follow();
    else {
      return this.#messages(
        cursor,
        start.seq,
        1,
        ([first]) => first?.entry.at === start.at ? follow() : reset(),
      );
    }
    return undefined;
  }
}
