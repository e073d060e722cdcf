/**
 * A search of several rooms: one search each, of which that goes on which is the newest, so that
 * what is found comes in the order of the journal. Nothing of other rooms is looked at, and it goes
 * no further back for what they have.
 */
import type { Clock } from "../../base/clock.ts";
import { Search } from "./search.ts";
import type { IndexedEntry, SearchIndex } from "./search_index.ts";

export interface SearchAllOptions {
  /** The rooms' numbers. */
  readonly rooms: readonly number[];
  /** As of a search of one room. */
  readonly words: readonly string[];
  readonly limit: number;
  /** Only entries that came before the one of this room and seq. */
  readonly before?: readonly [room: number, seq: number];
}

interface Part {
  readonly room: number;
  /** Nothing is left to be looked at behind this position; 0 when nothing is at all. */
  pos: number;
  search: Search | undefined;
}

export class SearchAll {
  readonly #index: SearchIndex;
  readonly #clock: Clock;
  readonly #words: readonly string[];
  readonly #limit: number;
  /** Entries of this position and of higher ones are not searched. */
  readonly #end: number;
  readonly #parts: readonly Part[];

  constructor(
    index: SearchIndex,
    clock: Clock,
    { rooms, words, limit, before }: SearchAllOptions,
  ) {
    this.#index = index;
    this.#clock = clock;
    this.#words = words;
    this.#limit = limit;
    this.#end = before === undefined
      ? Infinity
      : index.firstFrom(...before)?.pos ?? Infinity;
    this.#parts = rooms.map((room) => {
      const last = index.lastBefore(room, Number.MAX_SAFE_INTEGER)?.pos ?? 0;
      return { room, pos: Math.min(last, this.#end - 1), search: undefined };
    });
  }

  /** Positions of the entries that were found, ascending. */
  get places(): number[] {
    return this.#found.slice(0, this.#limit).reverse();
  }

  /** Whether there is at least one more before those that were found. */
  get hasMore(): boolean {
    return this.#found.length > this.#limit;
  }

  /**
   * The oldest entry behind which all is looked at, unless there is nothing before it. Where it came
   * to none, that is what it was to begin before.
   */
  get reached(): Pick<IndexedEntry, "room" | "seq" | "at"> | undefined {
    if (this.hasMore) {
      return this.#index.at(this.#found[this.#limit - 1]!);
    }
    if (this.#left === 0) return undefined;
    let oldest: IndexedEntry | undefined;
    for (const { room, search } of this.#parts) {
      if (search === undefined) continue;
      const entry = this.#index.firstBehind(room, this.#left);
      if (entry === undefined || entry.pos >= this.#end) continue;
      if (entry.pos < (oldest?.pos ?? Infinity)) oldest = entry;
    }
    return oldest ?? this.#beginning;
  }

  /** Goes on until a moment on the clock; whether that was all. */
  step(untilMs: number): boolean {
    do {
      const [part, nextPos] = this.#newest;
      if (part === undefined || this.hasMore) return true;
      if (part.search === undefined) part.search = this.#searchOf(part);
      else part.search.step(untilMs, nextPos);
      part.pos = part.search.pos;
    } while (this.#clock.monotonic() < untilMs);
    return this.#left === 0 || this.hasMore;
  }

  #searchOf({ room, pos }: Part): Search {
    const behind = this.#index.firstBehind(room, pos)?.seq;
    return new Search(this.#index, this.#clock, {
      room,
      words: this.#words,
      limit: this.#limit,
      spans: "large",
      ...(behind === undefined ? {} : { before: behind }),
    });
  }

  /** The part that has the newest to look at, and down to where that is so. */
  get #newest(): [part: Part | undefined, nextPos: number] {
    let newest: Part | undefined;
    let nextPos = 0;
    for (const part of this.#parts) {
      if (part.pos > (newest?.pos ?? 0)) {
        nextPos = newest?.pos ?? 0;
        newest = part;
      } else nextPos = Math.max(nextPos, part.pos);
    }
    // Two may have come to the same: then one goes on.
    return [newest, Math.min(nextPos, (newest?.pos ?? 1) - 1)];
  }

  /** The highest position that is still to be looked at. */
  get #left(): number {
    return this.#newest[0]?.pos ?? 0;
  }

  /** Positions of what was found where nothing newer can be, newest first. */
  get #found(): number[] {
    const left = this.#left;
    return this.#parts.flatMap(({ search }) => search?.found ?? [])
      .filter((pos) => pos > left).sort((one, two) => two - one);
  }

  /** What comes right behind all that is to be searched: nothing was looked at yet. */
  get #beginning(): Pick<IndexedEntry, "room" | "seq" | "at"> | undefined {
    for (const { room } of this.#parts) {
      const entry = this.#index.firstBehind(room, this.#end - 1);
      if (entry?.pos === this.#end) return entry;
    }
    const [part] = this.#newest;
    // Only from the end on is its position that of an entry of its own.
    const last = part === undefined || this.#end < Infinity
      ? undefined
      : this.#index.at(part.pos);
    return last && { ...last, seq: last.seq + 1 };
  }
}
