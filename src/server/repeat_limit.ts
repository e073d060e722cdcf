/**
 * Lines of the log that a stranger can bring about, each of them a few times a minute: then they
 * are counted, and the count is one line when the minute is over. What is held for it is bounded.
 */
import { siteOf } from "../base/cidr.ts";
import {
  LOG_REPEAT_MS,
  LOG_REPEATED_LINES,
  LOG_REPEATS,
} from "../base/limits.ts";
import type { Log, LogFields } from "../base/log.ts";
import { addressGroup } from "../net/address.ts";

/** How often lines with the same `same` are written. */
export interface Repeated {
  readonly event: string;
  /** Names of its fields; the first says who it is, of which there may be any number. */
  readonly same: readonly [string, ...string[]];
  /** Lines of a minute before they are counted. */
  readonly lines?: number;
  /** Default `info`. */
  readonly level?: Level;
}

type Level = "info" | "warn";

interface Span {
  readonly event: string;
  readonly level: Level;
  /** Those fields of the first line that are the same for all. */
  readonly fields: LogFields;
  /** Lines before they are counted. */
  readonly lines: number;
  readonly until: number;
  count: number;
}

/** Stands for who it is, when there are too many. */
const OTHERS = "*";

export class RepeatLimit {
  readonly #log: Pick<Log, Level>;
  readonly #now: () => number;
  /** In the order in which they end. */
  readonly #spans = new Map<string, Span>();
  /** How many of each event: none takes the room of another. */
  readonly #sizes = new Map<string, number>();

  /** `now`: monotonic milliseconds. */
  constructor(log: Pick<Log, Level>, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** What is held. */
  get size(): number {
    return this.#spans.size;
  }

  /** Writes a line, or counts it; `true` when it is written. */
  write(repeated: Repeated, fields: LogFields): boolean {
    this.sweep();
    const span = this.#spans.get(keyOf(repeated, fields)) ??
      this.#begin(repeated, fields);
    if (++span.count > span.lines) return false;
    this.#log[span.level](span.event, fields);
    return true;
  }

  /** Writes the counts of what is over. */
  sweep(): void {
    const now = this.#now();
    for (const [key, span] of this.#spans) {
      if (span.until > now) return;
      this.#end(key, span);
    }
  }

  /** Writes all counts. */
  end(): void {
    for (const [key, span] of this.#spans) this.#end(key, span);
  }

  #begin(repeated: Repeated, fields: LogFields): Span {
    const { event, same, lines = LOG_REPEATED_LINES, level = "info" } =
      repeated;
    const size = this.#sizes.get(event) ?? 0;
    const isFull = size >= LOG_REPEATS;
    const first = isFull ? { ...fields, [same[0]]: OTHERS } : fields;
    const key = keyOf(repeated, first);
    const before = this.#spans.get(key);
    if (before !== undefined) return before;
    const span: Span = {
      event,
      level,
      fields: Object.fromEntries(same.map((name) => [name, first[name]])),
      lines: isFull ? 0 : lines,
      until: this.#now() + LOG_REPEAT_MS,
      count: 0,
    };
    this.#spans.set(key, span);
    this.#sizes.set(event, size + 1);
    return span;
  }

  #end(key: string, { event, level, fields, lines, count }: Span): void {
    this.#spans.delete(key);
    this.#sizes.set(event, this.#sizes.get(event)! - 1);
    const seconds = LOG_REPEAT_MS / 1_000;
    const more = count - lines;
    if (more > 0) this.#log[level](event, { ...fields, more, seconds });
  }
}

function keyOf({ event, same }: Repeated, fields: LogFields): string {
  const values = same.map((name) => {
    const value = String(fields[name]);
    return name === "peer" ? placeOf(value) : value;
  });
  return [event, ...values].join(" ");
}

/** The site of an IPv6 address: it has more addresses than there is room for. */
function placeOf(peer: string): string {
  const address = addressGroup(peer);
  return siteOf(address) ?? address;
}
