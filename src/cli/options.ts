/** Reads what a command was given: by flags, else in the environment, else in `--config`. */
import { parseArgs } from "node:util";
import { UsageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { type ParseYaml, readConfigFile } from "./config_file.ts";
import { environmentName, isSecret, optionKey } from "./option_table.ts";
import type {
  CommandTable,
  OptionRow,
  OptionsOf,
  OptionValue,
} from "./option_table.ts";

/** Where options come from, handed in. */
export interface OptionSources {
  /** What stands after the name of the command. */
  readonly argv: readonly string[];
  readonly env: (name: string) => string | undefined;
  /** The text of a file; throws as `Deno.readTextFileSync` does. */
  readonly readText: (path: string) => string;
  /** Reads a file of YAML, where one is named. */
  readonly parseYaml?: ParseYaml;
}

export interface ReadOptions<Table extends CommandTable> {
  readonly options: OptionsOf<Table>;
  readonly positionals: readonly string[];
}

type Rows = CommandTable["options"];
/** Values by the name of their row. */
type Values = ReadonlyMap<string, OptionValue>;

/**
 * The options and positionals of a command, checked against its table.
 *
 * @throws {UsageError} with one line that says which value, from where, is wrong, and what is
 * allowed.
 */
export function readOptions<const Table extends CommandTable>(
  table: Table,
  sources: OptionSources,
): ReadOptions<Table> {
  const { argv, env } = sources;
  const { values: flags, positionals } = readFlags(
    table,
    withBareValues(table.options, argv),
  );
  checkPositionals(table, positionals);
  const environment = readEnvironment(table.options, env, flags);
  const config = flags.get("config") ?? environment.get("config");
  const file: Values = typeof config === "string"
    ? readConfig(table.options, config, sources)
    : new Map();

  const options: Record<string, OptionValue | undefined> = {};
  for (const [name, row] of Object.entries(table.options)) {
    options[optionKey(name)] = flags.get(name) ?? environment.get(name) ??
      file.get(name) ?? defaultOf(row);
  }
  return { options: options as OptionsOf<Table>, positionals };
}

/** Gives flags that may stand alone, and do, their values. */
function withBareValues(rows: Rows, argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  return argv.map((word, at) => {
    const row = word.startsWith("--") && Object.hasOwn(rows, word.slice(2))
      ? rows[word.slice(2)]
      : undefined;
    const isLast = at + 1 === argv.length || argv[at + 1]!.startsWith("--");
    const isBare = row?.kind === "string" && row.bare !== undefined &&
      isLast && (end === -1 || at < end);
    return isBare ? `${word}=${row.bare}` : word;
  });
}

/** A flag given twice counts as given last, a list accumulates; `--` ends the flags. */
function readFlags(
  table: CommandTable,
  argv: readonly string[],
): { values: Values; positionals: string[] } {
  // The parser says only what belongs together: its own errors would repeat secrets.
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(table.options).map(([name, { kind }]) => {
        return [name, { type: kind === "flag" ? "boolean" : "string" }];
      }),
    ),
    strict: false,
    tokens: true,
  });
  const values = new Map<string, OptionValue>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const flag = argv[token.index]!.split("=", 1)[0]!;
    const [name, row] = rowOfFlag(table, flag);
    const { value: text = "true", inlineValue } = token;
    // What begins with two dashes is the next flag, unless an equals sign binds it to this one.
    const isGiven = inlineValue || inlineValue === false && !/^--/.test(text);
    if (row.kind !== "flag" && !isGiven) {
      throw new UsageError(`${flag} needs a value: ${flag} ${row.value}`);
    }
    const before = values.get(name) as string[] | undefined;
    values.set(
      name,
      row.kind === "list"
        ? [...before ?? [], text]
        : parseValue(row, text, `${flag} ${quote(text)}`),
    );
  }
  return { values, positionals };
}

/** `flag` comes without its value, which may be a secret under a mistyped name. */
function rowOfFlag(
  { name: command, options: rows }: CommandTable,
  flag: string,
): [string, OptionRow] {
  const found = Object.entries(rows).find(([name]) => `--${name}` === flag);
  if (found === undefined) {
    const near = suggest(flag.replace(/^-+/, ""), Object.keys(rows), "--");
    const hint = near || `: confab help ${command} lists them`;
    throw new UsageError(`unknown flag ${quote(flag)}${hint}`);
  }
  if (isSecret(found[1])) {
    const variable = environmentName(found[0]);
    throw new UsageError(
      `${flag} is not taken as a flag, where others on this machine can read it; set ${variable}`,
    );
  }
  return found;
}

