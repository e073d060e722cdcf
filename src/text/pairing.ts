/** Which marks of emphasis belong together: CommonMark's rules for rows of marks. */

/** One star or underscore. */
export interface Mark {
  readonly kind: "mark";
  readonly text: string;
  /** Where it stands, in code units. */
  readonly at: number;
  /** How many of its kind stand in a row with it. */
  readonly run: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** What it does; nothing for one without a partner, which is text. */
  role?: "opens" | "closes";
}

/**
 * Gives the marks of a line, in order, their roles. What a closer has passed over in vain is passed
 * over for all of its kind, and all behind an opener that is found is done with: so the work grows
 * with the marks and no faster.
 */
export function pairMarks(marks: readonly Mark[]): void {
  /** Indices of the marks that may still open, in order. */
  const openers: number[] = [];
  /** For closers of each kind: the index of the first mark that may be their opener. */
  const bottoms = new Map<string, number>();
  /** The first mark of the row, and how many openers are before it: a row does not close itself. */
  let [first, before] = [0, 0];
  let last: Mark | undefined;
  for (const [index, mark] of marks.entries()) {
    if (last?.text !== mark.text || last.at !== mark.at - 1) {
      [first, before] = [index, openers.length];
    }
    last = mark;
    const found = mark.canClose ? openerOf(mark) : -1;
    if (found !== -1) {
      const opener = openers[found]!;
      openers.length = found;
      pair(marks, opener, index);
      // What is left of the row may belong to what stands before the pair.
      last = undefined;
    } else if (mark.canOpen) openers.push(index);
  }

  function openerOf(closer: Mark): number {
    const kind = `${closer.text}${closer.canOpen}${closer.run % 3}`;
    const bottom = bottoms.get(kind) ?? 0;
    for (let n = before - 1; n >= 0 && openers[n]! >= bottom; n--) {
      if (fits(marks[openers[n]!]!, closer)) return n;
    }
    bottoms.set(kind, first);
    return -1;
  }
}

/** The rule of three: `**a*b**` is bold as a whole. */
function fits(opener: Mark, closer: Mark): boolean {
  if (opener.text !== closer.text) return false;
  const isEither = opener.canClose || closer.canOpen;
  return !isEither || (opener.run + closer.run) % 3 !== 0 ||
    opener.run % 3 === 0;
}

/** Marks around nothing but marks are a face: `*_*`. They are used up, and stay text. */
function pair(marks: readonly Mark[], opener: number, closer: number): void {
  const [one, other] = [marks[opener]!, marks[closer]!];
  if (other.at - one.at === closer - opener) return;
  one.role = "opens";
  other.role = "closes";
}
