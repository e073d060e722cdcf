/**
 * Marks in the text of a message: `*bold*`, `_italic_`, `` `code` ``, `[red]colors[/red]`, addresses,
 * `:tada:`.
 * Everything else is text as it was typed.
 */
import {
  type Color,
  COLOR_NAMES,
  readTokens,
  type Token,
} from "./markup_rules.ts";
import type { Mark } from "./pairing.ts";

export { type Color, COLOR_NAMES };

/** A piece of text in one style. The texts of all spans in a row are what a person reads. */
export interface Span {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
  readonly code?: true;
  readonly color?: Color;
  /** Where the text leads, in ASCII, `http:` or `https:`; the text is that address as typed. */
  readonly href?: string;
  /** The name, without colons, that an emoji was typed as. */
  readonly emoji?: string;
}

export interface MarkupOptions {
  /**
   * Whether the spans have the marks themselves, in the style that each gives (hidden); `uncolored`:
   * all but those of colors.
   */
  readonly marks?: "hidden" | "shown" | "uncolored";
}

/** Every mark has at least one of these, and most messages have none. */
const MARKS = /[*_`:[]/;

/** The spans of a text in order, none of them empty; neighbours differ in style. */
export function parseMarkup(text: string, options: MarkupOptions = {}): Span[] {
  if (text === "") return [];
  if (!MARKS.test(text)) return [{ text }];
  const writer = new SpanWriter(options.marks ?? "hidden");
  for (const token of readTokens(text)) writer.write(token);
  return writer.spans;
}

/** Walks the tokens with the style that is open. */
class SpanWriter {
  readonly spans: Span[] = [];
  readonly #marks: MarkupOptions["marks"];
  /** How many marks are open: bold may stand in bold. */
  #bold = 0;
  #italic = 0;
  /** The open ones, of which the last is seen. */
  #colors: Color[] = [];

  constructor(marks: MarkupOptions["marks"]) {
    this.#marks = marks;
  }

  write(token: Token): void {
    switch (token.kind) {
      case "text":
        return this.#add(token.text);
      case "code":
        this.#mark(token.ticks, { code: true });
        this.#add(token.text, { code: true });
        return this.#mark(token.ticks, { code: true });
      case "emoji":
        return this.#add(token.text, { emoji: token.name });
      case "link":
        return this.#add(token.text, { href: token.href });
      case "mark":
        return this.#emphasize(token);
      case "color": {
        const { text, color, role } = token;
        if (role === "opens") this.#colors.push(color);
        if (role === undefined || this.#marks === "shown") this.#add(text);
        if (role === "closes") {
          this.#colors = this.#colors.filter((one) => one !== color);
        }
      }
    }
  }

  /** The mark itself is in the style that it gives, at both ends. */
  #emphasize({ text, role }: Mark): void {
    if (role === undefined) return this.#add(text);
    if (role === "opens") this.#count(text, 1);
    this.#mark(text);
    if (role === "closes") this.#count(text, -1);
  }

  #count(mark: string, change: 1 | -1): void {
    if (mark === "*") this.#bold += change;
    else this.#italic += change;
  }

  #mark(text: string, more?: Partial<Span>): void {
    if (this.#marks !== "hidden") this.#add(text, more);
  }

  #add(text: string, more?: Partial<Span>): void {
    if (text === "") return;
    const color = this.#colors.at(-1);
    const span: Span = {
      text,
      ...(this.#bold > 0 && { bold: true }),
      ...(this.#italic > 0 && { italic: true }),
      ...(color && { color }),
      ...more,
    };
    const last = this.spans.at(-1);
    if (last !== undefined && isSameStyle(last, span)) {
      this.spans[this.spans.length - 1] = { ...last, text: last.text + text };
    } else this.spans.push(span);
  }
}

/** Whether two neighbours are one span; addresses and emoji stay apart, each is one thing. */
function isSameStyle(a: Span, b: Span): boolean {
  return a.bold === b.bold && a.italic === b.italic && a.code === b.code &&
    a.color === b.color &&
    a.href === undefined && b.href === undefined &&
    a.emoji === undefined && b.emoji === undefined;
}
