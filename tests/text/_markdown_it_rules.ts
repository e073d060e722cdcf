/**
 * What markdown-it, with rules for chat beside its own, makes of a message: another implementation of
 * what `src/text` reads, to compare it with.
 */
import createMarkdownIt from "markdown-it";
import type { Delimiter, MarkdownIt, StateInline, Token } from "markdown-it";
import { findEmoji } from "../../src/text/emoji.ts";
import type { Color, MarkupOptions, Span } from "../../src/text/markup.ts";

/** ASCII punctuation that a mark does not open after: `.*x`, `/*x`, `\*x` and `&*x` are code. */
const NEVER_BEFORE_OPENER = "!#$%&)+./=>?@\\]^|}~";
/** What an opened text does not begin with: `*.js`, `*, a`, `(_)`, `(*^_^*)`. */
const NEVER_FIRST = ")]}>.,;!?=^";
/** What it does not end with: `f(*`, `*-linux-*`, `*docs/*`. */
const NEVER_LAST = "([{</\\-=^";
/** ASCII punctuation that a mark does not close before. */
const NEVER_AFTER_CLOSER = "#$%&(+/<=@[\\^{|~";

/** A part of an address or a word, where a colon begins no emoji: `10:100:45`, `file:100:x`. */
const WORD = /^\w$/;

/** An address ends before these; the library itself knows the rest. */
const LINK_TAIL = new Set("*_~.,:;!?");

const parser = createParser();

/** The spans of a text, each as long as a token: neighbours may be of one style. */
export function piecesOf(text: string, { marks }: MarkupOptions): Span[] {
  const tokens: Token[] = [];
  parser.inline.parse(text, parser, {}, tokens);
  const style = { bold: 0, italic: 0, href: "" };
  const colors: Color[] = [];
  const spans: Span[] = [];
  const add = (text: string, more: Partial<Span> = {}) => {
    const { bold, italic, href } = style;
    spans.push({
      text,
      ...(bold > 0 && { bold: true }),
      ...(italic > 0 && { italic: true }),
      ...(href !== "" && { href }),
      ...(colors.length > 0 && { color: colors.at(-1)! }),
      ...more,
    });
  };
  const mark = (text: string, more?: Partial<Span>) => {
    if (marks === "shown") add(text, more);
  };
  for (const token of tokens) {
    const { type, markup, content, nesting } = token;
    const kind = markup.startsWith("*") ? "bold" : "italic";
    if (type === "text") add(content);
    else if (type === "emoji") add(content, { emoji: markup });
    else if (type === "link_open") style.href = String(token.attrGet("href"));
    else if (type === "link_close") style.href = "";
    else if (type === "color_open") {
      colors.push(markup as Color);
      if (marks === "shown") add(content);
    } else if (type === "color_close") {
      if (marks === "shown") add(content);
      colors.splice(colors.indexOf(markup as Color), 1);
    } else if (type === "code_inline") {
      mark(markup, { code: true });
      add(content, { code: true });
      mark(markup, { code: true });
    } else if (nesting > 0) {
      style[kind]++;
      mark(markup);
    } else {
      mark(markup);
      style[kind]--;
    }
  }
  return spans.filter(({ text }) => text !== "");
}

/**
 * Tokens of a message: `text`, `code_inline`, `emoji` (markup: its name), `link_open`, `em_open`,
 * `strong_open`, and their `_close`.
 */
function createParser(): MarkdownIt {
  const parser = createMarkdownIt("zero", { linkify: true });
  readLinksAsTyped(parser);
  const { inline } = parser;
  inline.ruler.enableOnly(["backticks"]);
  const [backticks] = inline.ruler.getRules("");
  inline.ruler.enableOnly(["linkify"]);
  const [linkify] = inline.ruler.getRules("");
  inline.ruler.at("backticks", verbatim(backticks!));
  inline.ruler.at("newline", endOfLine);
  inline.ruler.push("emoji", emoji);
  inline.ruler.push("color", colorTag);
  inline.ruler.at("linkify", inColors(linkify!));
  inline.ruler.enableOnly(
    ["text", "linkify", "newline", "backticks", "emphasis", "emoji", "color"],
  );
  inline.ruler2.after("balance_pairs", "faces", faces);
  inline.ruler2.push("unclosed_colors", unclosedColors);
  inline.ruler2.enableOnly(
    ["balance_pairs", "faces", "emphasis", "unclosed_colors"],
  );
  inline.State = strictState(inline.State);
  return parser;
}

