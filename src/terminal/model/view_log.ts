/** The last messages of a place that were shown or replayed, to be shown again. */
import type { Item } from "./waiting.ts";

const LOG_MESSAGES = 100;
const LOG_CHARS = 100_000;

interface Logged {
  readonly item: Item;
  /** How many rows the printer had printed with it, if it was. */
  printedAt: number | undefined;
}

export class ViewLog {
  readonly #entries: Logged[] = [];
  #chars = 0;

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** The lowest seq that is here; `undefined` where there is none. */
  get first(): number | undefined {
    const first = this.#entries.find(({ item }) => "message" in item)?.item;
    return first !== undefined && "message" in first
      ? first.message.seq
      : undefined;
  }

  /** Adds an item behind the others, or notes of one that is here where it was printed. */
  add(item: Item, printedAt?: number): void {
    const known = this.#entries.find((one) => one.item === item);
    if (known !== undefined) {
      known.printedAt = printedAt ?? known.printedAt;
      return;
    }
    this.#entries.push({ item, printedAt });
    this.#chars += charsOf(item);
    const isOver = () =>
      this.#entries.length > LOG_MESSAGES || this.#chars > LOG_CHARS;
    while (isOver() && this.#entries.length > 1) {
      this.#chars -= charsOf(this.#entries.shift()!.item);
    }
  }

  /** What comes behind the last that still stands on the screen: printed after so many rows. */
  behind(rows: number): Item[] {
    const at = this.#entries.findLastIndex(({ printedAt }) =>
      printedAt !== undefined && printedAt > rows
    );
    return this.#entries.slice(at + 1).map(({ item }) => item);
  }

  /** A message was deleted. */
  erase(seq: number): void {
    const at = this.#entries.findIndex(({ item }) =>
      "message" in item && item.message.seq === seq
    );
    if (at < 0) return;
    const [erased] = this.#entries.splice(at, 1);
    this.#chars -= charsOf(erased!.item);
  }

  clear(): void {
    this.#entries.length = this.#chars = 0;
  }
}

function charsOf(item: Item): number {
  return "message" in item ? item.message.txt.length : 0;
}
