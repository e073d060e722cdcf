/** What is shown of a room or a conversation, in its order: what was said, and what happened. */
import { signal } from "@preact/signals-core";
import type { HelpRow } from "../../wire/server.ts";
import { type Coming, COMINGS_FOLDED, withComing } from "../../text/comings.ts";
import {
  isStored,
  type Line,
  type NoteLine,
  type PendingLine,
  type StoredLine,
} from "./line.ts";

/** More lines than this are not kept of a place that is not looked at, and a half over. */
const LINES_KEPT = 2_000;
/** Nor than this of the one that is. */
const LINES_MAX = 150_000;
/** Nor texts of more characters: a flood of long ones must not fill the memory. */
const CHARS_MAX = 100_000_000;

export class Timeline {
  /** Changes with every change: whoever shows the lines reads it first. */
  readonly version = signal(0);
  /** Whether the journal has messages before the first line. */
  readonly hasOlder = signal(false);
  /** Whether it has messages after the last: only where this is no end of the journal. */
  readonly hasNewer = signal(false);
  readonly isLoading = signal(false);
  /** Why nothing more could be loaded; it is not tried again by itself. */
  readonly fault = signal("");
  /** The lowest and the highest seq that were read, also of what is not shown. */
  from = Infinity;
  to = 0;
  #lines: Line[] = [];
  #pending: PendingLine[] = [];
  #count = 0;
  #kept = LINES_KEPT;
  /** Of all texts that came since it was counted, in UTF-16. */
  #chars = 0;

  /** In order; the array is the timeline's own. */
  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** What waits to be sent or could not be, the oldest first. */
  get pending(): readonly PendingLine[] {
    return this.#pending;
  }

  get firstSeq(): number | undefined {
    return this.#lines.find(isStored)?.seq;
  }

  get lastSeq(): number | undefined {
    return this.#lines.findLast(isStored)?.seq;
  }

  /** Whether no older lines can be added. */
  get isFull(): boolean {
    return this.#lines.length >= LINES_MAX || this.#chars >= CHARS_MAX;
  }

  /** Where a message stands, or would; lines without a seq belong behind the one before them. */
  indexOf(seq: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]!.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  find(seq: number): StoredLine | undefined {
    const line = this.#lines[this.indexOf(seq)];
    return line !== undefined && isStored(line) && line.seq === seq
      ? line
      : undefined;
  }

  /** Adds what has a seq, each in its place; what is there already stays. */
  add(lines: readonly StoredLine[]): void {
    if (lines.length === 0) return;
    for (const line of lines) this.#chars += charsOf(line);
    const added = lines.toSorted((one, two) => one.seq - two.seq);
    const at = this.indexOf(added[0]!.seq);
    const next = this.#lines[at]?.seq ?? Infinity;
    if (next > added.at(-1)!.seq) this.#put(at, added);
    else this.#lines = merge(this.#lines, added, at);
    this.#changed();
  }

  /** A message was deleted. */
  erase(seq: number): void {
    const line = this.find(seq);
    if (line?.kind !== "said") return;
    const { key, at } = line;
    this.#lines[this.indexOf(seq)] = { kind: "gone", key, at, seq };
    this.#changed();
  }

  /** Something happened now. */
  happened(at: number, text: string): void {
    this.#append({ kind: "happened", ...this.#here(at), text });
  }

