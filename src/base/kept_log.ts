/** The last lines of a log, as data, whatever is written of them. */
import { LOG_KEPT_LINES, LOG_VALUE_CHARS } from "./limits.ts";
import type { Log, LogFields, LogLevel } from "./log.ts";

/** A line: its fields are short, and have no values that JSON has not. */
export interface KeptLine {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Record<string, string | number | boolean>;
}

/** Passes on what is logged, and keeps the last lines of it that are `info` or more. */
export class KeptLog implements Log {
  readonly #log: Log;
  readonly #now: () => number;
  /** Line number `n`, from 0 on, has its place at `n` modulo the length. */
  readonly #lines: KeptLine[] = [];
  #count = 0;
  readonly #listeners = new Set<() => void>();

  /** `now`: milliseconds UTC. */
  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** Lines since the beginning; that many is the number of the next. */
  get count(): number {
    return this.#count;
  }

  /** The number of the oldest that is kept. */
  get oldest(): number {
    return this.#count - this.#lines.length;
  }

  /** Those that are kept, from a number on, in their order. */
  from(number: number): KeptLine[] {
    const first = Math.max(number, this.oldest);
    return Array.from(
      { length: Math.max(0, this.#count - first) },
      (_, at) => this.#lines[(first + at) % LOG_KEPT_LINES]!,
    );
  }

  /** Calls back behind each line that is kept; the result ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  debug(event: string, fields?: LogFields): void {
    this.#log.debug(event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#log.info(event, fields);
    this.#keep("info", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#log.warn(event, fields);
    this.#keep("warn", event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#log.error(event, fields);
    this.#keep("error", event, fields);
  }

  #keep(level: LogLevel, event: string, fields: LogFields = {}): void {
    const line = { at: this.#now(), level, event, fields: plain(fields) };
    this.#lines[this.#count++ % LOG_KEPT_LINES] = line;
    for (const listener of this.#listeners) listener();
  }
}

function plain(fields: LogFields): KeptLine["fields"] {
  const kept: KeptLine["fields"] = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    const isPlain = typeof value === "boolean" ||
      typeof value === "number" && Number.isFinite(value);
    // A cut may part a character of two halves.
    kept[name] = isPlain
      ? value
      : String(value).slice(0, LOG_VALUE_CHARS).toWellFormed();
  }
  return kept;
}
