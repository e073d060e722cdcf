/** The pages in `docs/` and README.md as tests read them. */
import { assert } from "@std/assert";

export const ROOT = new URL("../", import.meta.url);

export function page(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The text of a page under a heading that begins so, up to the next heading. */
export function section(text: string, heading: string): string {
  const found = text.split(/^#+ /m).find((part) => part.startsWith(heading));
  assert(found !== undefined, `there is no section "${heading}"`);
  return found;
}

/** The rows of the tables in a text as their cells, without heads. */
export function tableRows(text: string): string[][] {
  const lines = text.split("\n");
  return lines.filter((line, n) =>
    line.startsWith("|") && !/^\| -/.test(line) &&
    !/^\| -/.test(lines[n + 1] ?? "")
  ).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** The rows under a heading that begin with a word in backquotes. */
export function rowsUnder(text: string, heading: string): string[][] {
  return tableRows(section(text, heading))
    .filter(([first]) => first!.startsWith("`"));
}

/** Names in backquotes, without what follows them there. */
export function names(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`\s]+)[^`]*`/g), ([, name]) => name!);
}

/** Numbers as people read them: `1,000` is one. */
export function numbers(cell: string): number[] {
  return Array.from(
    cell.matchAll(/\d[\d,]*/g),
    ([text]) => Number(text.replaceAll(",", "")),
  );
}

/** The texts of all files in a directory and below it. */
export function* sources(directory: URL): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), directory);
    if (entry.isDirectory) yield* sources(url);
    else yield Deno.readTextFileSync(url);
  }
}