/** Only addresses of the web are links, and each is shown as it was typed. */
function readLinksAsTyped(parser: MarkdownIt): void {
  const { linkify } = parser;
  const matchAtStart = linkify.matchAtStart.bind(linkify);
  linkify.matchAtStart = (text) => {
    const match = matchAtStart(text);
    if (match !== null) match.url = trimLink(match.url);
    return match;
  };
  // An address with a user in it is read as a whole, and then left as it is.
  linkify.set({ urlAuth: true });
  parser.normalizeLink = webAddress;
  parser.validateLink = (href) => href !== "";
  parser.normalizeLinkText = (url) => url;
}

type InlineRule = (state: StateInline, silent: boolean) => boolean;

/** Both marks hold by CommonMark's rules of `_` (never inside a word), and by the lists above. */
function strictState(State: typeof StateInline): typeof StateInline {
  return class extends State {
    override scanDelims(start: number) {
      const typed = this.src;
      this.src = withBlanksAtTags(this, start);
      try {
        return this.#scanDelims(start);
      } finally {
        this.src = typed;
      }
    }

    #scanDelims(start: number) {
      const run = super.scanDelims(start, false);
      const before = this.src[start - 1];
      const after = this.src[start + run.length];
      // `'*'`, `-*-`, `/*/`, `^_^`; and `__init__`.
      const isNone = before === after ||
        (this.src[start] === "_" && run.length > 1);
      const isAfterLink = this.pending === "" &&
        this.tokens.at(-1)?.type === "link_close";
      run.can_open &&= !isNone && !isOneOf(before, NEVER_BEFORE_OPENER) &&
        !isOneOf(after, NEVER_FIRST);
      run.can_close &&= !isNone && !isOneOf(after, NEVER_AFTER_CLOSER) &&
        (isAfterLink || !isOneOf(before, NEVER_LAST));
      return run;
    }
  };
}

function isOneOf(char: string | undefined, chars: string): boolean {
  return char !== undefined && chars.includes(char);
}

/** A line feed is text, and no emphasis goes across it: lines with a star each are not bold. */
function endOfLine(state: StateInline): boolean {
  if (state.src[state.pos] !== "\n") return false;
  state.push("text", "", 0).content = "\n";
  // The pairs so far are found apart from those to come, as the library does it around a link.
  state.tokens_meta[state.tokens_meta.length - 1] = {
    delimiters: state.delimiters,
  };
  state.delimiters = [];
  state.pos++;
  return true;
}

/** The library's code spans, with the line feeds and blanks that it takes away. */
function verbatim(backticks: InlineRule): InlineRule {
  return (state, silent) => {
    const start = state.pos;
    if (!backticks(state, silent)) return false;
    const token = state.tokens.at(-1);
    // What is no code span has become pending text.
    if (state.pending === "" && token?.type === "code_inline") {
      const { length } = token.markup;
      token.content = state.src.slice(start + length, state.pos - length);
    }
    return true;
  };
}

/** `:tada:`, but no part of `10:100:45` or `std::cat::x`. */
function emoji(state: StateInline): boolean {
  const { src, pos } = state;
  if (src[pos] !== ":") return false;
  const end = src.indexOf(":", pos + 1);
  const name = src.slice(pos + 1, end);
  const symbol = end === -1 ? undefined : findEmoji(name);
  if (symbol === undefined || WORD.test(src[end + 1] ?? "")) return false;
  const isAfterEmoji = state.pending === "" &&
    state.tokens.at(-1)?.type === "emoji";
  const before = src[pos - 1] ?? "";
  if (!isAfterEmoji && (before === ":" || WORD.test(before))) return false;
  const token = state.push("emoji", "", 0);
  token.content = symbol;
  token.markup = name;
  state.pos = end + 1;
  return true;
}