  /** Somebody came or went now; those who do one after the other share a line. */
  moved(at: number, coming: Coming): void {
    const last = this.#lines.at(-1);
    if (last?.kind !== "coming" || last.comings.length >= COMINGS_FOLDED) {
      return this.#append({
        ...{ kind: "coming", ...this.#here(at) },
        comings: [coming],
      });
    }
    const comings = withComing(last.comings, coming);
    this.#lines[this.#lines.length - 1] = { ...last, at, comings };
    this.#changed();
  }

  note(at: number, text: string, tone: NoteLine["tone"]): void {
    this.#append({ kind: "note", ...this.#here(at), text, tone });
  }

  /** Explains commands. */
  help(at: number, commands: readonly HelpRow[]): void {
    const line = { ...this.#here(at), text: "", commands };
    this.#append({ kind: "note", ...line, tone: "info" });
  }

  /** Takes a note away again. */
  dismiss(key: string): void {
    this.#lines = this.#lines.filter((line) => line.key !== key);
    this.#changed();
  }

  /** The messages from a seq to another are missing. */
  gap(at: number, from: number, to: number): void {
    const { key, seq } = this.#here(at);
    const before = Math.max(seq, from - 1);
    this.#append({ kind: "gap", key, at, seq: before, from, to });
  }

  /** What is missing of a gap begins at another seq now; when nothing is, the gap is gone. */
  narrow(key: string, from: number): void {
    const at = this.#lines.findIndex((line) => line.key === key);
    const line = this.#lines[at];
    if (line?.kind !== "gap") return;
    this.#lines.splice(at, 1);
    if (from <= line.to) {
      this.#lines.splice(this.indexOf(from), 0, {
        ...line,
        seq: from - 1,
        from,
      });
    }
    this.#changed();
  }

  /** Something begins to wait; the result changes or removes it. */
  wait(at: number, text: string, action: boolean): Waiting {
    const key = this.#newKey();
    const line = { key, at, text, action, failed: undefined };
    this.#pending.push({ kind: "pending", ...line });
    this.#changed();
    return {
      key,
      done: () => this.#drop(key),
      failed: (why) => this.#fail(key, why),
    };
  }

  /** Takes away what could not be sent, and gives it. */
  takeFailed(key: string): PendingLine | undefined {
    const line = this.#pending.find((one) => one.key === key);
    if (line?.failed === undefined) return undefined;
    this.#drop(key);
    return line;
  }

  /** The place is looked at: what is loaded of it stays. */
  keepAll(): void {
    this.#kept = LINES_MAX;
  }

  /** Forgets the oldest lines beyond what is kept of a place that is not looked at. */
  trim(): void {
    this.#kept = LINES_KEPT;
    this.#cut();
  }

  clear(): void {
    this.#lines = [];
    this.#chars = 0;
    this.from = Infinity;
    this.to = 0;
    this.#changed();
  }

  #put(at: number, added: readonly StoredLine[]): void {
    if (at < this.#lines.length) {
      const lines = this.#lines;
      this.#lines = [...lines.slice(0, at), ...added, ...lines.slice(at)];
      return;
    }
    for (const line of added) this.#lines.push(line);
    this.#cutIfLong();
  }

  #append(line: Line): void {
    this.#chars += charsOf(line);
    this.#lines.push(line);
    this.#cutIfLong();
    this.#changed();
  }

  /** Not one line at a time: to cut moves all that is kept. */
  #cutIfLong(): void {
    const most = this.#kept * 1.5;
    const { length } = this.#lines;
    if (length > most) this.#cut();
    else if (this.#chars > CHARS_MAX * 1.5) this.#cut(length >> 1);
  }

  #cut(kept = this.#kept): void {
    const extra = this.#lines.length - kept;
    if (extra <= 0) return;
    this.#lines.splice(0, extra);
    this.#chars = 0;
    for (const line of this.#lines) this.#chars += charsOf(line);
    this.from = Infinity;
    this.hasOlder.value = true;
    this.#changed();
  }

  #drop(key: string): void {
    this.#pending = this.#pending.filter((one) => one.key !== key);
    this.#changed();
  }

  #fail(key: string, failed: string): void {
    this.#pending = this.#pending.map((one) =>
      one.key === key ? { ...one, failed } : one
    );
    this.#changed();
  }

  /** What a line has that is added at the end. */
  #here(at: number): { key: string; at: number; seq: number } {
    return { key: this.#newKey(), at, seq: this.#lines.at(-1)?.seq ?? 0 };
  }

  #newKey(): string {
    return `n${++this.#count}`;
  }

  #changed(): void {
    this.version.value = this.version.peek() + 1;
  }
}

function charsOf(line: Line): number {
  if (line.kind === "said") return line.message.txt.length;
  return "text" in line ? line.text.length : 0;
}

/** Both in their order, from an index on: of two of one seq the one that was there. */
function merge(
  lines: readonly Line[],
  added: readonly StoredLine[],
  from: number,
): Line[] {
  const merged = lines.slice(0, from);
  let index = from;
  for (const line of added) {
    while (index < lines.length && lines[index]!.seq < line.seq) {
      merged.push(lines[index++]!);
    }
    const there = lines[index];
    const isThere = there !== undefined && isStored(there) &&
      there.seq === line.seq;
    if (!isThere) merged.push(line);
  }
  for (; index < lines.length; index++) merged.push(lines[index]!);
  return merged;
}

/** Something that one has said and that waits. */
export interface Waiting {
  readonly key: string;
  done(): void;
  failed(why: string): void;
}
