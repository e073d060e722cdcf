/** Reads flags and positionals from a command line. */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../base/errors.ts";
import {
  type CommandTable,
  environmentName,
  type OptionRow,
  type OptionValue,
} from "./option_table.ts";
import {
  type OptionValues,
  parseValue,
  quote,
  suggest,
} from "./option_values.ts";

/**
 * The flags and the positionals of a command line. A flag given twice counts as given last, a list accumulates; `--` ends the flags.
 *
 * @throws {UsageError} on an unknown flag, a missing or wrong value.
 */
export function readFlags(
  table: CommandTable,
  argv: readonly string[],
): { values: OptionValues; positionals: string[] } {
  const names = table.options.map((row) => row.name);
  // As collected strings, so that nothing is guessed from how a value looks.
  const parsed = parseArgs(withJoinedValues(table, argv), {
    string: ["_", ...names],
    collect: names,
  });
  const values = new Map<string, OptionValue>();
  for (const row of table.options) {
    const texts = parsed[row.name] as string[];
    const last = texts.at(-1);
    if (last === undefined) continue;
    const value = row.kind === "list"
      ? texts
      : parseValue(row, last, `--${row.name} ${quote(last)}`);
    values.set(row.name, value);
  }
  return { values, positionals: parsed._ as string[] };
}

/**
 * The command line with every flag as `--flag=value`. In that form the parser cannot mistake what belongs together: left to itself it
 * takes `--port -5` for two flags and `--room ""` for a flag without a value and a positional.
 */
function withJoinedValues(
  table: CommandTable,
  argv: readonly string[],
): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "--") return [...joined, ...argv.slice(i)];
    if (!arg.startsWith("-") || arg === "-") {
      joined.push(arg);
      continue;
    }
    const row = rowOfFlag(table, arg);
    if (arg.includes("=")) {
      joined.push(arg);
    } else if (row.kind === "flag") {
      joined.push(`${arg}=true`);
    } else {
      const next = argv[++i];
      if (next === undefined || next.startsWith("--")) {
        throw new UsageError(`${arg} needs a value: ${arg} ${row.value}`);
      }
      joined.push(`${arg}=${next}`);
    }
  }
  return joined;
}

function rowOfFlag(table: CommandTable, arg: string): OptionRow {
  // Without the value, which may be a secret under a mistyped name.
  const flag = arg.split("=", 1)[0]!;
  const row = table.options.find((row) => `--${row.name}` === flag);
  if (row === undefined) {
    const name = flag.replace(/^-+/, "");
    throw new UsageError(
      `unknown flag ${quote(flag)}${
        suggest(name, table.options.map((row) => row.name), "--")
      }`,
    );
  }
  if (row.kind === "string" && row.secret) {
    throw new UsageError(
      `${flag} is not taken as a flag, where others on this machine can read it; set ${
        environmentName(row.name)
      }`,
    );
  }
  return row;
}
