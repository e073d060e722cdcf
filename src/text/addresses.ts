/**
 * Addresses of the web in a message, and where each ends: its host is read as a whole or not at all,
 * and the punctuation of the sentence around it stays outside.
 */

/** An address in a text. */
export interface Address {
  /** As it was typed. */
  readonly text: string;
  /** Where it leads, in ASCII. */
  readonly href: string;
}

/** What is read of one at most, in code units: behind the scheme's colon, and of its parts. */
const MOST_UNITS = 10_000;
const MOST_USER_UNITS = 50;
const MOST_QUOTED_UNITS = 100;
const MOST_IN_BRACKETS = 1_000;
/** How many brackets of one kind stand in each other. */
const MOST_DEPTH = 4;

const SCHEME = /(?:^|[^a-z\d+.-])(https?)$/i;
/** The longest scheme, and the character before it. */
const SCHEME_UNITS = 6;

const BLANK = /[\p{Z}\p{Cc}]/u;
const NO_USER = /[\p{Z}\p{Cc}/[\]()]/u;
/** No blank, no punctuation and no border of a text: `｜` is a wide bar. */
const PLAIN = "[^\\p{Z}\\p{P}\\p{Cc}<>｜]";
/** Past the first plane punctuation is a letter of a host, and yet may end it. */
const PAST_BMP = "[\\u{10000}-\\u{10ffff}]";
const LETTER = `(?:(?=${PLAIN})[\\0-\\uffff]|${PAST_BMP})`;
const LONG = `(?:${LETTER}|-){0,61}${LETTER}`;
/** In the ASCII of other alphabets a hyphen may be the last. */
const LABEL = `(?:${LETTER}(?:${LONG})?|[xX][nN]--[a-zA-Z\\d-]{0,58}-)`;
const LAST_LABEL = `(?:[xX][nN]--[a-zA-Z\\d-]{1,59}|${LETTER}(?:${LONG})??)`;

const PORT = "(?:\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|" +
  "6553[0-5])";

/** A name or, as its group, an IPv6 address; nothing that a host goes on with comes next. */
export const HOST = new RegExp(
  `(?:(\\[[\\da-fA-F:.]{2,45}\\])|(?:${LABEL}\\.){0,10}${LAST_LABEL})(?::${PORT})?` +
    `(?!${PLAIN}|[-_]|:\\d|\\.-|\\.[^\\p{Z}\\p{P}\\p{Cc}])`,
  "uy",
);

/** What a path goes on with; punctuation of a sentence only where no blank comes next. */
export const STEP = new RegExp(
  `${PLAIN}|[-\\\\/:%@#&_*]|\\.{2,20}:?[a-zA-Z\\d%/&]|!{1,20}(?![\\p{Z}\\p{Cc}!]|$)|` +
    `(?:[,;]|\\.(?!\\.)|\\?(?!\\?))(?![\\p{Z}\\p{Cc}]|$)|'(?=${PLAIN}|${PAST_BMP}|-)`,
  "uy",
);
const CLOSING = new Map([["(", ")"], ["[", "]"], ["{", "}"]]);

/** An address ends before these, whatever they mean in one. */
const TAIL = new Set("*_~.,:;!?");

/**
 * The address of which the scheme ends with the colon at `colon`, and begins not before `from`; it
 * ends at `to` at last.
 */
export function addressAt(
  text: string,
  colon: number,
  from: number,
  to: number,
): Address | undefined {
  if (!text.startsWith("//", colon + 1)) return undefined;
  const before = text.slice(Math.max(from, colon - SCHEME_UNITS), colon);
  const scheme = SCHEME.exec(before)?.[1];
  if (scheme === undefined) return undefined;
  const rest = text.slice(colon + 1, Math.min(to, colon + 1 + MOST_UNITS));
  const hostEnd = afterHost(rest);
  if (hostEnd === undefined) return undefined;
  const host = `${scheme}:${rest.slice(0, hostEnd)}`;
  // No path makes an address of what is none: so it is not read, or all of them would be for each
  // of many.
  if (webAddress(host) === "" && webAddress(trimmed(host)) === "") {
    return undefined;
  }
  const whole = trimmed(`${scheme}:${rest.slice(0, afterPath(rest, hostEnd))}`);
  const href = webAddress(whole);
  return href === "" ? undefined : { text: whole, href };
}

/** The end of the host after `//`, and after a user's name if there is one. */
function afterHost(rest: string): number | undefined {
  const user = closingIn(rest, 2, "@", MOST_USER_UNITS, NO_USER);
  // An address with a user in it is read as a whole, and then left as it is.
  const host = user === undefined ? undefined : hostAt(rest, user);
  return host ?? hostAt(rest, 2);
}

function hostAt(rest: string, at: number): number | undefined {
  HOST.lastIndex = at;
  const match = HOST.exec(rest);
  if (match === null) return undefined;
  const isHost = match[1] === undefined || URL.canParse(`http://${match[1]}`);
  return isHost ? HOST.lastIndex : undefined;
}

function afterPath(rest: string, start: number): number {
  if (!"/?#".includes(rest[start] ?? " ")) return start;
  let [end, next] = [start + 1, afterStep(rest, start + 1)];
  while (next !== undefined) [end, next] = [next, afterStep(rest, next)];
  return end > start + 1 || rest[start] === "/" ? end : start;
}

function afterStep(rest: string, at: number): number | undefined {
  const char = rest[at];
  if (char === undefined) return undefined;
  if (CLOSING.has(char)) return afterBrackets(rest, at, MOST_DEPTH);
  if (char === '"' || char === "'") {
    const end = closingIn(rest, at + 1, char, MOST_QUOTED_UNITS, BLANK);
    if (end !== undefined) return end;
  }
  STEP.lastIndex = at;
  return STEP.test(rest) ? STEP.lastIndex : undefined;
}

/** Behind the bracket that belongs to the one at `at`. */
function afterBrackets(
  rest: string,
  at: number,
  depth: number,
): number | undefined {
  const open = rest[at]!;
  const close = CLOSING.get(open);
  let end: number | undefined = at + 1;
  for (let n = 0; n < MOST_IN_BRACKETS; n++) {
    const char = rest[end];
    if (char === undefined || char === close || BLANK.test(char)) break;
    if (char !== open) end++;
    else if (depth === 1) return undefined;
    else {
      end = afterBrackets(rest, end, depth - 1);
      if (end === undefined) return undefined;
    }
  }
  return rest[end] === close ? end + 1 : undefined;
}

/** Behind the next `closer`, if there is something before it, not too much, and none is barred. */
function closingIn(
  rest: string,
  from: number,
  closer: string,
  most: number,
  barred: RegExp,
): number | undefined {
  const length = rest.slice(from, from + most + 1).indexOf(closer);
  const isFound = length > 0 && !barred.test(rest.slice(from, from + length));
  return isFound ? from + length + 1 : undefined;
}

function trimmed(url: string): string {
  let end = url.length;
  while (end > 0 && TAIL.has(url[end - 1]!)) end--;
  return url.slice(0, end);
}

/**
 * The address in ASCII; nothing for one that does not go where it seems to
 * (`http://bank.example@other.example/`).
 */
function webAddress(text: string): string {
  if (!URL.canParse(text)) return "";
  const { username, password, href } = new URL(text);
  return username === "" && password === "" ? href : "";
}
