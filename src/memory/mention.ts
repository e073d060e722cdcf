/** Whom a text speaks to. */
import { foldName } from "../wire/fold.ts";

/** A word, or a character between words. */
const PARTS = /[\p{L}\p{M}\p{N}_]+|[^]/gu;
/** A longer one is nobody's: to fold one of nothing but marks costs the square of its length. */
const WORD_CHARS = 200;

/** Whether a text names somebody, as a word of its own. */
export function isMention(txt: string, name: string): boolean {
  return wordsIn(txt, [name]).length > 0;
}

/**
 * Where words stand in a text, each by itself, from and to in code units. They are the same as names
 * are, and may hold blanks.
 */
export function wordsIn(
  txt: string,
  words: readonly string[],
): [from: number, to: number][] {
  const parts = partsOf(txt);
  return words.flatMap((word) => {
    const wanted = partsOf(word);
    return wanted.length === 0 ? [] : parts.flatMap(({ from }, at) => {
      const isIt = wanted.every(({ text }, n) => parts[at + n]?.text === text);
      return isIt
        ? [[from, parts[at + wanted.length - 1]!.to] as [number, number]]
        : [];
    });
  });
}

function partsOf(text: string) {
  return Array.from(text.matchAll(PARTS), ({ 0: part, index }) => ({
    text: part.length > WORD_CHARS ? part : foldName(part),
    from: index,
    to: index + part.length,
  }));
}
