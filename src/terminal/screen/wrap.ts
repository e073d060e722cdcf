/**
 * Lines broken into rows of a window: at blanks, and between the characters of scripts that have no
 * blanks. Pure. A terminal would break them anywhere.
 */
import { cellsOfText, clustersOf, mostCells } from "./cells.ts";
import { readStyled, type Styled, writeStyled } from "./sgr.ts";

/**
 * What looks blank; a row may end there, and ends without it. So do those that are not to break: a
 * word wider than the window, with them in it, could be made to look like a line of another.
 */
const BLANK =
  /^[\p{Zs}\p{Default_Ignorable_Code_Point}\t\u2800\u{13441}\u{13442}\u{1d159}]+$/u;
/** With a mark on it, that need not be seen: before it a row may end, too. */
const BLANK_FIRST = /^[\p{Zs}\u2800]/u;
/** Most characters: they need no look into tables. */
const PRINTED = /^[\x21-\x7e]/;
/** Wherever its column is. */
const TAB_MOST_CELLS = 8;
/** What no row begins with, though a wide character is before it; and what none ends with. */
const NEVER_FIRST = new Set(
  "、。，．・：；？！）］｝〉》」』】〕ー々ゝゞヽヾぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥’”»)]}.,:;!?'\"",
);
const NEVER_LAST = new Set("（［｛〈《「『【〔‘“«([{'\"");
/** From here on to the next blank nothing is broken. */
const ADDRESS = "://";

/**
 * The rows of a text, which may hold styles (SGR) and line feeds; every row but the first begins
 * with the indent (spaces), without a style. No style goes across a line feed. `columns` may be
 * `Infinity`.
 *
 * Where a row ends, the blanks are gone. A word that is wider than a row stays whole, so that an
 * address can be clicked and copied: the terminal breaks it.
 */
export function wrapStyled(
  text: string,
  columns: number,
  indent: string,
): string[] {
  return text.split("\n").flatMap((line, at) => {
    const begin = at === 0 ? "" : indent;
    const pieces = readStyled(line);
    const cells = pieces.reduce((sum, piece) => sum + cellsOf(piece.text), 0);
    if (begin.length + cells <= columns) return [begin + line];
    const writer = new RowWriter(columns, begin, indent);
    for (const word of wordsOf(pieces)) writer.place(word);
    return writer.end();
  });
}

/** Clusters that stay together, and the blanks before them. */
interface Word {
  readonly gap: readonly Styled[];
  readonly pieces: readonly Styled[];
  readonly gapCells: number;
  readonly cells: number;
}

class RowWriter {
  readonly #columns: number;
  readonly #indent: string;
  readonly #rows: string[] = [];
  #begin: string;
  #row: Styled[] = [];
  #cells: number;

  constructor(columns: number, begin: string, indent: string) {
    this.#columns = columns;
    this.#indent = indent;
    this.#begin = begin;
    this.#cells = begin.length;
  }

  place({ gap, pieces, gapCells, cells }: Word): void {
    const start = this.#cells + gapCells;
    if (start + cells <= this.#columns) {
      return this.#put(gap, pieces, start + cells);
    }
    if (pieces.length === 0) return;
    // It may be too wide for any row: then a break must at least bring it further to the left.
    if (this.#row.length > 0 && start <= this.#indent.length) {
      return this.#put(gap, pieces, start + cells);
    }
    if (this.#row.length > 0) this.#break();
    this.#put([], pieces, this.#cells + cells);
  }

  end(): string[] {
    this.#break();
    return this.#rows;
  }

  #put(gap: readonly Styled[], pieces: readonly Styled[], cells: number): void {
    for (const piece of gap) this.#row.push(piece);
    for (const piece of pieces) this.#row.push(piece);
    this.#cells = cells;
  }

  #break(): void {
    this.#rows.push(this.#begin + writeStyled(this.#row));
    this.#row = [];
    this.#begin = this.#indent;
    this.#cells = this.#indent.length;
  }
}

/** The words of a line in order; the last may be nothing but blanks. */
function* wordsOf(line: readonly Styled[]): Generator<Word> {
  let word = new WordReader();
  for (const { text, style } of line) {
    for (const cluster of clustersOf(text)) {
      if (word.endsBefore(cluster)) {
        yield word;
        word = new WordReader();
      }
      word.add(cluster, style);
    }
  }
  yield word;
}

class WordReader implements Word {
  readonly gap: Styled[] = [];
  readonly pieces: Styled[] = [];
  gapCells = 0;
  cells = 0;
  #last = "";
  /** The last characters, as many as tell an address. */
  #tail = "";
  #isAddress = false;

  endsBefore(cluster: string): boolean {
    if (this.pieces.length === 0) return false;
    if (isBlank(cluster) || BLANK_FIRST.test(cluster)) return true;
    return !this.#isAddress && (isWide(this.#last) || isWide(cluster)) &&
      !NEVER_LAST.has(this.#last) && !NEVER_FIRST.has(cluster) &&
      mostCells(cluster) > 0;
  }

  add(cluster: string, style: string): void {
    if (isBlank(cluster)) {
      append(this.gap, cluster, style);
      this.gapCells += cellsOf(cluster);
      return;
    }
    append(this.pieces, cluster, style);
    this.cells += mostCells(cluster);
    this.#last = cluster;
    this.#tail = (this.#tail + cluster).slice(-ADDRESS.length);
    this.#isAddress ||= this.#tail === ADDRESS;
  }
}

function isBlank(cluster: string): boolean {
  return cluster === " " || (!PRINTED.test(cluster) && BLANK.test(cluster));
}

/** Of two cells by itself, as the characters of scripts without blanks are, and emoji. */
function isWide(cluster: string): boolean {
  const [char = ""] = cluster;
  return char > "\x7f" && mostCells(char) === 2;
}

function append(pieces: Styled[], text: string, style: string): void {
  const last = pieces.at(-1);
  if (last?.style === style) {
    pieces[pieces.length - 1] = { text: last.text + text, style };
  } else pieces.push({ text, style });
}

/** Of a text without line feeds. */
function cellsOf(text: string): number {
  const tabs = text.split("\t").length - 1;
  return cellsOfText(text) + tabs * (TAB_MOST_CELLS - mostCells("\t"));
}
