/** A search of a room: from the newest entry on, in steps, as far back as it is let. */
import type { Clock } from "../../base/clock.ts";
import { SEARCH_SLICE_MS } from "../../base/limits.ts";
import {
  type IndexedEntry,
  type SearchIndex,
  SPAN_BITS,
} from "./search_index.ts";

export interface SearchOptions {
  /** The room's number. */
  readonly room: number;
  /** What the entries must hold, all of them, in upper or lower case. */
  readonly words: readonly string[];
  /** Entries wanted; one more is looked for. */
  readonly limit: number;
  /** Only entries before this seq. */
  readonly before?: number;
  /** With which spans it begins: `large` where it is one of many searches that go on in turn. */
  readonly spans?: "small" | "large";
}

/** A span has so many times the positions of the next smaller one. */
const GROWTH = 8;
/**
 * Parts of a slice: what took no longer is followed by a larger span, what took longer by the
 * smallest. To come to a span takes the index as long as to go through a small one.
 */
const QUICK_PART = 1 / 4;
const SLOW_TIMES = 2;
/** Entries of a span that the index may name; of more, the search goes on in smaller ones. */
const SPAN_CANDIDATES = 1_024;

/**
 * What the index has is looked through in spans of positions, which grow while that is quick: in
 * each, the index gives the entries that may hold the words, and these are looked at. What it does
 * not have yet, which is newer, is looked at entry by entry; so is all where no word has a trigram.
 */
export class Search {
  readonly #index: SearchIndex;
  readonly #clock: Clock;
  readonly #room: number;
  readonly #limit: number;
  /** In lower case. */
  readonly #words: readonly string[];
  /** What the index is asked for; `undefined` when it knows nothing of the words. */
  readonly #query: string | undefined;
  /** Position of the room's first entry. */
  readonly #first: number;
  /** What has a higher position was looked at, or is not searched. */
  #pos: number;
  /** As far as it went entry by entry: the seq of the last. */
  #seq: number;
  /** Which of the spans are taken at most. */
  #level = 0;
  /** The first may be one that goes on. */
  #isFirst: boolean;
  /** Of the span that begins there: positions of entries to be looked at, ascending. */
  #candidates: number[] = [];
  #from = 0;
  /** Positions of what was found, newest first. */
  readonly #places: number[] = [];

  constructor(
    index: SearchIndex,
    clock: Clock,
    { room, words, limit, before = Number.MAX_SAFE_INTEGER, spans }:
      SearchOptions,
  ) {
    this.#isFirst = spans === "large";
    this.#level = this.#isFirst ? SPAN_BITS.length - 1 : 0;
    this.#index = index;
    this.#clock = clock;
    this.#room = room;
    this.#limit = limit;
    this.#words = words.map((word) => word.toLowerCase());
    this.#query = index.queryFor(room, words);
    this.#seq = before;
    this.#first = index.firstOf(room)?.pos ?? 1;
    this.#pos = index.lastBefore(room, before)?.pos ?? 0;
  }

  /** All before this position, or at it, is still to be looked at; 0 when that is nothing. */
  get pos(): number {
    return this.#pos < this.#first ? 0 : this.#pos;
  }

  /** Positions of all that was found, also of the one more, newest first. */
  get found(): readonly number[] {
    return this.#places;
  }

  /** Positions of the entries that were found, ascending. */
  get places(): number[] {
    return this.#places.slice(0, this.#limit).reverse();
  }

  /** Whether there is at least one more before those that were found. */
  get hasMore(): boolean {
    return this.#places.length > this.#limit;
  }

  /** The oldest entry that it has come to, unless it came to the room's beginning. */
  get reached(): Pick<IndexedEntry, "seq" | "at"> | undefined {
    if (!this.hasMore && this.#pos < this.#first) return undefined;
    const behind = this.hasMore
      ? this.#places[this.#limit - 1]! - 1
      : this.#pos;
    return this.#index.firstBehind(this.#room, behind);
  }

  /** Goes on until a moment on the clock, or down to a position; whether that was all. */
  step(untilMs: number, downTo = 0): boolean {
    do {
      if (this.#isOver) return true;
      if (this.#pos <= downTo) return false;
      if (this.#candidates.length > 0) this.#lookAtCandidates(untilMs, downTo);
      else if (this.#isIndexed) this.#askForSpan();
      else this.#lookAtEach(untilMs, downTo);
    } while (this.#clock.monotonic() < untilMs);
    return this.#isOver;
  }

  get #isOver(): boolean {
    return this.hasMore || this.#pos < this.#first;
  }

  /** Whether the index can say where the words may be. */
  get #isIndexed(): boolean {
    return this.#query !== undefined && this.#pos <= this.#index.pos;
  }

  #lookAtEach(untilMs: number, downTo: number): void {
    for (const entry of this.#index.entriesBefore(this.#room, this.#seq)) {
      this.#seq = entry.seq;
      this.#pos = entry.pos - 1;
      this.#lookAt(entry);
      if (this.hasMore || this.#isIndexed || this.#pos <= downTo) return;
      if (this.#clock.monotonic() >= untilMs) return;
    }
    this.#pos = 0;
  }

  /** Asks the index for the span that comes next. */
  #askForSpan(): void {
    const began = this.#clock.monotonic();
    const level = this.#fittingLevel();
    const size = 2 ** SPAN_BITS[level]!;
    this.#from = this.#pos - this.#pos % size;
    this.#candidates = this.#index.candidates({
      query: this.#query!,
      level,
      from: this.#from,
      to: this.#pos,
      // Newest first is how they are looked at, and not how the index gives them.
      limit: level === 0 ? size : SPAN_CANDIDATES + 1,
    });
    const { length } = this.#candidates;
    if (level > 0 && length > SPAN_CANDIDATES) {
      this.#candidates = [];
      this.#level = level - 1;
      return;
    }
    this.#isFirst = false;
    if (length === 0) this.#pos = this.#from - 1;
    const tookMs = this.#clock.monotonic() - began;
    const isQuick = tookMs <= SEARCH_SLICE_MS * QUICK_PART &&
      length * GROWTH <= SPAN_CANDIDATES;
    if (tookMs > SEARCH_SLICE_MS * SLOW_TIMES) this.#level = 0;
    else if (isQuick && level < SPAN_BITS.length - 1) this.#level = level + 1;
  }

  #lookAtCandidates(untilMs: number, downTo: number): void {
    for (let pos; (pos = this.#candidates.pop()) !== undefined;) {
      const entry = this.#index.at(pos);
      this.#pos = pos - 1;
      // It may have been taken from the journal and not from the index.
      if (entry !== undefined) this.#lookAt(entry);
      if (this.hasMore || this.#clock.monotonic() >= untilMs) return;
      if (this.#pos <= downTo && this.#candidates.length > 0) return;
    }
    this.#pos = this.#from - 1;
  }

  /** The largest of the spans that end here: of one that goes on, a part is looked at twice. */
  #fittingLevel(): number {
    if (this.#isFirst || this.#pos === this.#index.pos) return this.#level;
    let level = this.#level;
    while (level > 0 && (this.#pos + 1) % 2 ** SPAN_BITS[level]! > 0) level--;
    return level;
  }

  #lookAt({ pos, room, text }: IndexedEntry): void {
    // A text may be made so that it has the word of a room.
    if (text === null || room !== this.#room) return;
    const lower = text.toLowerCase();
    if (this.#words.every((word) => lower.includes(word))) {
      this.#places.push(pos);
    }
  }
}
