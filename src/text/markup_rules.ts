/**
 * How a message is read: only code, emphasis, colors, addresses and names of emoji are more than text,
 * and emphasis is strict enough that code, globs and faces typed as text stay what they are.
 */
import { addressAt } from "./addresses.ts";
import { findEmoji } from "./emoji.ts";
import { type Mark, pairMarks } from "./pairing.ts";

export const COLOR_NAMES = [
  "red",
  "yellow",
  "green",
  "cyan",
  "blue",
  "magenta",
  "grey",
] as const;
export type Color = typeof COLOR_NAMES[number];

/** `[red]` or `[/red]`, as {@linkcode Mark} has it. */
interface Tag {
  readonly kind: "color";
  readonly text: string;
  readonly color: Color;
  role?: "opens" | "closes";
}

/** A piece of a text. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  /** The backticks before it, and after it. */
  | { readonly kind: "code"; readonly text: string; readonly ticks: string }
  | { readonly kind: "emoji"; readonly text: string; readonly name: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | Tag
  | Mark;

/** Where something other than text begins, or an address has its colon, or a line ends. */
const SIGNIFICANT = /[\n*_`:[]/g;
const TAG = new RegExp(`\\[(/?)(${COLOR_NAMES.join("|")})\\]`, "y");

/** ASCII punctuation that a mark does not open after: `.*x`, `/*x`, `\*x` and `&*x` are code. */
const NEVER_BEFORE_OPENER = "!#$%&)+./=>?@\\]^|}~";
/** What an opened text does not begin with: `*.js`, `*, a`, `(_)`, `(*^_^*)`. */
const NEVER_FIRST = ")]}>.,;!?=^";
/** What it does not end with: `f(*`, `*-linux-*`, `*docs/*`. */
const NEVER_LAST = "([{</\\-=^";
/** ASCII punctuation that a mark does not close before. */
const NEVER_AFTER_CLOSER = "#$%&(+/<=@[\\^{|~";

/** CommonMark's blanks, and its punctuation. */
const BLANK = /[\p{Zs}\t-\r]/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** A part of an address or a word, where a colon begins no emoji: `10:100:45`, `file:100:x`. */
const WORD = /^\w$/;

/** The pieces of a text in order. */
export function readTokens(text: string): Token[] {
  return new Tokenizer(text).read();
}

class Tokenizer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Where the text begins that is in no token yet: it ends at `#at`. */
  #pending = 0;
  /** Those of the line so far. */
  #marks: Mark[] = [];
  /** Where the rows of backticks begin, by their length, the first at last; nothing until needed. */
  #fences: Map<number, number[]> | undefined;
  /** Colors that are open, and where the next end of each color is, as far as it was looked for. */
  readonly #open = new Map<string, Tag>();
  readonly #ends = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  read(): Token[] {
    for (;;) {
      SIGNIFICANT.lastIndex = this.#at;
      const match = SIGNIFICANT.exec(this.#text);
      if (match === null) break;
      this.#at = match.index;
      this.#readOne(match[0]);
    }
    this.#endLine();
    this.#at = this.#text.length;
    this.#flush();
    // The end was in code: it is text as it was typed.
    for (const tag of this.#open.values()) delete tag.role;
    return this.#tokens;
  }

  #readOne(char: string): void {
    if (char === "\n") this.#endLine();
    else if (char === "`") return this.#readCode();
    else if (char === "[") return this.#readTag();
    else if (char !== ":") return this.#readMarks(char);
    else if (this.#readAddress() || this.#readEmoji()) return;
    this.#at++;
  }

  /** A line feed is text, and no emphasis goes across it: lines with a star each are not bold. */
  #endLine(): void {
    pairMarks(this.#marks);
    this.#marks = [];
  }

  /** What is in code stays as it was typed, line feeds and blanks too. */
  #readCode(): void {
    const start = this.#at;
    const end = this.#afterRun("`");
    const close = this.#fenceAfter(end, end - start);
    if (close === undefined) this.#at = end;
    else {
      const ticks = this.#text.slice(start, end);
      const text = this.#text.slice(end, close);
      this.#push({ kind: "code", text, ticks }, start, close + ticks.length);
    }
  }

  /** The next row of so many backticks; rows before it are asked for no more. */
  #fenceAfter(from: number, length: number): number | undefined {
    this.#fences ??= fencesOf(this.#text);
    const starts = this.#fences.get(length) ?? [];
    while (starts.length > 0 && starts.at(-1)! < from) starts.pop();
    return starts.at(-1);
  }

  #readMarks(char: string): void {
    const [start, end] = [this.#at, this.#afterRun(char)];
    const run = { kind: "mark", text: char, run: end - start } as const;
    const flanks = this.#flanks(char, start, end);
    for (let at = start; at < end; at++) {
      const mark: Mark = { ...run, ...flanks, at };
      this.#marks.push(mark);
      this.#push(mark, at, at + 1);
    }
  }

  /** Both marks hold by CommonMark's rules of `_` (never inside a word), and by the lists above. */
  #flanks(char: string, start: number, end: number) {
    // In a color it is like at the beginning and at the end of a text.
    const last = this.#tokens.at(-1);
    const isFirst = this.#isAfter("color") && (last as Tag).role === "opens";
    const isLast = this.#tagAt(end)?.role === "closes";
    const before = isFirst ? " " : this.#text[start - 1];
    const after = isLast ? " " : this.#text[end];
    // `'*'`, `-*-`, `/*/`, `^_^`; and `__init__`.
    const isNone = before === after || (char === "_" && end - start > 1);
    const { canOpen, canClose } = flanking(
      isFirst ? " " : this.#text.slice(Math.max(0, start - 2), start),
      isLast ? " " : this.#text.slice(end, end + 2),
    );
    return {
      canOpen: canOpen && !isNone && !isOneOf(before, NEVER_BEFORE_OPENER) &&
        !isOneOf(after, NEVER_FIRST),
      canClose: canClose && !isNone && !isOneOf(after, NEVER_AFTER_CLOSER) &&
        (this.#isAfter("link") || !isOneOf(before, NEVER_LAST)),
    };
  }

  #readAddress(): boolean {
    const ends = Array.from(this.#open.keys(), (color) => this.#endOf(color));
    const end = Math.min(...ends.filter((at) => at > 0), this.#text.length);
    const address = addressAt(this.#text, this.#at, this.#pending, end);
    if (address === undefined) return false;
    const start = this.#at - address.text.indexOf(":");
    this.#push(
      { kind: "link", ...address },
      start,
      start + address.text.length,
    );
    return true;
  }

  /** `:tada:`, but no part of `10:100:45` or `std::cat::x`. */
  #readEmoji(): boolean {
    const [text, start] = [this.#text, this.#at];
    const end = text.indexOf(":", start + 1);
    const name = text.slice(start + 1, end);
    const symbol = end === -1 ? undefined : findEmoji(name);
    if (symbol === undefined || WORD.test(text[end + 1] ?? "")) return false;
    const before = text[start - 1] ?? "";
    const isInWord = before === ":" || WORD.test(before);
    if (isInWord && !this.#isAfter("emoji")) return false;
    this.#push({ kind: "emoji", text: symbol, name }, start, end + 1);
    return true;
  }

  /** A color begins where none of its kind is open and its end is to come. */
  #readTag(): void {
    const start = this.#at++;
    const tag = this.#tagAt(start);
    if (tag === undefined) return;
    if (tag.role === "closes") this.#open.delete(tag.color);
    else this.#open.set(tag.color, tag);
    this.#push(tag, start, start + tag.text.length);
  }

  /** The tag at a place, if it opens or closes something. */
  #tagAt(start: number): Tag | undefined {
    TAG.lastIndex = start;
    const match = TAG.exec(this.#text);
    if (match === null) return undefined;
    const [text, slash] = match;
    const color = match[2] as Color;
    const isOpen = this.#open.has(color);
    const closes = slash !== "";
    if (closes !== isOpen || (!closes && this.#endOf(color) < 0)) return;
    return { kind: "color", text, color, role: closes ? "closes" : "opens" };
  }

  /** Where the next end of a color is, or -1; each text is looked through once for each. */
  #endOf(color: string): number {
    let end = this.#ends.get(color);
    if (end === undefined || (end >= 0 && end < this.#at)) {
      end = this.#text.indexOf(`[/${color}]`, this.#at);
      this.#ends.set(color, end);
    }
    return end;
  }

  #afterRun(char: string): number {
    let end = this.#at;
    while (this.#text[end] === char) end++;
    return end;
  }

  #isAfter(kind: Token["kind"]): boolean {
    return this.#pending === this.#at && this.#tokens.at(-1)?.kind === kind;
  }

  /** Takes the text from `start` to `end` as a token, and what is before it as text. */
  #push(token: Token, start: number, end: number): void {
    this.#at = start;
    this.#flush();
    this.#tokens.push(token);
    this.#at = this.#pending = end;
  }

  #flush(): void {
    const text = this.#text.slice(this.#pending, this.#at);
    if (text !== "") this.#tokens.push({ kind: "text", text });
  }
}

function fencesOf(text: string): Map<number, number[]> {
  const runs = [...text.matchAll(/`+/g)].reverse();
  const byLength = Map.groupBy(runs, ([ticks]) => ticks.length);
  return new Map(
    Array.from(byLength, ([length, some]) => {
      return [length, some.map(({ index }) => index)];
    }),
  );
}

/** CommonMark's left- and right-flanking; half a character counts as punctuation. */
function flanking(left: string, right: string) {
  const before = [...left.toWellFormed()].at(-1) ?? " ";
  const [after = " "] = right.toWellFormed();
  const isBlankBefore = BLANK.test(before);
  const isBlankAfter = BLANK.test(after);
  const isMarkBefore = PUNCTUATION.test(before);
  const isMarkAfter = PUNCTUATION.test(after);
  const isLeft = !isBlankAfter &&
    (!isMarkAfter || isBlankBefore || isMarkBefore);
  const isRight = !isBlankBefore &&
    (!isMarkBefore || isBlankAfter || isMarkAfter);
  return {
    canOpen: isLeft && (!isRight || isMarkBefore),
    canClose: isRight && (!isLeft || isMarkAfter),
  };
}

function isOneOf(char: string | undefined, chars: string): boolean {
  return char !== undefined && chars.includes(char);
}
