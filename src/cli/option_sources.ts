/** The two places that options come from besides flags: the environment and a JSON file. */
import { describeError, UsageError } from "../base/errors.ts";
import {
  type CommandTable,
  environmentName,
  type OptionRow,
  type OptionValue,
} from "./option_table.ts";
import {
  allowedOf,
  isValueOf,
  type OptionValues,
  parseValue,
  quote,
  suggest,
} from "./option_values.ts";

/**
 * The options that the environment holds, of those rows. An empty variable counts as not set.
 *
 * @throws {UsageError} on a wrong value.
 */
export function readEnvironment(
  rows: readonly OptionRow[],
  env: (name: string) => string | undefined,
): OptionValues {
  const values = new Map<string, OptionValue>();
  for (const row of rows) {
    const name = environmentName(row.name);
    const text = env(name);
    if (text === undefined || text === "") continue;
    const value = row.kind === "list"
      ? text.split(",").map((item) => item.trim()).filter((item) => item !== "")
      : parseValue(row, text, `${name}=${quote(text)}`);
    values.set(row.name, value);
  }
  return values;
}

/**
 * The options that a JSON file holds: one object whose keys are the names of flags.
 *
 * @throws {UsageError} when it cannot be read, is no such object, or has an unknown key or a value of the wrong type.
 */
export function readConfig(
  table: CommandTable,
  path: string,
  readText: (path: string) => string,
): OptionValues {
  const values = new Map<string, OptionValue>();
  for (const [name, value] of Object.entries(readObject(path, readText))) {
    const row = table.options.find((row) => row.name === name);
    // A file that names another file would leave open which of the two counts.
    if (row === undefined || name === "config") {
      const names = table.options.map((row) => row.name);
      const others = names.filter((other) => other !== "config");
      throw new UsageError(
        `${path}: unknown key ${quote(name)}${suggest(name, others)}`,
      );
    }
    if (!isValueOf(row, value)) {
      const shown = row.kind === "string" && row.secret
        ? ""
        : `, not ${JSON.stringify(value)}`;
      throw new UsageError(
        `${path}: "${name}" must be ${allowedOf(row)}${shown}`,
      );
    }
    values.set(name, value);
  }
  return values;
}

function readObject(
  path: string,
  readText: (path: string) => string,
): Record<string, unknown> {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `cannot be read: ${describeError(error)}`;
    throw new UsageError(`${path}: ${reason}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    // Only the place: the parser's own words repeat the text, which may hold a secret.
    const place = describeError(error).match(/line \d+ column \d+/)?.[0];
    throw new UsageError(
      `${path}: is not JSON${place === undefined ? "" : ` (${place})`}`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`${path}: must be one JSON object`);
  }
  return value as Record<string, unknown>;
}
