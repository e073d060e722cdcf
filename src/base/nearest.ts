/** Which known word somebody may have meant: for unknown flags, commands and fingerprint words. */

/** At most this many slips lie between what was written and what is suggested. */
const MAX_SLIPS = 2;

/**
 * The candidate that is the fewest slips away from `word`, whatever its case; the first of several.
 * At most two, and at most half of the letters: two letters are not suggested for any other two.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  const meant = word.toLowerCase();
  let best: string | undefined;
  let bestSlips = MAX_SLIPS + 1;
  for (const candidate of candidates) {
    // Lengths first: a word may come from a peer and be very long.
    if (Math.abs(candidate.length - meant.length) > MAX_SLIPS) continue;
    const longest = Math.max(candidate.length, meant.length);
    const slips = editDistance(meant, candidate.toLowerCase());
    if (slips < bestSlips && slips * 2 <= longest) {
      best = candidate;
      bestSlips = slips;
    }
  }
  return best;
}

/**
 * Damerau–Levenshtein distance (optimal string alignment): letters inserted, left out, replaced, or
 * swapped with their neighbour, none touched twice.
 */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, beforePrevious[j - 2]! + 1);
      }
      row.push(least);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}
