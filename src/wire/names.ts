/** Names of people and rooms: what they may hold, and when two are the same (UAX #15, UTS #39). */
import { ProtocolError } from "../base/errors.ts";
import {
  NAME_MARKS_IN_A_ROW,
  NAME_MAX_CODE_POINTS,
  ROOM_MAX_CODE_POINTS,
} from "../base/limits.ts";

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

/** The recommended scripts of UAX #31, table 5, that a name may be written in, alone. */
const SCRIPTS = [
  "Arabic",
  "Armenian",
  "Bengali",
  "Bopomofo",
  "Cyrillic",
  "Devanagari",
  "Ethiopic",
  "Georgian",
  "Greek",
  "Gujarati",
  "Gurmukhi",
  "Han",
  "Hangul",
  "Hebrew",
  "Hiragana",
  "Kannada",
  "Katakana",
  "Khmer",
  "Lao",
  "Latin",
  "Malayalam",
  "Myanmar",
  "Oriya",
  "Sinhala",
  "Tamil",
  "Telugu",
  "Thaana",
  "Thai",
  "Tibetan",
] as const;
type Script = typeof SCRIPTS[number];

/** "Highly restrictive" of UTS #39, section 5.2: what people of East Asia write together. */
const TOGETHER: readonly (readonly Script[])[] = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Bopomofo"],
  ["Latin", "Han", "Hangul"],
];
/** "Moderately restrictive": Latin with one other script, but those whose letters look like Latin's. */
const NOT_WITH_LATIN: ReadonlySet<Script> = new Set([
  "Latin",
  "Cyrillic",
  "Greek",
]);

const OF_SCRIPT = new Map(
  SCRIPTS.map((
    script,
  ) => [
    script,
    new RegExp(`^[\\p{Script_Extensions=${script}}\\p{Script=Common}]+$`, "u"),
  ]),
);
const OF_SCRIPTS: readonly RegExp[] = [
  ...OF_SCRIPT.values(),
  ...TOGETHER.map((scripts) => anyOf(scripts)),
  ...SCRIPTS.filter((script) => !NOT_WITH_LATIN.has(script)).map((script) =>
    anyOf(["Latin", script])
  ),
];

function anyOf(scripts: readonly Script[]): RegExp {
  const classes = scripts.map((script) => `\\p{Script_Extensions=${script}}`)
    .join("");
  return new RegExp(
    `^[${classes}\\p{Script=Common}\\p{Script=Inherited}]+$`,
    "u",
  );
}

/** Names that fold to the same are the same name: NFKC, upper case, lower case, NFC. */
export function foldName(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
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

/**
 * Judges a name that somebody asks for; the text must be canonical (`cleanLine`).
 *
 * @throws {ProtocolError} `name-invalid`.
 */
export function judgeName(name: string): void {
  const fault = faultOf(name, NAME_MAX_CODE_POINTS);
  if (fault !== undefined) {
    throw new ProtocolError(
      "name-invalid",
      `this name cannot be used: ${fault}`,
    );
  }
  const folded = foldName(name);
  if (RESERVED.has(folded) || folded.startsWith(GUEST_PREFIX)) {
    throw new ProtocolError(
      "name-invalid",
      `the name ${name} is reserved: choose another`,
    );
  }
}

/**
 * Judges the name of a room.
 *
 * @throws {ProtocolError} `room-invalid`.
 */
export function judgeRoom(name: string): void {
  const fault = faultOf(name, ROOM_MAX_CODE_POINTS);
  if (fault !== undefined) {
    throw new ProtocolError(
      "room-invalid",
      `a room cannot have this name: ${fault}`,
    );
  }
}

/** The name of a guest who gave none. */
export function guestName(number: number): string {
  return `${GUEST_PREFIX}${number}`;
}
