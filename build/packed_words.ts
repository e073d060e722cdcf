/**
 * The English words of BIP-39, packed for the page: they are in the order of the alphabet, so each
 * is written by how it goes on after what it shares with the one before. It is 1.3 KB less after
 * the compression.
 */

/** The list as it stands in the script. */
const WORDS = /`(abandon\n(?:[a-z]+\n)+zoo)`\.split\(`\n`\)/;

/**
 * The script with the list packed, and what unpacks it.
 *
 * @throws {Error} when the list is not there as it was.
 */
export function withPackedWords(script: string): string {
  const [list, lines] = WORDS.exec(script) ?? [];
  if (lines === undefined) throw new Error("no list of words");
  const packed = JSON.stringify(packWords(lines.split("\n")));
  return script.replace(list!, () => `(${unpackWords})(${packed})`);
}

/**
 * Sorted words of small letters, each as a capital letter for how many letters it shares with the
 * word before (A: none), a character for how far on its next letter is in the alphabet from the one
 * that stood there (`1`: the next one), and the rest: `abandon ability` is `A1bandonC8lity`.
 */
export function packWords(words: readonly string[]): string {
  return words.map((word, index) => {
    const before = words[index - 1] ?? "";
    const letters = [...word];
    const shared = letters.findIndex((letter, at) => letter !== before[at]);
    const from = before.charCodeAt(shared) || 96;
    return String.fromCharCode(65 + shared) +
      String.fromCharCode(48 + word.charCodeAt(shared) - from) +
      word.slice(shared + 1);
  }).join("");
}

/** Undoes `packWords`; it stands in the page by its text, so it names nothing else. */
export function unpackWords(packed: string): string[] {
  let word = "";
  return Array.from(
    packed.matchAll(/([A-H])(.)([a-z]*)/g),
    ([, capital, step, rest]) => {
      const shared = capital!.charCodeAt(0) - 65;
      const from = word.charCodeAt(shared) || 96;
      const next = String.fromCharCode(from + step!.charCodeAt(0) - 48);
      return word = word.slice(0, shared) + next + rest;
    },
  );
}
