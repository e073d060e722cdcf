/** What simulated people say: each text once, of the length that people write. */

/** As long as a sentence or two. */
const TEXT_CHARS = 100;
const FILLER = "and so on, as people do when they have something to say, ";

/** The text of a person's message with a number of its own; no two are alike. */
export function textOf(name: string, number: number): string {
  const head = `${name} says ${number}: `;
  return head + FILLER.repeat(2).slice(0, TEXT_CHARS - head.length);
}
