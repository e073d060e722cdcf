/** The numbers that the pages give for limits are those of `src/base/limits.ts`. */
import { assertEquals } from "@std/assert";
import * as is from "../src/base/limits.ts";
import { numbers, page, section, tableRows } from "./_docs.ts";

const SECOND_MS = 1_000;
const KIB = 1_024;
const MIB = 1_024 * KIB;

/** What a row is called, and the numbers in it; the same number twice counts once. */
type Limits = readonly (readonly [string, ...number[]])[];

function assertLimits(rows: string[][], column: number, limits: Limits): void {
  assertEquals(
    rows.map((cells) => [cells[0], ...new Set(numbers(cells[column]!))]),
    limits.map(([name, ...given]) => [name, ...new Set(given)]),
  );
}

function rowsOf(path: string, heading: string): string[][] {
  return tableRows(section(page(path), heading));
}
