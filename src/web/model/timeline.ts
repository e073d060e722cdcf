/** What is shown of a room or a conversation, in its order: what was said, and what happened. */
import { signal } from "@preact/signals-core";
import type { Said } from "../../wire/server.ts";

/**
 * Whether the author is who it seems to be: not (`impostor`) where the name is that of a person who
 * was verified, with another key; `another` has another key than who wrote there before.
 */
export type AuthorMark = "impostor" | "another" | "other";

interface LineBase {
  /** Unique in its timeline, and the same for as long as the line is there. */
  readonly key: string;
  /** Milliseconds UTC. */
  readonly at: number;
}

/** Something that was said and has a place in the order. */
export interface SaidLine extends LineBase {
  readonly kind: "said";
  readonly seq: number;
  readonly message: Said;
  readonly author: AuthorMark;
  readonly isOwn: boolean;
  readonly isMention: boolean;
}

/** In the place of what was deleted. */
export interface GoneLine extends LineBase {
  readonly kind: "gone";
  readonly seq: number;
}

/** Somebody came, went, or is called something else; a topic was set. */
export interface HappenedLine extends LineBase {
  readonly kind: "happened";
  readonly text: string;
  /** What people can be spared of. */
  readonly about: "coming" | "other";
}

/** What the page itself says, or what the server answers a command. */
export interface NoteLine extends LineBase {
  readonly kind: "note";
  readonly text: string;
  readonly tone: "info" | "error" | "alarm";
}

/** Messages that were not sent, from and to a seq; `undefined` ends: nobody knows how many. */
export interface GapLine extends LineBase {
  readonly kind: "gap";
  readonly from: number;
  readonly to: number;
}

export type Line = SaidLine | GoneLine | HappenedLine | NoteLine | GapLine;
export type StoredLine = SaidLine | GoneLine;

/** What one has said and what is not in the order yet. */
export interface PendingLine extends LineBase {
  readonly kind: "pending";
  readonly text: string;
  readonly action: boolean;
  /** Why it was not sent; `undefined` while it may still be. */
  readonly failed: string | undefined;
}

export function isStored(line: Line | PendingLine): line is StoredLine {
  return line.kind === "said" || line.kind === "gone";
}

/** More lines than this are not kept of a place that is not looked at. */
const LINES_KEPT = 2_000;

export class Timeline {
  /** Changes with every change: whoever shows the lines reads it first. */
  readonly version = signal(0);
  /** Whether the journal has messages before the first line. */
  readonly hasOlder = signal(false);
  /** Whether it has messages after the last: only where this is no end of the journal. */
  readonly hasNewer = signal(false);
  readonly isLoading = signal(false);
  #lines: Line[] = [];
  #pending: PendingLine[] = [];
  #count = 0;

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

  /** Where a message stands, or would; lines without a seq belong behind the one before them. */
  indexOf(seq: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#seqAt(middle) < seq) low = middle + 1;
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
    const older: StoredLine[] = [];
    const first = this.firstSeq ?? Infinity;
    for (const line of lines) {
      if (line.seq < first) older.push(line);
      else this.#insert(line);
    }
    if (older.length > 0) {
      older.sort((one, two) => one.seq - two.seq);
      const begin = this.#lines.findIndex(isStored);
      this.#lines.splice(begin < 0 ? this.#lines.length : begin, 0, ...older);
    }
    this.#changed();
  }

  /** A message was deleted. */
  erase(seq: number): void {
    const at = this.indexOf(seq);
    const line = this.#lines[at];
    if (line?.kind !== "said" || line.seq !== seq) return;
    this.#lines[at] = { kind: "gone", key: line.key, at: line.at, seq };
    this.#changed();
  }

  /** Something happened now. */
  happened(at: number, text: string, about: HappenedLine["about"]): void {
    const key = this.#newKey();
    this.#lines.push({ kind: "happened", key, at, text, about });
    this.#changed();
  }

  note(at: number, text: string, tone: NoteLine["tone"]): void {
    this.#lines.push({ kind: "note", key: this.#newKey(), at, text, tone });
    this.#changed();
  }

  /** Takes a note away again. */
  dismiss(key: string): void {
    this.#lines = this.#lines.filter((line) => line.key !== key);
    this.#changed();
  }

  gap(at: number, from: number, to: number): void {
    this.#lines.push({ kind: "gap", key: this.#newKey(), at, from, to });
    this.#changed();
  }

  /** Something begins to wait; the result changes or removes it. */
  wait(at: number, text: string, action: boolean): Waiting {
    const key = this.#newKey();
    const line = { kind: "pending", key, at, text, action, failed: undefined };
    this.#pending.push(line as PendingLine);
    this.#changed();
    return {
      key,
      done: () => this.#drop(key),
      failed: (why) => this.#fail(key, why),
    };
  }

  /** Takes away what could not be sent, and gives its text. */
  takeFailed(key: string): string | undefined {
    const line = this.#pending.find((one) => one.key === key);
    if (line?.failed === undefined) return undefined;
    this.#drop(key);
    return line.text;
  }

  /** Forgets the oldest lines beyond what is kept. */
  trim(): void {
    const extra = this.#lines.length - LINES_KEPT;
    if (extra <= 0) return;
    this.#lines.splice(0, extra);
    this.hasOlder.value = true;
    this.#changed();
  }

  clear(): void {
    this.#lines = [];
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

  #insert(line: StoredLine): void {
    const last = this.lastSeq ?? 0;
    if (line.seq > last) {
      this.#lines.push(line);
      return;
    }
    const at = this.indexOf(line.seq);
    const there = this.#lines[at];
    if (there !== undefined && isStored(there) && there.seq === line.seq) {
      return;
    }
    this.#lines.splice(at, 0, line);
  }

  /** The seq of a line, or of the last before it that has one. */
  #seqAt(index: number): number {
    for (let at = index; at >= 0; at--) {
      const line = this.#lines[at]!;
      if (isStored(line)) return line.seq;
    }
    return 0;
  }

  #newKey(): string {
    return `n${++this.#count}`;
  }

  #changed(): void {
    this.version.value++;
  }
}

/** Something that one has said and that waits. */
export interface Waiting {
  readonly key: string;
  done(): void;
  failed(why: string): void;
}
