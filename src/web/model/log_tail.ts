/** The end of the server's log as it is watched: bounded, filtered, and held still on demand. */
import { computed, signal } from "@preact/signals-core";
import {
  LOG_VALUE_CHARS,
  WATCHED_EVENT_CHARS,
  WATCHED_LOG_FIELDS,
  WATCHED_LOG_LINES,
} from "../../base/limits.ts";
import type { LogEntry, LogMessage } from "../../wire/watched.ts";

export const LEVELS = ["info", "warn", "error"] as const;
export type Level = typeof LEVELS[number];

/** A line, or in its place that some are missing. */
export interface LogLine {
  /** Counts on: a line keeps its number. */
  readonly number: number;
  /** Milliseconds UTC. */
  readonly at: number;
  readonly level: Level;
  readonly event: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** All of it as one text, as a log in a file would have it. */
  readonly text: string;
}

export class LogTail {
  /** Oldest first. */
  readonly lines = signal<readonly LogLine[]>([]);
  /** What is looked for; upper and lower case are the same. */
  readonly wanted = signal("");
  /** The least that is shown. */
  readonly least = signal<Level>("info");
  /** The lines that were there when it was held still. */
  readonly #held = signal<readonly LogLine[] | undefined>(undefined);
  #heldUntil = 0;
  readonly #count = signal(0);

  readonly isHeld = computed(() => this.#held.value !== undefined);
  /** How many came since it is held still. */
  readonly missed = computed(() =>
    this.isHeld.value ? this.#count.value - this.#heldUntil : 0
  );
  readonly shown = computed(() => {
    const least = LEVELS.indexOf(this.least.value);
    const wanted = this.wanted.value.trim().toLowerCase();
    const lines = this.#held.value ?? this.lines.value;
    if (least === 0 && wanted === "") return lines;
    return lines.filter(({ level, text }) =>
      LEVELS.indexOf(level) >= least && text.toLowerCase().includes(wanted)
    );
  });

  /** Takes what came live; `isAnew`: the last lines, of which some may be known. */
  take({ entries, dropped = 0 }: LogMessage, isAnew: boolean): void {
    const known = isAnew ? this.#knownOf(entries) : 0;
    // Where nothing is known, others may have been written meanwhile.
    const isTorn = isAnew && known === 0 && this.lines.peek().length > 0;
    const fresh = entries.slice(known).map((entry) => this.#lineOf(entry));
    const gap = dropped > 0 || isTorn
      ? [this.#gap(entries[0]?.at, dropped)]
      : [];
    const lines = [...this.lines.peek(), ...gap, ...fresh];
    this.lines.value = lines.slice(-WATCHED_LOG_LINES);
  }

  /** Holds still what is shown, or shows all that came since. */
  hold(how: "held" | "live"): void {
    this.#heldUntil = this.#count.peek();
    this.#held.value = how === "held" ? this.lines.peek() : undefined;
  }

  clear(): void {
    this.lines.value = [];
    this.hold("live");
  }

  /** How many of the entries are there already, up to the last that is. */
  #knownOf(entries: readonly LogEntry[]): number {
    const last = this.lines.peek().findLast(({ event }) => event !== GAP);
    if (last === undefined) return 0;
    return entries.findLastIndex((entry) =>
      entry.at === last.at && textOf(entry) === last.text
    ) + 1;
  }

  #lineOf(entry: LogEntry): LogLine {
    const { at } = entry;
    const event = cut(entry.event, WATCHED_EVENT_CHARS);
    const level = LEVELS.find((one) => one === entry.level) ?? "info";
    const text = textOf(entry);
    return {
      number: this.#next(),
      at,
      level,
      event,
      fields: fieldsOf(entry),
      text,
    };
  }

  #gap(at: number | undefined, dropped: number): LogLine {
    const text = dropped > 0
      ? `${dropped} lines did not come`
      : "lines may be missing here";
    const last = this.lines.peek().at(-1)?.at ?? 0;
    const fields = [["", text]] as const;
    return {
      number: this.#next(),
      at: at ?? last,
      level: "warn",
      event: GAP,
      fields,
      text,
    };
  }

  #next(): number {
    return this.#count.value = this.#count.peek() + 1;
  }
}

const GAP = "…";

function fieldsOf({ fields }: LogEntry): (readonly [string, string])[] {
  return Object.entries(fields).slice(0, WATCHED_LOG_FIELDS)
    .map(([name, value]) =>
      [name, cut(String(value), LOG_VALUE_CHARS)] as const
    );
}

/** A server may say more than any log has. */
function cut(text: string, chars: number): string {
  return text.length > chars ? text.slice(0, chars).toWellFormed() : text;
}

function textOf(entry: LogEntry): string {
  const { level } = entry;
  const event = cut(entry.event, WATCHED_EVENT_CHARS);
  const fields = fieldsOf(entry).map(([name, value]) => `${name}=${value}`);
  return [level.toUpperCase(), event, ...fields].join(" ");
}
