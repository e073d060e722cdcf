/** Fields of the messages that the server sends: what more than one of their tables is made of. */
import {
  DATE_MAX_MS,
  FRAME_MAX_BYTES,
  PAUSE_MAX_MS,
  SERVER_LINE_MAX_CODE_POINTS,
  SERVER_NAME_MAX_CODE_POINTS,
  SERVER_TEXT_MAX_CODE_POINTS,
} from "../base/limits.ts";
import { clamped, integer, string, value } from "./schema.ts";
import { cleanLine, cleanText, codePoints, shorten } from "./text.ts";

// A client does not choose what a server sends it: everything has its bounds here.

/** What somebody or something goes by: not shortened, as it might be another's then. */
export const line = string(
  `a line of at most ${SERVER_LINE_MAX_CODE_POINTS} characters`,
  cleanLine,
  (text) => codePoints(text) <= SERVER_LINE_MAX_CODE_POINTS,
);
/** A name of a person or a room: no word in it could begin another sentence. */
export const word = string(
  `a name of at most ${SERVER_NAME_MAX_CODE_POINTS} characters`,
  (text) => cleanLine(text).replace(/\s/gu, "_"),
  (text) => codePoints(text) <= SERVER_NAME_MAX_CODE_POINTS,
);
/** What would be of no use if it were shortened. */
export const whole = string(
  `a line of at most ${SERVER_TEXT_MAX_CODE_POINTS} characters`,
  cleanLine,
  (text) => codePoints(text) <= SERVER_TEXT_MAX_CODE_POINTS,
);
/** What people read in one line. */
export const phrase = string(
  "a line of text",
  (text) => shorten(cleanLine(text), SERVER_TEXT_MAX_CODE_POINTS),
);
export const text = string(
  "a text",
  (text) => shorten(cleanText(text), SERVER_TEXT_MAX_CODE_POINTS),
);
export const seq = integer(0);
/** For display only: one that no calendar has ends nothing. */
export const at = clamped("a time", 0, DATE_MAX_MS);
export const durationMs = clamped("a length of time", 0, DATE_MAX_MS);
export const pauseMs = clamped("a time to wait", 0, PAUSE_MAX_MS);
/** Lists are bounded by the frame that they came in. */
export const MANY = FRAME_MAX_BYTES;

/** The wire has just `true` for these; they are missing otherwise. */
export const flag = value<true>("true", (value) => value === true);
