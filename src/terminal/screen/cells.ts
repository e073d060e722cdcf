/** Text as a terminal sees it: clusters, each one character to a person, and their cells. */
import { eastAsianWidth } from "get-east-asian-width";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Every character is a cluster of its own. */
const PLAIN = /^[\x20-\x7e\n\t]*$/;
/** Takes no cell: marks, joiners, selectors. */
const NO_CELL = /^[\p{Mn}\p{Me}\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}]$/u;
/** Asks for the coloured, wide form of the character before. */
const EMOJI_FORM = "\ufe0f";

/** The grapheme clusters of a text (UAX #29). */
export function clustersOf(text: string): string[] {
  return PLAIN.test(text)
    ? text.split("")
    : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * The most cells that a cluster takes. Terminals disagree: some join what a joiner joins, some show
 * its parts one by one, some have emoji of one cell. A row laid out by the most fits everywhere.
 */
export function mostCells(cluster: string): number {
  if (cluster.length === 1 && PLAIN.test(cluster)) return 1;
  let cells = 0;
  for (const char of cluster) cells += cellsOfChar(char);
  return cluster.includes(EMOJI_FORM) ? Math.max(cells, 2) : cells;
}

/** What most terminals give to a cluster. */
export function likelyCells(cluster: string): number {
  return Math.min(mostCells(cluster), 2);
}

/** The most cells of a text without line feeds. */
export function cellsOfText(text: string): number {
  return clustersOf(text).reduce((sum, one) => sum + mostCells(one), 0);
}

/** The beginning of a text that fits, with an ellipsis where something was cut off. */
export function fitText(text: string, cells: number): string {
  if (cellsOfText(text) <= cells) return text;
  let fitting = "";
  let used = 1;
  for (const cluster of clustersOf(text)) {
    used += mostCells(cluster);
    if (used > cells) break;
    fitting += cluster;
  }
  return cells < 1 ? "" : `${fitting}…`;
}

function cellsOfChar(char: string): number {
  return NO_CELL.test(char) ? 0 : eastAsianWidth(char.codePointAt(0)!);
}
