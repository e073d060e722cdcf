/** Follows the journal: own commits are handed on from memory, those of others are read. */
import { setImmediate } from "node:timers";
import type { Clock } from "../../base/clock.ts";
import {
  FOLLOW_LOOK_INTERVAL_MS,
  FOLLOW_QUEUE_ENTRIES,
  JOURNAL_PAGE_MESSAGES,
} from "../../base/limits.ts";
import type { Append, Followed } from "../store.ts";

/** The journal as those who follow it need it. */
export interface FollowedJournal {
  /** Position of the last entry that is known here. */
  pos(): number;
  /** Looks whether others have written. */
  look(): void;
  /** Entries behind a position, at most so many. */
  after(pos: number, limit: number): Followed;
}

const END = { done: true, value: undefined } as const;

export class Followers {
  readonly #journal: FollowedJournal;
  readonly #clock: Clock;
  readonly #all = new Set<Follower>();

  constructor(journal: FollowedJournal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  follow(from: number): AsyncIterable<Followed> {
    return {
      [Symbol.asyncIterator]: () => {
        const follower = new Follower(from, this.#journal, this.#clock, () => {
          this.#all.delete(follower);
        });
        this.#all.add(follower);
        return follower;
      },
    };
  }

  /** This program has committed these, between two positions. */
  push(appends: readonly Append[], from: number, to: number): void {
    for (const follower of this.#all) follower.push(appends, from, to);
  }

  /** Others have written. */
  wake(): void {
    for (const follower of this.#all) follower.wake();
  }

  /** Nothing comes any more. */
  end(): void {
    for (const follower of this.#all) follower.return();
  }
}

/** A commit of this program that somebody is to be given. */
interface Queued {
  readonly appends: readonly Append[];
  readonly entries: number;
  /** Behind it. */
  readonly pos: number;
}

class Follower implements AsyncIterator<Followed> {
  readonly #journal: FollowedJournal;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  /** Commits that follow what was given without a gap, and how many entries they have. */
  #queue: Queued[] = [];
  #queuedEntries = 0;
  /** Behind the last of the queue, or where it is empty, of what was given. */
  #pos: number;
  /** The last that was given was a page of the table. */
  #hasRead = false;
  #waiting:
    | { readonly promise: Promise<void>; readonly end: () => void }
    | undefined;
  #isEnded = false;

  constructor(
    from: number,
    journal: FollowedJournal,
    clock: Clock,
    onEnd: () => void,
  ) {
    this.#pos = from;
    this.#journal = journal;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  async next(): Promise<IteratorResult<Followed>> {
    // A long journal is read a page at a time, and others have their turn in between.
    if (this.#hasRead) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    while (!this.#isEnded) {
      const followed = this.#take();
      if (followed !== undefined) return { done: false, value: followed };
      await this.#change();
    }
    return END;
  }

  return(): Promise<IteratorResult<Followed>> {
    this.#isEnded = true;
    this.#queue = [];
    this.#onEnd();
    this.wake();
    return Promise.resolve(END);
  }

  /** Takes a commit. With a gap before it, or too much that waits, the table is read instead. */
  push(appends: readonly Append[], from: number, to: number): void {
    const entries = to - from;
    if (
      from === this.#pos &&
      this.#queuedEntries + entries <= FOLLOW_QUEUE_ENTRIES
    ) {
      this.#queue.push({ appends, entries, pos: to });
      this.#queuedEntries += entries;
      this.#pos = to;
    }
    this.wake();
  }

  /** Whoever waits looks anew. */
  wake(): void {
    this.#waiting?.end();
    this.#waiting = undefined;
  }

  #take(): Followed | undefined {
    const queued = this.#queue.shift();
    this.#hasRead = queued === undefined;
    if (queued !== undefined) {
      this.#queuedEntries -= queued.entries;
      return {
        entries: queued.appends.flatMap(({ entries }) => entries),
        pos: queued.pos,
      };
    }
    try {
      this.#journal.look();
      if (this.#pos >= this.#journal.pos()) return undefined;
      const page = this.#journal.after(this.#pos, JOURNAL_PAGE_MESSAGES);
      this.#pos = page.pos;
      return page.entries.length > 0 ? page : undefined;
    } catch (error) {
      // Whoever is told of an error does not say that it ends.
      this.return();
      throw error;
    }
  }

  /** Resolves when something was committed here, or it is time to look for what others wrote. */
  #change(): Promise<void> {
    if (this.#waiting === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = this.#clock.after(
        FOLLOW_LOOK_INTERVAL_MS,
        () => this.wake(),
      );
      this.#waiting = {
        promise,
        end() {
          cancel();
          resolve();
        },
      };
    }
    return this.#waiting.promise;
  }
}