function checkPositionals(table: CommandTable, given: readonly string[]) {
  const rows = table.positionals;
  const surplus = given[rows.length];
  if (surplus !== undefined) {
    const allowed = rows.length === 0
      ? "no arguments"
      : `only ${rows.map((row) => row.value).join(" ")}`;
    const what = `unexpected argument ${JSON.stringify(surplus)}`;
    throw new UsageError(`${what}: confab ${table.name} takes ${allowed}`);
  }
  const missing = rows.slice(given.length).find((row) => row.required);
  if (missing !== undefined) {
    throw new UsageError(`confab ${table.name} needs ${missing.value}`);
  }
}

/** An empty variable counts as not set. A flag stands over one, even over a wrong one. */
function readEnvironment(
  rows: Rows,
  env: (name: string) => string | undefined,
  flags: Values,
): Values {
  const values = new Map<string, OptionValue>();
  for (const [name, row] of Object.entries(rows)) {
    if (row.isDeed) continue;
    const variable = environmentName(name);
    const text = flags.has(name) ? "" : env(variable) ?? "";
    if (text === "") continue;
    const value = row.kind === "list"
      ? text.split(",").map((item) => item.trim()).filter((item) => item !== "")
      : parseValue(row, text, `${variable}=${quote(text)}`);
    values.set(name, value);
  }
  return values;
}

/** The file is one object whose keys are the names of flags. */
function readConfig(
  { config: _, ...rows }: Rows,
  path: string,
  sources: OptionSources,
): Values {
  const { entries, form, placeOf } = readConfigFile(path, sources);
  for (const [name, value] of entries) {
    const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
    // `config` is unknown here: of two files it would be open which counts.
    if (row === undefined) {
      const hint = suggest(name, Object.keys(rows));
      const place = placeOf(name);
      throw new UsageError(`${place}: unknown key ${quote(name)}${hint}`);
    }
    const demand = demandOn(row, value);
    if (demand !== undefined) {
      const shown = isSecret(row) ? "" : `, not ${JSON.stringify(value)}`;
      // YAML takes a name of digits for a number.
      const hint = form === "YAML" && row.kind === "string"
        ? ": put it in quotes"
        : "";
      const place = placeOf(name);
      throw new UsageError(
        `${place}: "${name}" must be ${demand}${shown}${hint}`,
      );
    }
  }
  return new Map(entries as [string, OptionValue][]);
}

function defaultOf(row: OptionRow): OptionValue | undefined {
  if (row.kind === "flag") return false;
  if (row.kind === "list") return [];
  return row.default;
}

/** A value that came as text, in the type of its row. `where` says in errors where it came from. */
function parseValue(row: OptionRow, text: string, where: string): OptionValue {
  let value: OptionValue = text;
  if (row.kind === "integer" && /^-?\d+$/.test(text)) value = Number(text);
  if (row.kind === "flag" && /^(1|true|yes)$/i.test(text)) value = true;
  if (row.kind === "flag" && /^(0|false|no)$/i.test(text)) value = false;
  const demand = demandOn(row, value);
  if (demand === undefined) return value;
  throw new UsageError(`${where}: must be ${demand}`);
}

/** What a value of the row must be, to follow "must be"; `undefined` when this one is. */
function demandOn(row: OptionRow, value: unknown): string | undefined {
  const unless = (isMet: boolean, demand: string) => isMet ? undefined : demand;
  const isString = (value: unknown) => typeof value === "string";
  switch (row.kind) {
    case "string":
      return unless(isString(value), "a string");
    case "integer": {
      const { min, max } = row;
      const number = Number.isInteger(value) ? value as number : NaN;
      const demand = `a whole number from ${min} to ${max}`;
      return unless(min <= number && number <= max, demand);
    }
    case "choice": {
      const { choices } = row;
      return unless(choices.includes(value as string), choices.join(" or "));
    }
    case "list": {
      const isMet = Array.isArray(value) && value.every(isString);
      return unless(isMet, "an array of strings");
    }
    case "flag":
      return unless(typeof value === "boolean", "true or false");
  }
}

/** `, did you mean …?` when one of the names is near, else nothing. */
function suggest(name: string, names: readonly string[], dashes = "") {
  const meant = nearest(name, names);
  return meant === undefined ? "" : `, did you mean ${dashes}${meant}?`;
}

/** A value as it was given, unless it would break the line that says what is wrong with it. */
function quote(text: string): string {
  return /^[\x21-\x7e]+$/.test(text) ? text : JSON.stringify(text);
}
