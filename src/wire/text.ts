/** Text as it may cross the wire: well-formed, NFC, without what moves a cursor or forges lines. */
import { TEXT_MARKS_IN_A_ROW } from "../base/limits.ts";

const HARMFUL =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const HARMFUL_BUT_BREAKS =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** Printable ASCII needs no look at all, and is most of what people say. */
const PLAIN = /^[\x20-\x7e]*$/;
const SURPLUS_MARKS = new RegExp(
  `(\\p{M}{${TEXT_MARKS_IN_A_ROW}})\\p{M}+`,
  "gu",
);

/** A well-formed line of text (a name, a topic) without control characters, in NFC. */
export function cleanLine(text: string): string {
  return PLAIN.test(text) ? text : normalized(text.replace(HARMFUL, ""));
}

/** Text of a message: as {@linkcode cleanLine}, but line feeds and tabs stay. */
export function cleanText(text: string): string {
  return PLAIN.test(text)
    ? text
    : normalized(text.replace(HARMFUL_BUT_BREAKS, ""));
}

/**
 * NFC. It puts the marks on a letter in order, which costs the square of how many there are: so
 * there are few before it. Some marks come to two in it: so there are few after it.
 */
function normalized(text: string): string {
  return fewerMarks(fewerMarks(text).normalize("NFC"));
}

function fewerMarks(text: string): string {
  return text.replace(SURPLUS_MARKS, "$1");
}

/** Length in code points of a well-formed string. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

/** A well-formed string of at most `most` code points; the last says that it was longer. */
export function shorten(text: string, most: number): string {
  if (text.length <= most || codePoints(text) <= most) return text;
  let end = 0;
  for (let count = 1; count < most; count++) {
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  return `${text.slice(0, end)}…`;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Strict UTF-8.
 *
 * @throws {TypeError} when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
