/** Follows the journal: own commits are handed on from memory, those of others are read. */
import { setImmediate } from "node:timers";
import type { Clock } from "../../base/clock.ts";
import {
  FOLLOW_LOOK_INTERVAL_MS,
  FOLLOW_QUEUE_ENTRIES,
} from "../../base/limits.ts";
import type { Append, Followed } from "../store.ts";

/** Reads the next page of the table behind a position; others may have written it. */
type ReadPage = (from: number) => Followed;

const END = { done: true, value: undefined } as const;

export class Followers {
  readonly #readPage: ReadPage;
  readonly #clock: Clock;
  readonly #all = new Set<Follower>();

  constructor(readPage: ReadPage, clock: Clock) {
    this.#readPage = readPage;
    this.#clock = clock;
  }

  follow(from: number): AsyncIterable<Followed> {
    return {
      [Symbol.asyncIterator]: () =>
        new Follower(from, this.#readPage, this.#clock, this.#all),
    };
  }

  /** This program has committed these, between two positions. */
  push(appends: readonly Append[], from: number, to: number): void {
    if (this.#all.size === 0) return;
    const entries = appends.flatMap(({ entries }) => entries);
    for (const follower of this.#all) follower.push({ entries, pos: to }, from);
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

class Follower implements AsyncIterator<Followed> {
  readonly #readPage: ReadPage;
  readonly #clock: Clock;
  readonly #all: Set<Follower>;
  /** Commits that follow what was given without a gap, and how many entries they have. */
  #queue: Followed[] = [];
  #queuedEntries = 0;
  /** Behind the last of the queue, or where it is empty, of what was given. */
  #pos: number;
  /** The last that was given was a page of the table. */
  #hasRead = false;
  #waiting: PromiseWithResolvers<void> | undefined;
  #cancelLook = () => {};
  #isEnded = false;

  constructor(
    from: number,
    readPage: ReadPage,
    clock: Clock,
    all: Set<Follower>,
  ) {
    this.#pos = from;
    this.#readPage = readPage;
    this.#clock = clock;
    this.#all = all.add(this);
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
    this.#all.delete(this);
    this.wake();
    return Promise.resolve(END);
  }

  /** Takes a commit. With a gap before it, or too much that waits, the table is read instead. */
  push(commit: Followed, from: number): void {
    const queuedEntries = this.#queuedEntries + commit.entries.length;
    if (from === this.#pos && queuedEntries <= FOLLOW_QUEUE_ENTRIES) {
      this.#queue.push(commit);
      this.#queuedEntries = queuedEntries;
      this.#pos = commit.pos;
    }
    this.wake();
  }

  /** Whoever waits looks anew. */
  wake(): void {
    if (this.#waiting === undefined) return;
    this.#cancelLook();
    this.#waiting.resolve();
    this.#waiting = undefined;
  }

  /** Resolves when something was committed here, or it is time to look for what others wrote. */
  #change(): Promise<void> {
    if (this.#waiting === undefined) {
      this.#waiting = Promise.withResolvers();
      const look = () => this.wake();
      this.#cancelLook = this.#clock.after(FOLLOW_LOOK_INTERVAL_MS, look);
    }
    return this.#waiting.promise;
  }

  #take(): Followed | undefined {
    const queued = this.#queue.shift();
    this.#hasRead = queued === undefined;
    if (queued !== undefined) {
      this.#queuedEntries -= queued.entries.length;
      return queued;
    }
    try {
      const page = this.#readPage(this.#pos);
      this.#pos = page.pos;
      return page.entries.length > 0 ? page : undefined;
    } catch (error) {
      // Whoever is told of an error does not say that it ends.
      this.return();
      throw error;
    }
  }
}
