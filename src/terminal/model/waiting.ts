/** What waits to be shown in a place that is not looked at: messages, and gaps where some are not. */
import type { Said } from "../../wire/server.ts";
import type { AuthorMark } from "../screen/printer.ts";
import type { Gap } from "./seq_track.ts";

/** Messages that wait to be shown; of more, the oldest are dropped and counted. */
const WAITING_MESSAGES = 500;
/** So are those of a room that says more than this while it is not looked at. */
const WAITING_CHARS = 200_000;

/** A message that waits, whether it counts as new, and whether it is of whom it seems to be. */
export interface Waiting {
  readonly message: Said;
  readonly news: "new" | "known";
  readonly author: AuthorMark;
}

/** What is printed in a place, or is told not to be here. */
export type Item = Waiting | { readonly gap: Gap };

/** How many messages of a gap are new to one who has read up to a seq. */
export function newIn({ from, to }: Gap, read: number | undefined): number {
  return Math.max(0, to - Math.max(from - 1, read ?? 0));
}

export class WaitingList {
  #items: Item[] = [];
  #chars = 0;
  #dropped = 0;

  /** How many are new to one who has read up to a seq. */
  unread(read: number | undefined): number {
    return this.#items.reduce(
      (sum, item) => sum + newOf(item, read),
      this.#dropped,
    );
  }

  keep(item: Item, read: number | undefined): void {
    this.#items.push(item);
    this.#chars += charsOf(item);
    while (
      this.#items.length > WAITING_MESSAGES ||
      (this.#chars > WAITING_CHARS && this.#items.length > 1)
    ) {
      const dropped = this.#items.shift()!;
      this.#chars -= charsOf(dropped);
      this.#dropped += newOf(dropped, read);
    }
  }

  /** A message was deleted: it is not shown any more. */
  erase(seq: number): void {
    const at = this.#items.findIndex((item) =>
      "message" in item && item.message.seq === seq
    );
    const [erased] = at < 0 ? [] : this.#items.splice(at, 1);
    if (erased !== undefined) this.#chars -= charsOf(erased);
  }

  /** All up to a seq was read; whether nothing that is new is left. */
  readTo(seq: number): boolean {
    this.#items = this.#items.map((item) =>
      "message" in item && item.message.seq <= seq
        ? { ...item, news: "known" }
        : item
    );
    const [first] = this.#items;
    if (first === undefined || firstSeqOf(first) <= seq) this.#dropped = 0;
    return this.unread(seq) === 0;
  }

  /** Gives what waits, with how many more were before it, and has nothing any more. */
  take(): { readonly items: readonly Item[]; readonly dropped: number } {
    const taken = { items: this.#items, dropped: this.#dropped };
    this.#items = [];
    this.#chars = this.#dropped = 0;
    return taken;
  }
}

function newOf(item: Item, read: number | undefined): number {
  if ("gap" in item) return newIn(item.gap, read);
  return item.news === "new" ? 1 : 0;
}

function firstSeqOf(item: Item): number {
  return "gap" in item ? item.gap.from : item.message.seq;
}

function charsOf(item: Item): number {
  return "message" in item ? item.message.txt.length : 0;
}
