/** Reads what a command was given: flags go before the environment, that before the file (`--config`), that before the defaults. */
import { UsageError } from "../base/errors.ts";
import {
  type CommandTable,
  optionKey,
  type OptionsOf,
  type OptionValue,
} from "./option_table.ts";
import { readFlags } from "./option_flags.ts";
import { readConfig, readEnvironment } from "./option_sources.ts";
import type { OptionValues } from "./option_values.ts";

/** Where options come from, handed in. */
export interface OptionSources {
  /** What stands after the name of the command. */
  readonly argv: readonly string[];
  readonly env: (name: string) => string | undefined;
  /** The text of a file; throws as `Deno.readTextFileSync` does. */
  readonly readText: (path: string) => string;
}

export interface ReadOptions<Table extends CommandTable> {
  readonly options: OptionsOf<Table>;
  readonly positionals: readonly string[];
}

/**
 * The options and positionals of a command, checked against its table.
 *
 * @throws {UsageError} with one line that says which value, from where, is wrong, and what is allowed.
 */
export function readOptions<const Table extends CommandTable>(
  table: Table,
  sources: OptionSources,
): ReadOptions<Table> {
  const { values: flags, positionals } = readFlags(table, sources.argv);
  checkPositionals(table, positionals);
  // A flag was said last: a wrong value in the environment that it stands over does no harm.
  const rest = table.options.filter((row) => !flags.has(row.name));
  const environment = readEnvironment(rest, sources.env);
  const config = flags.get("config") ?? environment.get("config");
  const file: OptionValues = typeof config === "string"
    ? readConfig(table, config, sources.readText)
    : new Map();

  const options: Record<string, OptionValue | undefined> = {};
  for (const row of table.options) {
    options[optionKey(row.name)] = flags.get(row.name) ??
      environment.get(row.name) ?? file.get(row.name) ?? defaultOf(row);
  }
  return { options: options as OptionsOf<Table>, positionals };
}

function defaultOf(
  row: CommandTable["options"][number],
): OptionValue | undefined {
  if (row.kind === "flag") return false;
  if (row.kind === "list") return [];
  return row.default;
}

function checkPositionals(
  table: CommandTable,
  given: readonly string[],
): void {
  const rows = table.positionals;
  const surplus = given[rows.length];
  if (surplus !== undefined) {
    const allowed = rows.length === 0
      ? "no arguments"
      : `only ${rows.map((row) => row.value).join(" ")}`;
    throw new UsageError(
      `unexpected argument ${
        JSON.stringify(surplus)
      }: confab ${table.name} takes ${allowed}`,
    );
  }
  const missing = rows.slice(given.length).find((row) => row.required);
  if (missing !== undefined) {
    throw new UsageError(`confab ${table.name} needs ${missing.value}`);
  }
}
