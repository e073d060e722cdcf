/**
 * Marks in the text of a message: `*bold*`, `_italic_`, `` `code` ``, addresses, `:tada:`.
 * Everything else is text as it was typed.
 */
import type { Token } from "markdown-it";
import { createParser } from "./markup_rules.ts";

/** A piece of text in one style. The texts of all spans in a row are what a person reads. */
export interface Span {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
  readonly code?: true;
  /** Where the text leads, in ASCII, `http:` or `https:`; the text is that address as typed. */
  readonly href?: string;
  /** The name, without colons, that an emoji was typed as. */
  readonly emoji?: string;
}

export interface MarkupOptions {
  /** Whether the spans have the marks themselves, in the style that each gives (hidden). */
  readonly marks?: "hidden" | "shown";
}

/** Every mark has at least one of these, and most messages have none. */
const MARKS = /[*_`:]/;

const parser = createParser();

/** The spans of a text in order, none of them empty; neighbours differ in style. */
export function parseMarkup(text: string, options: MarkupOptions = {}): Span[] {
  if (text === "") return [];
  if (!MARKS.test(text)) return [{ text }];
  const tokens: Token[] = [];
  parser.inline.parse(text, parser, {}, tokens);
  const writer = new SpanWriter(options.marks ?? "hidden");
  for (const token of tokens) writer.write(token);
  return writer.spans;
}

/** Walks the tokens with the style that is open. */
class SpanWriter {
  readonly spans: Span[] = [];
  readonly #marks: "hidden" | "shown";
  /** How many marks are open: bold may stand in bold. */
  #bold = 0;
  #italic = 0;
  #href: string | undefined;

  constructor(marks: "hidden" | "shown") {
    this.#marks = marks;
  }

  write(token: Token): void {
    switch (token.type) {
      case "text":
        return this.#add(token.content);
      case "code_inline":
        this.#mark(token, { code: true });
        this.#add(token.content, { code: true });
        return this.#mark(token, { code: true });
      case "emoji":
        return this.#add(token.content, { emoji: token.markup });
      case "link_open":
        this.#href = String(token.attrGet("href"));
        return;
      case "link_close":
        this.#href = undefined;
        return;
      case "em_open":
      case "strong_open":
        this.#count(token);
        return this.#mark(token);
      case "em_close":
      case "strong_close":
        this.#mark(token);
        return this.#count(token);
      default:
        throw new Error(`markup: a token of the type ${token.type}`);
    }
  }

  #count({ markup, nesting }: Token): void {
    if (markup.startsWith("*")) this.#bold += nesting;
    else this.#italic += nesting;
  }

  #mark({ markup }: Token, more?: Partial<Span>): void {
    if (this.#marks === "shown") this.#add(markup, more);
  }

  #add(text: string, more?: Partial<Span>): void {
    if (text === "") return;
    const span: Span = {
      text,
      ...(this.#bold > 0 && { bold: true }),
      ...(this.#italic > 0 && { italic: true }),
      ...(this.#href !== undefined && { href: this.#href }),
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
    a.href === undefined && b.href === undefined &&
    a.emoji === undefined && b.emoji === undefined;
}
