/** Words that a person looks out for, besides the own name. */
import { UsageError } from "../../base/errors.ts";
import { foldName } from "../../wire/fold.ts";
import { cleanLine, codePoints } from "../../wire/text.ts";

/** As many are looked for in each message. */
export const HIGHLIGHTS = 50;
const WORD_CODE_POINTS = 64;

/**
 * The list with one more word, at its end.
 *
 * @throws {UsageError} when it is too long, or there are too many.
 */
export function withHighlight(
  words: readonly string[],
  typed: string,
): string[] {
  const word = cleanLine(typed);
  if (codePoints(word) > WORD_CODE_POINTS) {
    throw new UsageError(`a word has at most ${WORD_CODE_POINTS} characters`);
  }
  const others = withoutHighlight(words, word);
  if (others.length < HIGHLIGHTS) return [...others, word];
  throw new UsageError(
    `there are ${HIGHLIGHTS} words already: /unhighlight WORD makes room`,
  );
}

/** The list without a word, however it is written. */
export function withoutHighlight(
  words: readonly string[],
  typed: string,
): string[] {
  const folded = foldName(cleanLine(typed));
  return words.filter((word) => foldName(word) !== folded);
}
