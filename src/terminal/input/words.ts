/** Words in a line of clusters as readline has them, and those between blanks, for Ctrl+W. */

const WORD = /^[\p{L}\p{N}\p{M}_]/u;
const SPACE = /^\s/;

/** What counts as part of a word. */
export type IsPart = (cluster: string) => boolean;

export const inWord: IsPart = (cluster) => WORD.test(cluster);
export const notSpace: IsPart = (cluster) => !SPACE.test(cluster);

/** Where the word before `at` begins. */
export function wordStart(
  clusters: readonly string[],
  at: number,
  isPart: IsPart = inWord,
): number {
  while (at > 0 && !isPart(clusters[at - 1]!)) at--;
  while (at > 0 && isPart(clusters[at - 1]!)) at--;
  return at;
}

/** Where the word after `at` ends. */
export function wordEnd(
  clusters: readonly string[],
  at: number,
  isPart: IsPart = inWord,
): number {
  while (at < clusters.length && !isPart(clusters[at]!)) at++;
  while (at < clusters.length && isPart(clusters[at]!)) at++;
  return at;
}

/** Where the line around `at` begins. */
export function lineStart(clusters: readonly string[], at: number): number {
  while (at > 0 && clusters[at - 1] !== "\n") at--;
  return at;
}

/** Where the line around `at` ends. */
export function lineEnd(clusters: readonly string[], at: number): number {
  while (at < clusters.length && clusters[at] !== "\n") at++;
  return at;
}
