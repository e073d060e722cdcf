/**
 * markdown-it comes as one file that names all its rules, so nothing of it is left out by itself. A
 * chat message is read by a few of them (`src/text/markup_rules.ts`); the others are a sixteenth of
 * the page.
 */

/** Rules for blocks, for texts as a whole, and of a line, which are never switched on. */
const UNUSED = [
  ..."table code fence blockquote hr list reference html_block".split(" "),
  ..."heading lheading replacements smartquotes escape link image".split(" "),
  ..."autolink html_inline entity strikethrough".split(" "),
];
/** The last has two rows: one for each of two passes. */
const ROWS = UNUSED.length + 1;

/**
 * The script without the rows that name such rules; what nothing names any more can be left out
 * then by whoever bundles it.
 *
 * @throws {Error} when the rows are not there as they were.
 */
export function withoutUnusedRules(script: string): string {
  const row = new RegExp(
    `\\["(?:${UNUSED.join("|")})",[\\w$.]+(?:,\\[(?:"\\w+",?)*\\])?\\],?`,
    "g",
  );
  const found = script.match(row)?.length ?? 0;
  if (found !== ROWS) {
    throw new Error(`markdown-it has ${found} such rows, not ${ROWS}`);
  }
  return script.replace(row, "");
}
