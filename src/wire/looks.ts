/** What names look like: characters that may be in them, and skeletons (Unicode UTS #39). */
import { ALLOWED, LOOKS } from "./unicode/names.ts";

const ASCII_LAST = 0x7f;

/** First and last code points of the ranges of allowed characters, ascending. */
const [FIRSTS, LASTS] = readRanges(ALLOWED);
const LOOK_OF = readLooks(LOOKS);
/** Of each character of ASCII. */
const ASCII_LOOKS = Array.from({ length: ASCII_LAST + 1 }, (_, code) => {
  const char = String.fromCharCode(code);
  return LOOK_OF.get(char) ?? char.toLowerCase();
});

function readRanges(table: string): [Int32Array, Int32Array] {
  const ranges = rowsOf(table);
  const firsts = new Int32Array(ranges.length);
  const lasts = new Int32Array(ranges.length);
  let end = 0;
  ranges.forEach(([gap, length], at) => {
    firsts[at] = end + gap!;
    end = firsts[at]! + length!;
    lasts[at] = end - 1;
  });
  return [firsts, lasts];
}

function readLooks(table: string): Map<string, string> {
  let point = 0;
  return new Map(
    rowsOf(table).map(([gap, ...look]) => {
      point += gap!;
      return [String.fromCodePoint(point), String.fromCodePoint(...look)];
    }),
  );
}

function rowsOf(table: string): number[][] {
  return table.split(",").map((row) =>
    row.split(" ").map((digits) => parseInt(digits, 36))
  );
}

/** Whether every character has Identifier_Status=Allowed (section 3.1). */
export function isAllowed(text: string): boolean {
  for (const char of text) {
    if (!isPointAllowed(char.codePointAt(0)!)) return false;
  }
  return true;
}

/** Looks for the range with the last beginning that is not behind the code point. */
function isPointAllowed(point: number): boolean {
  let low = 0;
  let high = FIRSTS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (FIRSTS[middle]! <= point) low = middle + 1;
    else high = middle;
  }
  return low > 0 && point <= LASTS[low - 1]!;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > ASCII_LAST) return false;
  }
  return true;
}

/**
 * What a text looks like: its skeleton (section 4), in which upper and lower case are the same, as
 * they are in names. Texts that look alike have the same.
 */
export function skeletonOf(text: string): string {
  let skeleton = "";
  if (isAscii(text)) {
    for (let at = 0; at < text.length; at++) {
      skeleton += ASCII_LOOKS[text.charCodeAt(at)]!;
    }
    return skeleton;
  }
  for (const char of text.normalize("NFD")) {
    skeleton += LOOK_OF.get(char) ?? char.toLowerCase();
  }
  return skeleton.normalize("NFD");
}

/**
 * Everything that a name looks like, given as it is written and folded: two names may be taken for
 * each other when they have one of these in common. A capital may look like another letter than the
 * small one does (`I` and `l`, `В` and `B`), so what counts is how it is written, and how all small
 * letters would look. A name that is not in ASCII is also seen in capitals: there more letters look
 * like those of another script, and fewer like another of their own.
 */
export function looksOf(name: string, folded: string): readonly string[] {
  if (isAscii(folded)) {
    const looks = [name, folded].map(skeletonOf);
    return looks[0] === looks[1] ? looks.slice(1) : looks;
  }
  const capitals = Array.from(
    folded,
    (char) => char.codePointAt(0)! > ASCII_LAST ? char.toUpperCase() : char,
  );
  return [...new Set([name, folded, capitals.join("")].map(skeletonOf))];
}
