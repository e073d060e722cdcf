/**
 * What is printed above the prompt: messages, and what the client itself says, as lines with
 * styles. Text of others gets nothing into them but text.
 */
import { wordsIn } from "../../memory/mention.ts";
import { markupToAnsi } from "../../text/ansi.ts";
import {
  clockTime,
  dateOf,
  renderMessage,
  withSpeaker,
} from "../../text/render.ts";
import type { Said, ServerMessage } from "../../wire/server.ts";
import { cleanLine, cleanText } from "../../wire/text.ts";
import type { Palette, Style } from "./palette.ts";
import { wrapStyled } from "./wrap.ts";

/**
 * Whether the author is who it seems to be: not (`impostor`) where the name is that of a person who
 * was verified, with another key; `another` has another key than who wrote there before.
 */
export type AuthorMark = "impostor" | "another" | "other";

export interface PrinterOptions {
  readonly palette: () => Palette;
  /** Takes rows of the window, of which only one with a very wide word is wider than that. */
  readonly print: (rows: readonly string[]) => void;
  /** Of the window; `Infinity` where there is none. */
  readonly columns: () => number;
  readonly timestamps: () => "on" | "off";
  readonly numbers: () => "on" | "off";
  /** Whether colors in texts are shown. */
  readonly colors: () => "on" | "off";
  /** Words that are marked in texts. */
  readonly words: () => readonly string[];
  /** Milliseconds UTC; the day on which it begins needs no line of its own. */
  readonly now: () => number;
}

/** Behind the width of `[12:03] `. */
export const TIMED_INDENT_CELLS = 8;
const INDENT = " ".repeat(TIMED_INDENT_CELLS);
/** Deeper than anything begins. */
export const UNTIMED_INDENT_CELLS = 4;
const UNTIMED_INDENT = " ".repeat(UNTIMED_INDENT_CELLS);
/** Where there are less columns than this, more of them go to the text. */
const NARROW_COLUMNS = 30;
const NARROW_INDENT = " ".repeat(2);
/** Behind the names of commands, where there is room enough beside them. */
const HELP_INDENT = " ".repeat(24);
const HELP_COLUMNS = 60;
const RULE = "──";
const MARKS = {
  impostor: "(not the one you verified)",
  another: "(another key than before)",
} as const;
export const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

export class Printer {
  readonly #options: PrinterOptions;
  /** The local day of what was printed last. */
  #day: string;

  constructor(options: PrinterOptions) {
    this.#options = options;
    this.#day = dayOf(options.now());
  }

  /**
   * A message that was said; a `mention` speaks to the person here.
   */
  said(
    message: Said,
    about: "mention" | "other",
    author: AuthorMark = "other",
  ): void {
    const palette = this.#options.palette();
    const { action, at, seq } = message;
    const stamp = this.#stamp(at);
    const from = cleanLine(message.from);
    const named = about === "mention"
      ? palette.style("mention", from)
      : palette.name(from);
    const name = author === "other"
      ? named
      : `${named} ${palette.style("alarm", MARKS[author])}`;
    const text = this.#textOf(message);
    // Without a time before it, it would begin as what the client says itself.
    const star = stamp === "" ? " *" : "*";
    const line = action ? `${star} ${name} ${text}` : `${name}: ${text}`;
    const number = this.#options.numbers() === "on" && seq > 0
      ? `${palette.style("dim", `#${seq}`)} `
      : "";
    const indent = stamp === "" ? UNTIMED_INDENT : INDENT;
    this.#print(`${palette.style("dim", stamp)}${number}${line}`, indent);
  }

  /**
   * Something that has happened, under its time in milliseconds UTC: what the server says of it, or
   * words of the client's own. What is of another day (a topic) is told as what is so today.
   */
  happened(what: ServerMessage | string, at = this.#options.now()): void {
    const text = typeof what === "string"
      ? `* ${what}`
      : renderMessage(withSpeaker(what));
    if (text === undefined) return;
    const isToday = dayOf(at) === dayOf(this.#options.now());
    this.#styled("dim", (isToday ? this.#stamp(at) : "") + text);
  }

  /** Anything else that the server says, if there is something to show. */
  other(message: ServerMessage): void {
    const isNews = message.type === "notice" && message.id === undefined;
    if (isNews) return this.happened(message);
    const text = renderMessage(withSpeaker(message));
    if (text === undefined) return;
    const isWide = this.#options.columns() >= HELP_COLUMNS;
    const indent = message.type === "help" && isWide ? HELP_INDENT : INDENT;
    this.#styled(message.type === "error" ? "error" : "dim", text, indent);
  }

  /** `── dev ──` */
  rule(text: string, style: Style = "dim"): void {
    this.#styled(style, `${RULE} ${cleanLine(text)} ${RULE}`);
  }

  /** Something that the client itself says. */
  note(text: string): void {
    this.#styled("dim", `* ${text.replaceAll("\n", "\n* ")}`);
  }

  /** Rows that are styled already. */
  rows(rows: readonly string[]): void {
    for (const row of rows) this.#print(row, INDENT);
  }

  /** Something that went wrong. */
  fault(text: string): void {
    this.#styled("error", `! ${text.replaceAll("\n", "\n! ")}`);
  }

  /** Something that must not be overlooked. */
  alarm(text: string): void {
    this.#styled("alarm", `!!! ${cleanLine(text)} !!!`);
  }

  /** `[12:03] `, or nothing; below the day, where that is another than before. */
  #stamp(at: number): string {
    const day = dayOf(at);
    if (day !== this.#day) {
      this.#day = day;
      this.rule(day);
    }
    return this.#options.timestamps() === "on" ? `[${clockTime(at)}] ` : "";
  }

  #textOf({ txt }: Said): string {
    const { words, colors } = this.#options;
    const palette = this.#options.palette();
    return markupToAnsi(cleanText(txt), palette.color, {
      colorOf: colors() === "on" ? palette.text : undefined,
      marksOf: (text) => wordsIn(text, words()),
    });
  }

  #styled(style: Style, text: string, indent = INDENT): void {
    const palette = this.#options.palette();
    for (const line of cleanText(text).split("\n")) {
      this.#print(palette.style(style, line), indent);
    }
  }

  #print(text: string, indent: string): void {
    const columns = this.#options.columns();
    const fitting = columns < NARROW_COLUMNS ? NARROW_INDENT : indent;
    this.#options.print(wrapStyled(text, columns, fitting));
  }
}

/** The local day of a moment in milliseconds UTC. */
function dayOf(at: number): string {
  return DAY.format(dateOf(at));
}
