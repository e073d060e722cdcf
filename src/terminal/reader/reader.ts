/**
 * The history of one place on the whole screen: pages and keys come in, rows come out, and it says
 * which page it wants. Pure.
 */
import type { WindowSize } from "../process_terminal.ts";
import { LogRows, type LogRowsOptions, type Row } from "./log_rows.ts";
import { type Entry, Loaded, type Page, type Want } from "./loaded.ts";
import { statusRow } from "./status.ts";

export interface ReaderOptions extends LogRowsOptions {
  /** It opens at this seq; else one window before the end. */
  readonly at?: number | undefined;
  readonly size: WindowSize;
}

/** So many windows before and behind the one that is shown are loaded, and so many are kept. */
const WINDOWS_LOADED = 2;
const WINDOWS_KEPT = 4;
/** Rows that stay where one goes on by a window. */
const OVERLAP = 2;
/** A window that is higher is not filled. */
const ROWS_MAX = 500;
/** Entries on either side of the one that it opens at. */
const AROUND = 50;

const FIND = "/";
/** What keys do; the text keys among them may be typed many at once, by holding one. */
const KEYS: Readonly<Record<string, (reader: Reader) => void>> = {
  "pageup ctrl+b": (r) => r.page(-1),
  "pagedown ctrl+f space": (r) => r.page(1),
  "up ctrl+p k": (r) => r.scroll(-1),
  "down ctrl+n enter j": (r) => r.scroll(1),
  "ctrl+u": (r) => r.page(-1 / 2),
  "ctrl+d": (r) => r.page(1 / 2),
  "home g": (r) => r.toBegin(),
  "end G": (r) => r.toEnd(),
  [FIND]: (r) => r.ask(),
  "n": (r) => r.find("older"),
  "N": (r) => r.find("newer"),
};
const ENDS_ASKING = new Set(["escape", "ctrl+c", "ctrl+g"]);
const BY_KEY = new Map(
  Object.entries(KEYS).flatMap(([keys, run]) =>
    keys.split(" ").map((key) => [key, run] as const)
  ),
);

