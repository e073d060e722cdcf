/** Names: what they may hold, and when two of them are the same (Unicode UAX #15, UTS #39). */
import { ProtocolError } from "../base/errors.ts";
import {
  NAME_MARKS_IN_A_ROW,
  NAME_MAX_CODE_POINTS,
  ROOM_MAX_CODE_POINTS,
} from "../base/limits.ts";
import { foldName } from "./fold.ts";
import { isAllowed, looksOf, skeletonOf } from "./looks.ts";
import { UNICODE_VERSION } from "./unicode/names.ts";

/** What is noted by looks is noted anew when they are others: of other tables, or by other rules. */
export const LOOKS_VERSION = `${UNICODE_VERSION}/1`;

/** Letters, marks, digits, `_`, `-` and `.`. */
const ALLOWED = /^[\p{L}\p{M}\p{Nd}_.-]+$/u;
const MARKS_IN_A_ROW = new RegExp(
  `^\\p{M}|\\p{M}{${NAME_MARKS_IN_A_ROW + 1}}`,
  "u",
);
/** Something of it must be a letter or a digit: `...` is no name. */
const SUBSTANCE = /[\p{L}\p{Nd}]/u;
/** Invisible though it is a letter or a mark: fillers, selectors and joiners. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const ASCII = /^[\x21-\x7e]+$/;
const RESERVED = new Set(["server", "admin"]);
const GUEST_PREFIX = "guest-";
const RESERVED_LOOKS = new Set([...RESERVED].flatMap(wordLooks));
const GUEST_LOOK = skeletonOf(GUEST_PREFIX);

/** The recommended scripts of UAX #31, table 5, that a name may be written in, alone. */
const SCRIPTS = `
  Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han
  Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil
  Telugu Thaana Thai Tibetan`.trim().split(/\s+/);
/** "Highly restrictive" of UTS #39, section 5.2: what people of East Asia write together. */
const TOGETHER: readonly (readonly string[])[] = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Hangul"],
];
/** "Moderately restrictive": Latin with one other script, but those that look like Latin's. */
const NOT_WITH_LATIN = ["Latin", "Cyrillic", "Greek"];

const OF_SCRIPTS: readonly RegExp[] = [
  ...SCRIPTS.map((script) => writtenIn([script], "Common")),
  ...[
    ...TOGETHER,
    ...SCRIPTS.filter((script) => !NOT_WITH_LATIN.includes(script))
      .map((script) => ["Latin", script]),
  ].map((scripts) => writtenIn(scripts, "Common", "Inherited")),
];

/** Matches what is written in these scripts, and in letters that belong to `others`. */
function writtenIn(
  scripts: readonly string[],
  ...others: readonly string[]
): RegExp {
  const classes = [
    ...scripts.map((script) => `\\p{Script_Extensions=${script}}`),
    ...others.map((script) => `\\p{Script=${script}}`),
  ];
  return new RegExp(`^[${classes.join("")}]+$`, "u");
}

/** Whether letters of scripts that can be mistaken for each other stand together. */
function isMixed(name: string): boolean {
  return !ASCII.test(name) && !OF_SCRIPTS.some((scripts) => scripts.test(name));
}

function faultOf(name: string, maxCodePoints: number): string | undefined {
  const length = [...name].length;
  if (length < 1 || length > maxCodePoints) {
    return `it has ${length} characters, allowed are 1 to ${maxCodePoints}`;
  }
  if (!ALLOWED.test(name) || INVISIBLE.test(name)) {
    return "it may hold letters, digits, _ - and .";
  }
  if (!SUBSTANCE.test(name)) return "it needs a letter or a digit";
  if (MARKS_IN_A_ROW.test(name)) {
    return `it has more than ${NAME_MARKS_IN_A_ROW} accents on one letter`;
  }
  if (isMixed(name) || isMixed(name.normalize("NFKC"))) {
    return "it mixes letters of different scripts";
  }
  return undefined;
}

/** A character that is a letter or a digit, and not one of those that names are made of today. */
const UNUSUAL =
  "it has a character that is not in common use, or looks like another";

/** Everything that a name looks like; those that share one of these may be taken for each other. */
export function nameLooks(name: string): readonly string[] {
  return looksOf(name, foldName(name));
}

/** What a word looks like that nobody else may be called, in small letters and in capitals. */
export function wordLooks(word: string): readonly string[] {
  return [word.toLowerCase(), word.toUpperCase()].map(skeletonOf);
}

/**
 * Judges a name that somebody asks for; the text must be canonical (`cleanLine`). Whose it is and
 * whose it looks like is not judged here.
 *
 * @throws {ProtocolError} `name-invalid`.
 */
export function judgeName(name: string): void {
  const fault = faultOf(name, NAME_MAX_CODE_POINTS) ??
    (isAllowed(name) ? undefined : UNUSUAL);
  const text = isReserved(name)
    ? `the name ${name} is reserved, or looks like one that is: choose another`
    : fault === undefined
    ? undefined
    : `this name cannot be used: ${fault}`;
  if (text !== undefined) throw new ProtocolError("name-invalid", text);
}

function isReserved(name: string): boolean {
  const folded = foldName(name);
  return RESERVED.has(folded) || folded.startsWith(GUEST_PREFIX) ||
    looksOf(name, folded).some((look) =>
      RESERVED_LOOKS.has(look) || look.startsWith(GUEST_LOOK)
    );
}

/**
 * Judges the name of a room.
 *
 * @throws {ProtocolError} `room-invalid`.
 */
export function judgeRoom(name: string): void {
  refuseRoom(faultOf(name, ROOM_MAX_CODE_POINTS));
}

/**
 * Judges the name of a room that is to be made: one that there is keeps its name, and is found under
 * everything that folds to it.
 *
 * @throws {ProtocolError} `room-invalid`.
 */
export function judgeNewRoom(name: string): void {
  refuseRoom(
    faultOf(name, ROOM_MAX_CODE_POINTS) ??
      (isAllowed(name) ? undefined : UNUSUAL),
  );
}

function refuseRoom(fault: string | undefined): void {
  if (fault === undefined) return;
  const text = `a room cannot have this name: ${fault}`;
  throw new ProtocolError("room-invalid", text);
}

/** The name of a guest who gave none. */
export function guestName(number: number): string {
  return `${GUEST_PREFIX}${number}`;
}

/** Whether a name is one that guests are given. */
export function isGuestName(name: string): boolean {
  return name.startsWith(GUEST_PREFIX);
}
