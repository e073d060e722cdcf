/** Whether what somebody has seen is what was said: each row a row of the chat, no gap in silence. */
import type { Ledger } from "./_ledger.ts";
import { tokenIn } from "./_ledger.ts";

type Standing = ReadonlyMap<
  string,
  { readonly place: string; readonly seq: number }
>;

const SAID = /^\[\d\d:\d\d\] (\* )?(\S+)(?: → \S+)?:? (.*)$/;
const SHAPES = [
  SAID,
  /^\[\d\d:\d\d\] [*!] \S/,
  /^── .+ ──$/,
  /^[*!] \S/,
  /^$/,
];
/** What no row has, whatever is said. */
const NEVER = /undefined|\bNaN\b|\[object|^\s+at \S+ \(|Error:|�|›/;

/** The rows of a run with their continuations in one; without the prompt at its end. */
export function linesOf(rows: readonly string[]): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    if (/^ {8}\S/.test(row) && lines.length > 0) {
      lines.push(`${lines.pop()} ${row.trim()}`);
    } else lines.push(row);
  }
  return lines;
}

const unspaced = (text: string) => text.replace(/\s/g, "");

/** Rows that are none of the chat. */
export function oddRows(lines: readonly string[]): string[] {
  return lines.filter((line) =>
    NEVER.test(line) || !SHAPES.some((shape) => shape.test(line))
  );
}

/** What is wrong with what was printed in the runs of one person's program. */
export class Watched {
  readonly faults: string[] = [];
  readonly #ledger: Ledger;
  readonly #standing: Standing;
  readonly #shown = new Map<string, number>();
  #gap = 0;
  #isPage = false;
  /** The place whose last messages may be shown again. */
  #again: string | undefined;

  constructor(ledger: Ledger, standing: Standing) {
    this.#ledger = ledger;
    this.#standing = standing;
  }

  /** Up to which seq a place was shown. */
  get shown(): ReadonlyMap<string, number> {
    return this.#shown;
  }

  run(lines: readonly string[]): void {
    this.#gap = 0;
    this.#isPage = false;
    this.#again = "any";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const rule = /^── (.*) ──$/.exec(line)?.[1];
    if (rule !== undefined) return this.#rule(rule);
    const token = tokenIn(line);
    const isSaid = SAID.test(line) && !/^\[\d\d:\d\d\] \S+ → /.test(line);
    if (token === undefined || !isSaid) return;
    const at = this.#standing.get(token);
    if (at === undefined) {
      this.faults.push(`shown, and not in any history: ${line}`);
      return;
    }
    const { text = "" } = this.#ledger.of(token) ?? {};
    // A row may end between two characters of some scripts.
    if (!unspaced(line).endsWith(unspaced(text))) {
      this.faults.push(`shown otherwise: ${line}`);
    }
    if (!this.#isPage) this.#message(at.place, at.seq, line);
  }

  #rule(rule: string): void {
    if (/^history of /.test(rule)) this.#isPage = true;
    else if (rule === "now" || rule.startsWith("/history again")) {
      this.#isPage = false;
    } else if (/^\d+ more above/.test(rule)) {
      this.#gap = Number(rule.split(" ")[0]);
    } else if (/^\d+ \S+/.test(rule)) {
      this.#again = rule;
    } else if (/ begins anew /.test(rule)) this.faults.push(rule);
  }

  #message(place: string, seq: number, line: string): void {
    const last = this.#shown.get(place);
    if (last !== undefined && seq <= last) {
      if (this.#again === undefined) this.faults.push(`again: ${line}`);
      // What is above that was shown before.
      this.#gap = 0;
      return;
    }
    const missing = last === undefined ? 0 : seq - last - 1;
    if (missing > 0 && this.#gap === 0) {
      this.faults.push(`${missing} of ${place} missing before: ${line}`);
    } else if (missing !== this.#gap && this.#gap > 0 && last !== undefined) {
      this.faults.push(`${this.#gap} are said to be missing: ${line}`);
    }
    this.#gap = 0;
    if (this.#again !== "any") this.#again = undefined;
    this.#shown.set(place, seq);
  }
}
