/**
 * Words of the other side as a part of what a program says itself. They begin with whose they are,
 * are one line, and not long: nobody may take them for the program's own.
 */
import {
  SERVER_WORDS_MAX_CODE_POINTS,
  UNVERIFIED_WORDS_MAX_CODE_POINTS,
} from "../base/limits.ts";
import { cleanLine, shorten } from "./text.ts";

/** What a server says whose key was judged. `server` is a name that nobody can have. */
export function serverWords(text: string): string {
  return `server: ${oneLine(text, SERVER_WORDS_MAX_CODE_POINTS)}`;
}

/** What came in the clear in place of a handshake: anybody on the way can say that. */
export function unverifiedWords(text: string): string {
  const words = oneLine(text, UNVERIFIED_WORDS_MAX_CODE_POINTS);
  return `not verified (whoever answered showed no key): "${words}"`;
}

function oneLine(text: string, most: number): string {
  const line = cleanLine(text.toWellFormed().replace(/\s+/gu, " "));
  return shorten(line.trim(), most) || "(nothing)";
}
