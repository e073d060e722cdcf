/**
 * What is loaded of a place's history: entries without a gap between them, from pages that come at
 * either end. Those that are far from what is looked at are dropped, and loaded again. Pure.
 */

/** An entry as it is shown. */
export interface Entry {
  readonly seq: number;
  /** Milliseconds UTC. */
  readonly at: number;
  /** With styles, not broken into rows; none for what is not shown. */
  readonly lines: readonly string[];
  /** The same as plain text, to be searched. */
  readonly text: string;
}

/** A page that is wanted: the newest, around a seq, the first, or what comes before or after. */
export interface Want {
  readonly kind: "newest" | "around" | "first" | "older" | "newer";
  readonly before?: number;
  readonly after?: number;
}

/** What was answered. */
export interface Page {
  readonly entries: readonly Entry[];
  /** Whether there is more on the side that was asked for. */
  readonly more: boolean;
  /** Seqs that are kept no more. */
  readonly skipped?: { readonly from: number; readonly to: number };
}

/** More are dropped where they are far from what is looked at. */
const ENTRIES = 600;
const CHARS = 400_000;

export class Loaded {
  #entries: Entry[] = [];
  #chars = 0;
  /** Whether nothing is before the first, and nothing behind the last. */
  #reaches = { begin: false, end: false };
  /** The highest seq that was heard of. */
  #head = 0;
  /** How many at the beginning are kept no more. */
  #lost = 0;

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  get last(): Entry | undefined {
    return this.#entries.at(-1);
  }

  get reachesBegin(): boolean {
    return this.#reaches.begin;
  }

  get reachesEnd(): boolean {
    return this.#reaches.end;
  }

  get head(): number {
    return this.#head;
  }

  get lost(): number {
    return this.#lost;
  }

  /** Takes a page that was wanted, unless it does not fit any more. */
  take(want: Want, { entries, more, skipped }: Page): void {
    const { kind, before, after } = want;
    if (kind === "older" && before !== this.first?.seq) return;
    if (kind === "newer" && after !== (this.last?.seq ?? 0)) return;
    this.#lost = Math.max(this.#lost, skipped?.to ?? 0);
    if (want.kind === "older") return this.#before(entries, more);
    if (want.kind === "newer") return this.#behind(entries, more);
    this.#entries = ascending(entries, 0);
    this.#chars = charsOf(this.#entries);
    const last = this.last?.seq ?? 0;
    const isNewest = want.kind === "newest";
    const isFirst = want.kind === "first";
    const isAll = isNewest || (isFirst && !more);
    this.#reaches = {
      begin: isFirst || !more,
      end: isAll && last >= this.#head,
    };
    if (isAll) this.#head = Math.max(this.#head, last);
  }

  #before(entries: readonly Entry[], more: boolean): void {
    const first = this.first?.seq ?? Infinity;
    const older = ascending(entries, 0).filter(({ seq }) => seq < first);
    this.#entries = withoutUnseen([...older, ...this.#entries]);
    this.#chars += charsOf(older);
    // A page without anything new would be asked for without end.
    this.#reaches.begin = !more || older.length === 0;
  }

  #behind(entries: readonly Entry[], more: boolean): void {
    const newer = ascending(entries, this.last?.seq ?? 0);
    this.#entries = withoutUnseen([...this.#entries, ...newer]);
    this.#chars += charsOf(newer);
    const isAll = !more || newer.length === 0;
    if (isAll && newer.length === 0) this.#head = this.last?.seq ?? 0;
    const last = this.last?.seq ?? 0;
    this.#head = Math.max(this.#head, last);
    this.#reaches.end = isAll && last === this.#head;
  }

  /** Something was said just now. */
  hear(entry: Entry): void {
    if (entry.seq <= this.#head) return;
    const isNext = entry.seq === this.#head + 1;
    this.#head = entry.seq;
    if (!this.#reaches.end) return;
    this.#reaches.end = isNext;
    if (!isNext) return;
    this.#entries.push(entry);
    this.#chars += charsOf([entry]);
  }

  /** Puts another in the place of one, if that is here. */
  replace(entry: Entry): void {
    const at = this.#entries.findIndex(({ seq }) => seq === entry.seq);
    if (at < 0) return;
    this.#chars += charsOf([entry]) - charsOf([this.#entries[at]!]);
    this.#entries[at] = entry;
  }

  /** Whether there is more than is to be kept. */
  get isTooMuch(): boolean {
    return this.#isOver(0);
  }

  /** Drops entries while there are too many, but none from one seq to another. */
  trim(from: number, to: number): void {
    while (this.isTooMuch && this.last!.seq > to) {
      this.#chars -= charsOf([this.#entries.pop()!]);
      this.#reaches.end = false;
    }
    let count = 0;
    while (this.#isOver(count) && this.#entries[count]!.seq < from) {
      this.#chars -= charsOf([this.#entries[count++]!]);
      this.#reaches.begin = false;
    }
    if (count > 0) this.#entries = this.#entries.slice(count);
  }

  #isOver(dropped: number): boolean {
    const length = this.#entries.length - dropped;
    return length > 1 && (length > ENTRIES || this.#chars > CHARS);
  }
}

/** Those behind a seq that ascend, as a history does. */
function ascending(entries: readonly Entry[], behind: number): Entry[] {
  let last = behind;
  return entries.filter(({ seq }) => seq > last && (last = seq) > 0);
}

/** Without what is not shown, but for what tells where the entries begin and end. */
function withoutUnseen(entries: readonly Entry[]): Entry[] {
  const last = entries.length - 1;
  return entries.filter(({ lines }, at) =>
    lines.length > 0 || at === 0 || at === last
  );
}

function charsOf(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, { lines }) => lines.reduce((all, line) => all + line.length, sum),
    0,
  );
}
