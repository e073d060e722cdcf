/** Lines as rows that fit a window for sure: a row of the reader is one row of the terminal. */
import { cellsOfText, clustersOf, mostCells } from "../screen/cells.ts";
import { readStyled, type Styled, writeStyled } from "../screen/sgr.ts";
import { wrapStyled } from "../screen/wrap.ts";

const TAB = "    ";
/** Of a row the indent takes no more than this. */
const INDENT_SHARE = 1 / 3;

/** The rows of a styled line; all but the first begin with so many spaces. */
export function rowsOf(
  line: string,
  columns: number,
  indent: number,
): string[] {
  const most = Math.max(1, columns);
  const begin = " ".repeat(Math.min(indent, Math.floor(most * INDENT_SHARE)));
  return wrapStyled(line.replaceAll("\t", TAB), most, begin)
    .flatMap((row) => broken(row, most));
}

/** A row broken anywhere: a word may be wider than the window. */
function broken(row: string, columns: number): string[] {
  const pieces = readStyled(row);
  const whole = pieces.reduce((sum, { text }) => sum + cellsOfText(text), 0);
  if (whole <= columns) return [row];
  const rows: Styled[][] = [[]];
  let cells = 0;
  for (const { text, style } of pieces) {
    for (const cluster of clustersOf(text)) {
      const wide = mostCells(cluster);
      // What does not fit alone would be cut in the middle: it is not shown.
      if (wide > columns) continue;
      if (cells + wide > columns) {
        rows.push([]);
        cells = 0;
      }
      rows.at(-1)!.push({ text: cluster, style });
      cells += wide;
    }
  }
  return rows.map(writeStyled);
}
