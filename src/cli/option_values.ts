/** Values of options: what a row allows, and how errors speak of them. */
import { UsageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { OptionRow, OptionValue } from "./option_table.ts";

/** Values by the name of their row. */
export type OptionValues = ReadonlyMap<string, OptionValue>;

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["yes", true],
  ["0", false],
  ["false", false],
  ["no", false],
]);

/**
 * A value that came as text, in the type of its row. `where` says in errors where it came from.
 *
 * @throws {UsageError} when the row does not allow it.
 */
export function parseValue(
  row: OptionRow,
  text: string,
  where: string,
): OptionValue {
  const value = row.kind === "integer" && /^-?\d+$/.test(text)
    ? Number(text)
    : row.kind === "flag"
    ? SWITCH.get(text.toLowerCase())
    : text;
  if (isValueOf(row, value)) return value;
  throw new UsageError(`${where}: must be ${allowedOf(row)}`);
}

/** Whether a value is of the row's type and in its range. */
export function isValueOf(
  row: OptionRow,
  value: unknown,
): value is OptionValue {
  switch (row.kind) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value) && row.min <= (value as number) &&
        (value as number) <= row.max;
    case "choice":
      return row.choices.includes(value as string);
    case "list":
      return Array.isArray(value) &&
        value.every((item) => typeof item === "string");
    case "flag":
      return typeof value === "boolean";
  }
}

/** What a value of the row must be, to follow "must be". */
export function allowedOf(row: OptionRow): string {
  switch (row.kind) {
    case "string":
      return "a string";
    case "integer":
      return `a whole number from ${row.min} to ${row.max}`;
    case "choice":
      return row.choices.join(" or ");
    case "list":
      return "an array of strings";
    case "flag":
      return "true or false";
  }
}

/** `, did you mean …?` when one of the names is near, else nothing. */
export function suggest(
  name: string,
  names: readonly string[],
  dashes = "",
): string {
  const meant = nearest(name, names);
  return meant === undefined ? "" : `, did you mean ${dashes}${meant}?`;
}

/** A value as it was given, unless it would break the line that says what is wrong with it. */
export function quote(text: string): string {
  return /^[\x21-\x7e]+$/.test(text) ? text : JSON.stringify(text);
}
