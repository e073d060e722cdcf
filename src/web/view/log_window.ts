/**
 * The part of a long log that is in the page, and where it stands: at the end, or held by a line, so
 * that nothing jumps when lines above it come, go, or turn out higher than they were thought to be.
 */
import { Heights, type Rows } from "../model/heights.ts";
import type { Position } from "../model/place.ts";

/** What a line is thought to need, in pixels. */
const GUESS_PX = 27;
/** So near to the end counts as there. */
const END_PX = 8;
/** How much above and below the view is in the page, in heights of the view. */
const AROUND = 1.3;
/**
 * When less than this is left of it, the part is another. A key goes on by a page at the most: were
 * that through lines of which the heights are guessed, some that turn out higher would be passed.
 */
const AROUND_LEAST = 1;

/** Lines from and to (not with it), and the room in pixels for all others. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly above: number;
  readonly below: number;
}

export class LogWindow {
  readonly #heights = new Heights(GUESS_PX);
  #position: Position;
  /** Where the line that holds the log stands, and stood when this was looked at last. */
  #index = 0;
  #top = 0;
  /** Whether the position is to be taken from the top, and not from where one is. */
  #isPlaced = false;
  #part: Part = { from: 0, to: 0, above: 0, below: 0 };
  #viewPx = 800;
  /** Pixels above the first line. */
  #headPx = 0;
  /** Where the log was scrolled to from here. */
  #expected = -1;

  constructor(position: Position) {
    this.#position = position;
  }

  get position(): Position {
    return this.#position;
  }

  get viewPx(): number {
    return this.#viewPx;
  }

  /** Goes to the end, or holds a line at a place in the view. */
  place(position: Position): void {
    this.#position = position;
    this.#isPlaced = false;
  }

  /** The part that is to be in the page now. */
  render(rows: Rows): Part {
    const grown = rows.length - this.#heights.length;
    this.#heights.sync(rows);
    const top = this.#topOf(grown);
    this.#part = this.#partAt(top);
    return this.#part;
  }

  /**
   * The part is in the page: measures it, and puts it where it belongs; whether more is needed.
   * `mayStick` where the end is the journal's.
   */
  settle(log: HTMLElement, list: HTMLElement, mayStick: boolean): boolean {
    this.#viewPx = log.clientHeight;
    this.#headPx = list.offsetTop;
    const { from } = this.#part;
    for (const [index, row] of [...list.children].entries()) {
      if (from + index >= this.#heights.length) break;
      this.#heights.measure(from + index, row.getBoundingClientRect().height);
    }
    if (this.#position === "end") log.scrollTop = log.scrollHeight;
    else this.#hold(log, this.#position.offset);
    this.#expected = log.scrollTop;
    if (!this.#covers(log.scrollTop)) return true;
    if (mayStick && isAtEnd(log)) this.#position = "end";
    return false;
  }

  /** The log was scrolled; whether more is needed. */
  scrolled(log: HTMLElement, mayStick: boolean): boolean {
    const { scrollTop } = log;
    const isOwn = Math.abs(scrollTop - this.#expected) < 1;
    if (isOwn && this.#position === "end") return false;
    if (mayStick && isAtEnd(log)) this.#position = "end";
    else this.#holdFrom(scrollTop - this.#headPx);
    this.#isPlaced = true;
    this.#expected = scrollTop;
    return !this.#covers(scrollTop);
  }

  /** Whether so little is left above or below that more should be loaded. */
  isNear(edge: "start" | "end", log: HTMLElement): boolean {
    const { scrollTop, scrollHeight, clientHeight } = log;
    const left = edge === "start"
      ? scrollTop
      : scrollHeight - clientHeight - scrollTop;
    return left < 2 * clientHeight;
  }

  #holdFrom(top: number): void {
    this.#index = this.#heights.indexAt(Math.max(0, top));
    const key = this.#heights.keyAt(this.#index);
    this.#top = this.#heights.top(this.#index);
    this.#position = key === undefined
      ? "end"
      : { key, offset: this.#top - top };
  }

  #hold(log: HTMLElement, offset: number): void {
    const top = this.#heights.top(this.#index);
    // By a difference: the browser may have scrolled on since it said so last.
    if (!this.#isPlaced) log.scrollTop = this.#headPx + top - offset;
    else if (top !== this.#top) log.scrollTop += top - this.#top;
    this.#isPlaced = true;
    this.#top = top;
  }

  /** How far below the first line the view begins. */
  #topOf(grown: number): number {
    if (this.#position === "end") return this.#heights.total - this.#viewPx;
    const { key, offset } = this.#position;
    const near = this.#heights.keyAt(this.#index) === key
      ? this.#index
      : this.#index + grown;
    const index = this.#heights.indexOf(key, near);
    // A line that is gone: whatever stands there now.
    this.#index = index >= 0
      ? index
      : Math.max(0, Math.min(this.#index, this.#heights.length - 1));
    return this.#heights.top(this.#index) - offset;
  }

  #partAt(top: number): Part {
    const around = AROUND * this.#viewPx;
    const from = this.#heights.indexAt(Math.max(0, top - around));
    const last = this.#heights.indexAt(top + this.#viewPx + around);
    const to = Math.min(last + 1, this.#heights.length);
    return {
      ...{ from, to, above: this.#heights.top(from) },
      below: this.#heights.total - this.#heights.top(to),
    };
  }

  #covers(scrollTop: number): boolean {
    const { from, to } = this.#part;
    const around = AROUND_LEAST * this.#viewPx;
    const top = scrollTop - this.#headPx;
    const begin = this.#heights.top(from);
    const end = this.#heights.top(to);
    return (from === 0 || begin <= top - around) &&
      (to === this.#heights.length || end >= top + this.#viewPx + around);
  }
}

function isAtEnd(log: HTMLElement): boolean {
  return log.scrollHeight - log.clientHeight - log.scrollTop <= END_PX;
}
