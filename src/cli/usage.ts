/** The help of a command (`confab help serve`), made from its table. */
import { environmentName, isSecret } from "./option_table.ts";
import type { CommandTable, OptionRow } from "./option_table.ts";

/** A longer left column has its help on the next line. */
const LEFT_CHARS = 26;
/** A terminal has so many columns unless somebody has made it wider. */
const LINE_CHARS = 80;

/** Whether the command line asks for help in place of running the command. */
export function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const flags = end === -1 ? argv : argv.slice(0, end);
  return flags.includes("--help") || flags.includes("-h");
}

/** A command with its arguments; what stands between them goes before those. */
export function usageOf(table: CommandTable, ...between: string[]): string {
  const args = table.positionals.map(({ value, required }) =>
    required ? value : `[${value}]`
  );
  return [table.name, ...between, ...args].join(" ");
}

/** How a command is used, as lines for a terminal, with a line feed at the end. */
export function renderHelp(table: CommandTable): string {
  const rows = Object.entries(table.options);
  const flags = rows.filter(([, row]) => !isSecret(row));
  const secrets = rows.filter(([, row]) => isSecret(row));
  const [first] = flags;
  const usage = first === undefined
    ? usageOf(table)
    : usageOf(table, "[OPTION…]");
  const sections = [
    [`usage: confab ${usage}`, wrap(table.summary)],
    table.positionals.map((row) => columns(row.value, row.help)),
    flags.map(([name, row]) => columns(flagOf(name, row), helpOf(row))),
    secrets.map(([name, row]) => columns(environmentName(name), row.help)),
  ];
  const settings = flags.filter(([, row]) => !row.isDeed);
  if (settings[0] !== undefined) {
    const [name] = settings[0];
    const which = whichOf(settings, flags.filter(([, row]) => row.isDeed));
    const file = "config" in table.options
      ? ` or in the file of --config ("${name}")`
      : "";
    const variable = environmentName(name);
    const where = `in the environment (${variable})${file}`;
    sections.push([wrap(`${which} may also be set ${where}.`)]);
  }
  return sections.filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(""))
    .join("\n");
}

/** Those of the options that are settings, in the fewest words. */
function whichOf(
  settings: readonly [string, OptionRow][],
  others: readonly [string, OptionRow][],
): string {
  const list = (rows: readonly [string, OptionRow][]) =>
    rows.map(([name]) => `--${name}`).join(" and ");
  if (others.length === 0) return "Every option";
  return settings.length <= others.length
    ? list(settings)
    : `Every option but ${list(others)}`;
}

function flagOf(name: string, row: OptionRow): string {
  if (row.kind === "flag") return `--${name}`;
  const isBare = row.kind === "string" && row.bare !== undefined;
  return `--${name} ${isBare ? `[${row.value}]` : row.value}`;
}

function helpOf(row: OptionRow): string {
  const notes: string[] = [];
  if (row.kind === "choice") notes.push(row.choices.join(" or "));
  if (row.kind === "integer") notes.push(`${row.min} to ${row.max}`);
  if (row.kind === "list") notes.push("may be repeated");
  if ("default" in row) notes.push(`default ${row.default}`);
  return notes.length === 0 ? row.help : `${row.help} (${notes.join("; ")})`;
}

/** A row of the help: what is given, and beside it what it means, as many lines as that takes. */
export function columns(
  left: string,
  help: string,
  leftChars = LEFT_CHARS,
): string {
  const indent = " ".repeat(leftChars + 4);
  const gap = left.length > leftChars
    ? `\n${indent}`
    : " ".repeat(leftChars + 2 - left.length);
  return `  ${left}${gap}${wrap(help, indent)}`;
}

/** Breaks a text between its words; the lines behind the first begin with `indent`. */
function wrap(text: string, indent = ""): string {
  const room = LINE_CHARS - indent.length;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || longer.length > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(`\n${indent}`);
}
