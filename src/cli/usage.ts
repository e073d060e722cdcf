/** The help of a command (`confab help serve`), made from its table. */
import { environmentName, isSecret } from "./option_table.ts";
import type { CommandTable, OptionRow } from "./option_table.ts";

/** A longer left column has its help on the next line. */
const LEFT_CHARS = 26;

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
    [`usage: confab ${usage}`, table.summary],
    table.positionals.map((row) => columns(row.value, row.help)),
    flags.map(([name, row]) => columns(flagOf(name, row), helpOf(row))),
    secrets.map(([name, row]) => columns(environmentName(name), row.help)),
  ];
  const settings = flags.filter(([, row]) => !row.isDeed);
  if (settings[0] !== undefined) {
    const [name] = settings[0];
    const which = settings.length === flags.length
      ? "Every option"
      : settings.map(([name]) => `--${name}`).join(" and ");
    const file = "config" in table.options
      ? ` or in the file of --config ("${name}")`
      : "";
    const variable = environmentName(name);
    const where = `in the environment (${variable})${file}`;
    sections.push([`${which} may also be set ${where}.`]);
  }
  return sections.filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(""))
    .join("\n");
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

function columns(left: string, help: string): string {
  const gap = left.length > LEFT_CHARS
    ? `\n${" ".repeat(LEFT_CHARS + 4)}`
    : " ".repeat(LEFT_CHARS + 2 - left.length);
  return `  ${left}${gap}${help}`;
}
