/** What a command takes, as a table: the reader of options and the help are both made from it. */

interface Row<Kind extends string> {
  readonly kind: Kind;
  /** Says what to do, and not how: taken on the command line only. */
  readonly isDeed?: true;
  /** One line, without a period. */
  readonly help: string;
}

interface ValueRow<Kind extends string> extends Row<Kind> {
  /** Stands for the value in the help, in capitals. */
  readonly value: string;
}

interface StringRow extends ValueRow<"string"> {
  readonly default?: string;
  /** What the flag means without a value. */
  readonly bare?: string;
  /** Not taken as a flag, which everyone on the machine can read, and not repeated in errors. */
  readonly secret?: true;
}

interface IntegerRow extends ValueRow<"integer"> {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
}

interface ChoiceRow extends ValueRow<"choice"> {
  readonly choices: readonly string[];
  readonly default?: string;
}

/** Repeated, by commas in the environment, an array in the file. Empty by default. */
type ListRow = ValueRow<"list">;

/** Off by default. */
type FlagRow = Row<"flag">;

export type OptionRow = StringRow | IntegerRow | ChoiceRow | ListRow | FlagRow;
export type OptionValue = string | number | boolean | readonly string[];

interface PositionalRow {
  /** As the help writes it: `HOST[:PORT]`. */
  readonly value: string;
  readonly help: string;
  readonly required?: true;
}

/** A subcommand. {@linkcode OptionsOf} knows the types of one `as const satisfies CommandTable`. */
export interface CommandTable {
  readonly name: string;
  /** One line, without a period. */
  readonly summary: string;
  readonly positionals: readonly PositionalRow[];
  /** By name, in kebab case: `--name`, `CONFAB_NAME` in the environment, `"name"` in the file. */
  readonly options: Readonly<Record<string, OptionRow>>;
}

function withHelp<const Parts extends object>(parts: Parts) {
  return { help: (help: string) => ({ ...parts, help }) };
}

/** Rows are written in two steps: `row.integer("PORT", 0, 65_535, 5000).help("…")`. */
export const row = {
  /** A flag that says what to do. */
  deed: () => withHelp({ kind: "flag", isDeed: true }),
  flag: () => withHelp({ kind: "flag" }),
  list: (value: string) => withHelp({ kind: "list", value }),
  string<const More extends Omit<StringRow, "kind" | "help" | "value">>(
    value: string,
    more = {} as More,
  ) {
    return withHelp({ kind: "string", value, ...more });
  },
  integer(value: string, min: number, max: number, standard: number) {
    return withHelp({ kind: "integer", value, min, max, default: standard });
  },
  /** A whole number that says what to do: without one there is none. */
  number(value: string, min: number, max: number) {
    return withHelp({ kind: "integer", value, min, max, isDeed: true });
  },
  choice<const Choice extends string>(
    value: string,
    choices: readonly Choice[],
    standard: Choice,
  ) {
    return withHelp({ kind: "choice", value, choices, default: standard });
  },
};

/** `--config`: lets a command be set up from a file. */
export const CONFIG_ROW = row.string("FILE").help(
  "take options from a YAML or JSON file",
);

/** `--identity`, of a command that works with one's own key. */
export const IDENTITY_ROW = row.string("FILE")
  .help("the file of your key; made when it is missing");

/** `--fingerprint` and `--trust-new`, of a command that connects to a server. */
export const FINGERPRINT_ROW = row.string("F").help(
  "the server's fingerprint, SHA256:… or its eight words; replaces what is known",
);
export const TRUST_NEW_ROW = row.flag().help(
  "accept the key of a server that is not known yet, without asking",
);

/** The password of a server, in a file or as it is. */
export const PASSWORD_FILE_ROW = row.string("FILE")
  .help("the file with the server's password; also CONFAB_PASSWORD");
export const PASSWORD_ROW = row.string("WORD", { secret: true })
  .help("the server's password, where a file is not at hand");

/** `--data`, of a command that works with a server's data. */
export const DATA_ROW = row.string("DIR").help(
  "where history and keys are kept; $CONFAB_DATA, or this account's data directory",
);

/** The passphrase of one's own key, for where nobody can be asked. */
export const PASSPHRASE_ROW = row.string("WORDS", { secret: true }).help(
  "the passphrase of your key, where nobody can be asked for it",
);

/** The options of a command by their names in camel case: `--trust-new` is `trustNew`. */
export type OptionsOf<Table extends CommandTable> = {
  readonly [Name in keyof Table["options"] & string as CamelCase<Name>]:
    ValueOf<Table["options"][Name]>;
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

export function isSecret(row: OptionRow): boolean {
  return row.kind === "string" && row.secret === true;
}
