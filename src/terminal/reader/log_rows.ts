/** What is loaded as rows of a window: messages, and titles between them. Pure. */
import { dateOf } from "../../text/render.ts";
import type { Palette } from "../screen/palette.ts";
import { DAY } from "../screen/printer.ts";
import type { Entry, Loaded } from "./loaded.ts";
import { rowsOf } from "./rows.ts";

/** A row, and what it is of: rows of an entry count from 0, titles above it stand before. */
export interface Row {
  readonly seq: number;
  readonly row: number;
  readonly text: string;
}

export interface LogRowsOptions {
  readonly palette: Palette;
  /** What has a higher seq is new. */
  readonly read?: number | undefined;
  /** Columns before the second row of an entry. */
  readonly indent: number;
}

const TITLES = { begin: -4, day: -3, news: -2, found: -1 } as const;

export class LogRows {
  readonly #options: LogRowsOptions;
  readonly #loaded: Loaded;
  #columns = 1;
  #found: number | undefined;
  #all: readonly Row[] | undefined;
  #wrapped = new WeakMap<Entry, readonly string[]>();
  /** To say a day takes longer than anything else here. */
  readonly #days = new WeakMap<Entry, string>();

  constructor(loaded: Loaded, options: LogRowsOptions) {
    this.#loaded = loaded;
    this.#options = options;
  }

  get columns(): number {
    return this.#columns;
  }

  set columns(columns: number) {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#wrapped = new WeakMap();
    this.changed();
  }

  /** The seq of the entry that has a title of its own. */
  get found(): number | undefined {
    return this.#found;
  }

  set found(seq: number | undefined) {
    this.#found = seq;
    this.changed();
  }

  /** What is loaded is not what it was. */
  changed(): void {
    this.#all = undefined;
  }

  get all(): readonly Row[] {
    return this.#all ??= [...this.#layOut()];
  }

  *#layOut(): Generator<Row> {
    const { entries, reachesBegin, lost } = this.#loaded;
    const { read = Infinity } = this.#options;
    if (reachesBegin) {
      const text = lost > 0
        ? `what was said before is not kept any more`
        : "that is where it begins";
      yield this.#title(0, "begin", text);
    }
    let day = "";
    // Where all of it is new, there is nothing to tell apart.
    let isNew = (entries[0]?.seq ?? 0) > read;
    for (const entry of entries) {
      const { seq, lines } = entry;
      if (lines.length === 0) continue;
      const itsDay = this.#dayOf(entry);
      if (itsDay !== day) yield this.#title(seq, "day", itsDay);
      day = itsDay;
      if (!isNew && seq > read) {
        isNew = true;
        yield this.#title(seq, "news", "new");
      }
      if (seq === this.#found) yield this.#title(seq, "found", "found");
      let row = 0;
      for (const text of this.#wrap(entry)) yield { seq, row: row++, text };
    }
  }

  #title(seq: number, kind: keyof typeof TITLES, text: string): Row {
    const style = kind === "news" || kind === "found" ? "news" : "dim";
    const line = this.#options.palette.style(style, `── ${text} ──`);
    const [row = ""] = rowsOf(line, this.#columns, 0);
    return { seq, row: TITLES[kind], text: row };
  }

  #dayOf(entry: Entry): string {
    const known = this.#days.get(entry);
    if (known !== undefined) return known;
    const day = DAY.format(dateOf(entry.at));
    this.#days.set(entry, day);
    return day;
  }

  #wrap(entry: Entry): readonly string[] {
    const known = this.#wrapped.get(entry);
    if (known !== undefined) return known;
    const rows = entry.lines.flatMap((line) =>
      rowsOf(line, this.#columns, this.#options.indent)
    );
    this.#wrapped.set(entry, rows);
    return rows;
  }
}
