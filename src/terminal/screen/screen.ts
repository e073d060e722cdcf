/**
 * What is written to the terminal: full lines that scroll away above, and below them an area that
 * is drawn again and again. Pure: it gives text to write. Only relative moves are used, so that it
 * works wherever on the screen the area is, and the scrollback stays the terminal's.
 */
import type { Layout, Row } from "./layout.ts";

/** The rows at the bottom: hints, then the prompt and what is being typed. */
export interface Area {
  readonly hints: readonly Row[];
  readonly input: Layout;
  /** The area takes no more rows than this, which is less than the window has. */
  readonly maxRows: number;
}

/** What a terminal does with rows too wide for its window: cuts them off, or must be asked. */
export type Reflow = "none" | "unknown";

export const HOME = "\x1b[H";
export const ERASE_BELOW = "\x1b[J";
export const ERASE_ROW = "\x1b[K";
/** With this off a row can never wrap, even where the terminal has other widths than the layout. */
export const WRAP_OFF = "\x1b[?7l";
export const WRAP_ON = "\x1b[?7h";

interface Drawn {
  /** Cells of each row, and where the cursor is. */
  readonly rows: readonly number[];
  readonly cursorRow: number;
  readonly cursorCells: number;
}

const NOTHING: Drawn = { rows: [0], cursorRow: 0, cursorCells: 0 };

export class Screen {
  #drawn = NOTHING;
  /** Rows from the top of the area down to the cursor, as the terminal shows them. */
  #up = 0;
  #hints = 0;
  /** What was seen of the terminal. */
  #cutsCursorRow = false;

  /** Prints lines above the area, and draws the area. */
  render(lines: readonly string[], area: Area): string {
    // Rows of hints that are gone stay free until lines take their place: the prompt must not jump.
    const free = this.#hints - lines.length;
    const room = area.maxRows - area.input.rows.length;
    const kept = Math.max(0, Math.min(free, room) - area.hints.length);
    const empty = Array<Row>(kept).fill({ text: "", cells: 0 });
    const rows = [...empty, ...area.hints, ...area.input.rows];
    this.#hints = kept + area.hints.length;
    const { cursor } = area.input;
    const cursorRow = this.#hints + cursor.row;
    const text = [
      this.#toTop(),
      lines.length === 0 ? "" : ERASE_BELOW,
      ...lines.map((line) => `${line}\r\n`),
      WRAP_OFF,
      drawRows(rows),
      up(rows.length - 1 - cursorRow),
      `\r${cursor.before}`,
      WRAP_ON,
    ].join("");
    this.#drawn = {
      rows: rows.map(({ cells }) => cells),
      cursorRow,
      cursorCells: cursor.cells,
    };
    this.#up = cursorRow;
    return text;
  }

  /** Whether it depends on the terminal where the cursor is in a window of this many columns. */
  isCursorUnsure(columns: number): boolean {
    return this.#drawn.cursorCells >= columns;
  }

  /** Notes another width; `column` is where the terminal says that its cursor is, from 1. */
  resized(columns: number, reflow: Reflow, column?: number): void {
    const { rows, cursorRow } = this.#drawn;
    this.#up = cursorRow;
    if (reflow === "none") return;
    this.#up = this.#rowsBeforeCursor(columns, column);
    for (const cells of rows.slice(0, cursorRow)) {
      this.#up += Math.max(1, Math.ceil(cells / columns));
    }
  }

  /**
   * How many rows the cursor's own row has become before it. Most terminals wrap it like any other;
   * xterm.js cuts off the one with the cursor, which then stands at the margin. After a row that is
   * just full, some leave it hanging there, beyond the margin.
   */
  #rowsBeforeCursor(columns: number, column: number | undefined): number {
    const { cursorCells } = this.#drawn;
    const wrapped = Math.floor(cursorCells / columns);
    const rest = cursorCells % columns;
    if (column === undefined || wrapped === 0) return wrapped;
    if (rest === 0 && column > columns) return wrapped - 1;
    if (column !== columns) {
      this.#cutsCursorRow = false;
      return wrapped;
    }
    // By chance a wrapped row's cursor may be there, too.
    if (rest !== columns - 1) this.#cutsCursorRow = true;
    return this.#cutsCursorRow ? 0 : wrapped;
  }

  /** Takes the area off the screen; the cursor stands at the left, below the last line. */
  clear(): string {
    const text = `${this.#toTop()}${ERASE_BELOW}`;
    this.#drawn = NOTHING;
    this.#up = this.#hints = 0;
    return text;
  }

  /** Takes everything off the screen, also what others wrote there; the cursor stands at its top. */
  wipe(): string {
    this.clear();
    return `${HOME}${ERASE_BELOW}`;
  }

  #toTop(): string {
    return `\r${up(this.#up)}`;
  }
}

/** Each row is erased before it is written: at its end that could take the last cell along. */
function drawRows(rows: readonly Row[]): string {
  return rows.map(({ text }, at) => {
    const erase = at === rows.length - 1 ? ERASE_BELOW : ERASE_ROW;
    return `${erase}${text}`;
  }).join("\r\n");
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
