/** The prompt and the text being typed, broken into rows: the terminal never has to wrap them. */
import { likelyCells, mostCells } from "./cells.ts";

/** A row, ready to be written. */
export interface Row {
  readonly text: string;
  /** How many cells it takes, as most terminals see it. */
  readonly cells: number;
}

/** Rows with a cursor in one of them. */
export interface Layout {
  readonly rows: readonly Row[];
  /** To write what stands `before` it puts the cursor there again, at any widths. */
  readonly cursor: {
    readonly row: number;
    readonly before: string;
    readonly cells: number;
  };
}

export interface LayoutInput {
  /** May hold styles; takes no more than the columns less one. */
  readonly prompt: Row;
  readonly clusters: readonly string[];
  /** The cursor stands before this cluster. */
  readonly cursor: number;
  readonly columns: number;
  /** Rows beyond this are not shown; those around the cursor are. */
  readonly maxRows: number;
}

const TAB = "    ";

class RowWriter {
  readonly rows: Row[] = [];
  readonly #columns: number;
  #text = "";
  #cells = 0;
  /** By the most that its clusters take. */
  #most = 0;

  constructor(columns: number, prompt: Row) {
    this.#columns = columns;
    this.#text = prompt.text;
    this.#cells = this.#most = prompt.cells;
  }

  /** Where a cluster of so many cells will stand: in the next row when it does not fit this one. */
  place(cells: number): Layout["cursor"] {
    if (this.#most + Math.min(cells, this.#columns) > this.#columns) {
      this.breakRow();
    }
    return { row: this.rows.length, before: this.#text, cells: this.#cells };
  }

  write(cluster: string): void {
    if (cluster === "\n") return this.breakRow();
    const text = cluster === "\t" ? TAB : cluster;
    const most = mostOf(cluster);
    this.place(most);
    if (most > this.#columns) {
      // Nothing that is wider than the window can be kept together.
      for (const char of text) this.#put(char, mostCells(char));
    } else this.#put(text, most);
  }

  #put(text: string, most: number): void {
    if (this.#most + most > this.#columns) this.breakRow();
    this.#text += text;
    this.#most += most;
    this.#cells += text === TAB ? most : likelyCells(text);
  }

  breakRow(): void {
    this.rows.push({ text: this.#text, cells: this.#cells });
    this.#text = "";
    this.#cells = this.#most = 0;
  }
}

/** The most cells of a cluster as it is shown; the cursor needs one before a line feed, too. */
function mostOf(cluster: string): number {
  if (cluster === "\n") return 1;
  return cluster === "\t" ? TAB.length : mostCells(cluster);
}

/** Lays out the input. There is always a cell for the cursor. */
export function layOut(input: LayoutInput): Layout {
  const { prompt, clusters, columns, maxRows } = input;
  const writer = new RowWriter(columns, prompt);
  let cursor: Layout["cursor"] | undefined;
  clusters.forEach((cluster, at) => {
    if (at === input.cursor) cursor = writer.place(mostOf(cluster));
    writer.write(cluster);
  });
  cursor ??= writer.place(1);
  writer.breakRow();
  return windowOf({ rows: writer.rows, cursor }, maxRows);
}

/** The rows around the cursor, where there are too many. */
function windowOf({ rows, cursor }: Layout, maxRows: number): Layout {
  const size = Math.max(1, maxRows);
  if (rows.length <= size) return { rows, cursor };
  const from = Math.min(Math.max(0, cursor.row - size + 1), rows.length - size);
  return {
    rows: rows.slice(from, from + size),
    cursor: { ...cursor, row: cursor.row - from },
  };
}