const TAG = /^\[(\/?)(red|yellow|green|cyan|blue|magenta|grey)\]/;

/** The colors that are open, in order. */
function openColors({ tokens }: StateInline): string[] {
  return tokens.reduce<string[]>((open, { type, markup }) => {
    if (type === "color_open") return [...open, markup];
    return type === "color_close" ? open.filter((c) => c !== markup) : open;
  }, []);
}

/** `[red]`, where none is open and its end is to come, and the next `[/red]`. */
function colorTag(state: StateInline): boolean {
  const { src, pos } = state;
  const [tag, slash, color] = TAG.exec(src.slice(pos)) ?? [];
  if (tag === undefined) return false;
  const isOpen = openColors(state).includes(color!);
  const closes = slash === "/";
  if (closes !== isOpen) return false;
  if (!closes && !src.slice(pos).includes(`[/${color}]`)) return false;
  const token = state.push(closes ? "color_close" : "color_open", "", 0);
  token.markup = color!;
  token.content = tag;
  state.pos += tag.length;
  return true;
}

/** Its end was in code. */
function unclosedColors(state: StateInline): void {
  const open = openColors(state);
  for (const token of state.tokens.toReversed()) {
    const at = token.type === "color_open" ? open.indexOf(token.markup) : -1;
    if (at < 0) continue;
    open.splice(at, 1);
    token.type = "text";
  }
}

/** An address ends where a color does, that is open there. */
function inColors(linkify: InlineRule): InlineRule {
  return (state, silent) => {
    const { src, posMax } = state;
    const ends = openColors(state)
      .map((color) => src.indexOf(`[/${color}]`, state.pos))
      .filter((end) => end >= 0);
    state.posMax = Math.min(posMax, ...ends);
    state.src = src.slice(0, state.posMax);
    try {
      return linkify(state, silent);
    } finally {
      state.src = src;
      state.posMax = posMax;
    }
  };
}

/** In a color it is as at the beginning and at the end of a text. */
function withBlanksAtTags(state: StateInline, start: number): string {
  const { src, pending, tokens } = state;
  let end = start;
  while (src[end] === src[start]) end++;
  const [, slash, color] = TAG.exec(src.slice(end)) ?? [];
  const isBeforeEnd = slash === "/" && openColors(state).includes(color!);
  const isAtBegin = pending === "" && tokens.at(-1)?.type === "color_open";
  const before = isAtBegin
    ? `${src.slice(0, start - 1)} `
    : src.slice(0, start);
  const after = isBeforeEnd ? ` ${src.slice(end + 1)}` : src.slice(end);
  return before + src.slice(start, end) + after;
}

/** Marks around nothing but marks are a face: `*_*`. */
function faces(state: StateInline): void {
  unpairFaces(state.delimiters);
  for (const meta of state.tokens_meta) unpairFaces(meta?.delimiters ?? []);
}

function unpairFaces(delimiters: Delimiter[]): void {
  for (const [index, delimiter] of delimiters.entries()) {
    const closer = delimiters[delimiter.end];
    if (
      closer !== undefined &&
      closer.token - delimiter.token === delimiter.end - index
    ) delimiter.end = -1;
  }
}

function trimLink(url: string): string {
  let end = url.length;
  while (end > 0 && LINK_TAIL.has(url[end - 1]!)) end--;
  return url.slice(0, end);
}

/**
 * The address in ASCII; nothing for one that does not go where it seems to
 * (`http://bank.example@other.example/`).
 */
function webAddress(text: string): string {
  if (!URL.canParse(text)) return "";
  const { protocol, username, password, href } = new URL(text);
  const isWeb = protocol === "http:" || protocol === "https:";
  return isWeb && username === "" && password === "" ? href : "";
}