export class Reader {
  readonly #options: ReaderOptions;
  readonly #loaded = new Loaded();
  readonly #rows: LogRows;
  /** Rows of the window, without the status. */
  height = 1;
  /** The first row that is shown, `end` for the last window there is. */
  #top: Pick<Row, "seq" | "row"> | "end" = "end";
  /** What everything is to be replaced by. */
  #jump: Want | undefined;
  /** To be gone on by, as soon as there is something. */
  #later = 0;
  /** What is searched for in what is loaded, and whether it is being typed. */
  #words = "";
  #isAsking = false;
  #notice = "";

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#rows = new LogRows(this.#loaded, options);
    this.resize(options.size);
    const { at } = options;
    this.#rows.found = at;
    if (at !== undefined) {
      this.#jump = { kind: "around", before: at + AROUND + 1 };
    } else {
      this.#jump = { kind: "newest" };
      this.page(-1);
    }
  }

  /** The page that is to be loaded next, if any. */
  get wants(): Want | undefined {
    if (this.#jump !== undefined) return this.#jump;
    const { first, last, reachesBegin, reachesEnd } = this.#loaded;
    const near = WINDOWS_LOADED * this.height;
    const top = this.#topIndex;
    if (!reachesBegin && top < near && first !== undefined) {
      return { kind: "older", before: first.seq };
    }
    const below = this.#rows.all.length - top - this.height;
    if (!reachesEnd && below < near) {
      return { kind: "newer", after: last?.seq ?? 0 };
    }
    return undefined;
  }

  /** The seq up to which all is seen, where the end is before one. */
  get seen(): number | undefined {
    return this.#isAtEnd ? this.#loaded.last?.seq : undefined;
  }

  /** Takes the answer to what was wanted. */
  take(want: Want, page: Page): void {
    if (this.#jump !== undefined && this.#jump !== want) return;
    const isJump = this.#jump === want;
    this.#jump = undefined;
    this.#loaded.take(want, page);
    this.#rows.changed();
    if (!isJump) return this.#trim();
    if (want.kind === "first") this.#goTo(0);
    else this.#top = "end";
    if (want.kind === "around") this.#goToFound();
    if (want.kind === "newest" && this.#later !== 0) this.scroll(this.#later);
    this.#later = 0;
  }

  hear(entry: Entry): void {
    this.#loaded.hear(entry);
    this.#rows.changed();
    this.#trim();
  }

  replace(entry: Entry): void {
    this.#loaded.replace(entry);
    this.#rows.changed();
  }

  /** Does what a key does; `false` when it is none of the reader's. */
  press(name: string): boolean {
    this.#notice = "";
    if (this.#isAsking) return this.#answer(name);
    const run = BY_KEY.get(name);
    run?.(this);
    return run !== undefined;
  }

  /** Characters as typed: keys of the reader, or words that are searched for. */
  type(text: string): boolean {
    if (this.#isAsking) {
      this.#words += text;
      return true;
    }
    const keys = Array.from(text, (one) => one === " " ? "space" : one);
    if (keys[0] === FIND) {
      this.press(FIND);
      this.#words = text.slice(FIND.length);
      return true;
    }
    // Keys may come in one go, and so may words, which are not meant for it.
    if (!keys.every((key) => BY_KEY.has(key))) return false;
    for (const key of keys) this.press(key);
    return true;
  }

  // ---- Moving ----

  scroll(by: number): void {
    if (this.#jump !== undefined) this.#later += by;
    else this.#goTo(this.#topIndex + by);
  }

  /** Goes on by so many windows. */
  page(by: number): void {
    this.scroll(Math.round(by * Math.max(1, this.height - OVERLAP)));
  }

  toBegin(): void {
    if (this.#jump?.kind === "first") return;
    if (this.#loaded.reachesBegin) this.#goTo(0);
    else this.#jump = { kind: "first", after: 0 };
  }

  toEnd(): void {
    if (this.#jump?.kind === "newest") return;
    if (this.#loaded.reachesEnd) this.#top = "end";
    else this.#jump = { kind: "newest" };
    this.#later = 0;
  }

  #goTo(index: number): void {
    const last = this.#lastTop;
    const at = Math.max(0, Math.min(index, last));
    const row = this.#rows.all[at];
    this.#top = at === last || row === undefined ? "end" : row;
    this.#trim();
  }

  /** A third of the window stands above what was found. */
  #goToFound(): void {
    const found = this.#rows.found ?? 0;
    const at = this.#rows.all.findIndex(({ seq }) => seq >= found);
    if (at >= 0) this.#goTo(at - Math.floor(this.height / 3));
  }

  // ---- Searching what is loaded ----

  ask(): void {
    this.#isAsking = true;
    this.#words = "";
  }

  #answer(name: string): boolean {
    if (name === "enter") {
      this.#isAsking = false;
      this.find("older");
    } else if (name === "backspace" || name === "ctrl+h") {
      this.#words = [...this.#words].slice(0, -1).join("");
    } else if (ENDS_ASKING.has(name)) this.#isAsking = false;
    return true;
  }

  /** Goes to the next entry that has the words, from the one found last or from the window. */
  find(direction: "older" | "newer"): void {
    if (this.#words === "") return;
    const words = this.#words.toLowerCase();
    const all = this.#loaded.entries.filter(({ lines }) => lines.length > 0);
    const from = this.#isFoundShown
      ? this.#rows.found!
      : this.#edgeOf(direction);
    const isBeyond = ({ seq }: Entry) =>
      direction === "older" ? seq < from : seq > from;
    const entries = all.filter((entry) =>
      isBeyond(entry) && entry.text.toLowerCase().includes(words)
    );
    const next = direction === "older" ? entries.at(-1) : entries[0];
    if (next === undefined) {
      const none = this.#isFoundShown ? "no other" : "not";
      this.#notice = `${none} in what is loaded here: /search ${this.#words}`;
      return;
    }
    this.#rows.found = next.seq;
    this.#rows.changed();
    this.#goToFound();
  }

  get #isFoundShown(): boolean {
    return this.#shown.some(({ seq }) => seq === this.#rows.found);
  }

  /** Behind the window, or before it. */
  #edgeOf(direction: "older" | "newer"): number {
    const seqs = this.#shown.map(({ seq }) => seq).filter((seq) => seq > 0);
    return direction === "older"
      ? (seqs.at(-1) ?? 0) + 1
      : (seqs[0] ?? Infinity) - 1;
  }

  // ---- Rows ----

  /** The rows of a window, the status last; `state` says how the loading goes. */
  rows(name: string, state: string): string[] {
    const shown = this.#shown;
    const texts = shown.map(({ text }) => text);
    const empty = Array<string>(this.height - texts.length).fill("");
    const status = this.#status(shown, name, state);
    return [...empty, ...texts, status];
  }

  /** The window is of another size: what stands at its top stays there. */
  resize({ columns, rows }: WindowSize): void {
    this.#rows.columns = columns;
    this.height = Math.max(1, Math.min(rows - 1, ROWS_MAX));
  }

  #status(shown: readonly Row[], name: string, state: string): string {
    const seqs = shown.map(({ seq }) => seq).filter((seq) => seq > 0);
    const entry = this.#loaded.entries.find(({ seq }) => seq === seqs[0]);
    return statusRow({
      palette: this.#options.palette,
      columns: this.#rows.columns,
      name,
      range: seqs.length === 0 ? undefined : [seqs[0]!, seqs.at(-1)!],
      head: this.#loaded.head,
      at: entry?.at,
      asked: this.#isAsking ? this.#words : undefined,
      state: this.#notice === "" ? state : this.#notice,
    });
  }

  get #shown(): readonly Row[] {
    const top = this.#topIndex;
    return this.#rows.all.slice(top, top + this.height);
  }

  get #lastTop(): number {
    return Math.max(0, this.#rows.all.length - this.height);
  }

  get #topIndex(): number {
    const top = this.#top;
    if (top === "end") return this.#lastTop;
    const at = this.#rows.all.findIndex(({ seq, row }) =>
      seq > top.seq || (seq === top.seq && row >= top.row)
    );
    return at < 0 ? this.#lastTop : Math.min(at, this.#lastTop);
  }

  get #isAtEnd(): boolean {
    return this.#loaded.reachesEnd && this.#topIndex === this.#lastTop;
  }

  /** What is far away is not kept. */
  #trim(): void {
    if (!this.#loaded.isTooMuch) return;
    const { all } = this.#rows;
    const far = WINDOWS_KEPT * this.height;
    const top = this.#topIndex;
    const from = all[Math.max(0, top - far)]?.seq ?? 0;
    const to = all[top + this.height + far]?.seq ?? Infinity;
    const { length } = this.#loaded.entries;
    this.#loaded.trim(from, to);
    if (this.#loaded.entries.length < length) this.#rows.changed();
  }
}
