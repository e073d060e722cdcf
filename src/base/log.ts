/** The log: one line an event, with fields, for people (`text`) or for programs (`json`). */

const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof LEVELS[number];
export type LogFormat = "text" | "json";
type LogValue = string | number | bigint | boolean | null | undefined;

/** What belongs to an event; `undefined` is left out. The names that every line has are taken. */
export type LogFields =
  & { readonly [name: string]: LogValue }
  & { readonly time?: never; readonly level?: never; readonly event?: never };

/** Writes an event: a short constant text, all that varies in the fields. */
type LogMethod = (event: string, fields?: LogFields) => void;

export type Log = Readonly<Record<LogLevel, LogMethod>>;

export interface LogOptions {
  /** Milliseconds UTC. */
  readonly now: () => number;
  /** Default `text`. */
  readonly format?: LogFormat;
  /** The least that is written; default `info`. */
  readonly level?: LogLevel;
  /** Takes each line with its line feed; default {@linkcode writeStderr}. */
  readonly sink?: (line: string) => void;
}

/** A log that writes nothing. */
export const NO_LOG: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** A log that writes lines to its sink. */
export function createLog(options: LogOptions): Log {
  const { now, format, level: least = "info", sink = writeStderr } = options;
  const render = format === "json" ? renderJson : renderText;
  const log = { ...NO_LOG };
  for (const level of LEVELS.slice(LEVELS.indexOf(least))) {
    log[level] = (event, fields = {}) => {
      const time = new Date(now()).toISOString();
      sink(`${render({ time, level, event }, fields)}\n`);
    };
  }
  return log;
}

/** Writes to standard error before it returns, so that nothing is lost when the process ends. */
function writeStderr(line: string): void {
  let rest: Uint8Array = new TextEncoder().encode(line);
  try {
    while (rest.length > 0) rest = rest.subarray(Deno.stderr.writeSync(rest));
  } catch {
    // Nobody reads standard error any more; that must not end the server.
  }
}

interface LineHead {
  readonly time: string;
  readonly level: LogLevel;
  readonly event: string;
}

function renderText({ time, level, event }: LineHead, fields: LogFields) {
  let line = `${time} ${level.toUpperCase().padEnd(5)} ${escape(event)}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${name}=${renderValue(value)}`;
  }
  return line;
}

/** Quoted when it would not be read back as one value. */
function renderValue(value: LogValue): string {
  const text = String(value);
  return /^[^\s"=\\\p{C}]+$/u.test(text) ? text : escape(JSON.stringify(text));
}

function renderJson(head: LineHead, fields: LogFields): string {
  // JSON has no large integers.
  const plain = (_: string, value: LogValue) =>
    typeof value === "bigint" ? String(value) : value;
  return escape(JSON.stringify({ ...head, ...fields }, plain));
}

/**
 * What is invisible or moves the cursor, as `\uXXXX`: text of a peer can neither begin a line of
 * its own nor change how one is shown. In JSON such characters stand inside strings only, where
 * this is the same string.
 */
function escape(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    let escaped = "";
    for (let i = 0; i < char.length; i++) {
      escaped += `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }
    return escaped;
  });
}
