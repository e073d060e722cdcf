/** What a command takes, as a table: the reader of options and the help are both made from it. */

interface Row {
  /** In kebab case: `--name`, `CONFAB_NAME` in the environment, `"name"` in the file. */
  readonly name: string;
  /** One line, without a period. */
  readonly help: string;
}

interface ValueRow extends Row {
  /** Stands for the value in the help, in capitals. */
  readonly value: string;
}

export interface StringRow extends ValueRow {
  readonly kind: "string";
  readonly default?: string;
  /** Not taken as a flag, where everyone on the machine could read it, and not repeated in errors. */
  readonly secret?: true;
}

export interface IntegerRow extends ValueRow {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
  readonly default?: number;
}

export interface ChoiceRow extends ValueRow {
  readonly kind: "choice";
  readonly choices: readonly string[];
  readonly default?: string;
}

/** May be given several times; separated by commas in the environment, an array in the file. Empty by default. */
export interface ListRow extends ValueRow {
  readonly kind: "list";
}

/** Off by default. */
export interface FlagRow extends Row {
  readonly kind: "flag";
}

export type OptionRow = StringRow | IntegerRow | ChoiceRow | ListRow | FlagRow;
export type OptionValue = string | number | boolean | readonly string[];

export interface PositionalRow {
  /** As the help writes it: `HOST[:PORT]`. */
  readonly value: string;
  readonly help: string;
  readonly required?: true;
}

/** A subcommand; write it `as const satisfies CommandTable`, and {@linkcode OptionsOf} knows its types. */
export interface CommandTable {
  readonly name: string;
  /** One line, without a period. */
  readonly summary: string;
  readonly positionals: readonly PositionalRow[];
  readonly options: readonly OptionRow[];
}

/** The row that lets a command be set up from a file. */
export const CONFIG_ROW = {
  name: "config",
  kind: "string",
  value: "FILE",
  help: "take options from a JSON file",
} as const satisfies OptionRow;

/** The options of a command by their names in camel case: `--trust-new` is `trustNew`. */
export type OptionsOf<Table extends CommandTable> = {
  readonly [Row in Table["options"][number] as CamelCase<Row["name"]>]: ValueOf<
    Row
  >;
};

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

type ValueOf<Row> = Row extends { kind: "flag" } ? boolean
  : Row extends { kind: "list" } ? readonly string[]
  : Row extends { default: string | number } ? GivenValueOf<Row>
  : GivenValueOf<Row> | undefined;

type GivenValueOf<Row> = Row extends { kind: "integer" } ? number
  : Row extends { kind: "choice"; choices: readonly (infer Choice)[] } ? Choice
  : string;

/** The key of {@linkcode OptionsOf} at run time. */
export function optionKey(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name in the environment. */
export function environmentName(name: string): string {
  return `CONFAB_${name.toUpperCase().replaceAll("-", "_")}`;
}
