/** Tells by its first bytes what a connection speaks (docs/protocol.md, "First bytes"). Pure. */
import {
  FIRST_PAYLOAD_BYTES,
  FRAME_MAX_BYTES,
  HTTP_LINE_BYTES,
} from "../base/limits.ts";
import { HEADER_BYTES } from "../wire/frame.ts";

export type Protocol =
  /** Framed JSON, not sealed. */
  | "framed"
  /** JSON, a message a line, not sealed. */
  | "json-lines"
  | "sealed"
  /** `confab/` of a version that is not spoken here. */
  | "sealed-other"
  /** A first frame of a length that no frame has. */
  | "too-large"
  /** A request of HTTP, whatever its method is called. */
  | "http"
  /** The header of a proxy, where none is expected. */
  | "proxy"
  | "tls"
  /** Lines that begin with `HELLO`. */
  | "hello"
  | "irc"
  /** Other text: somebody at `nc`. */
  | "terminal"
  | "unknown";

const HTTP_METHODS = "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH"
  .split(" ");
/** First words, with a space or the end of the line behind them. */
const VERBS: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ["HELLO", "hello"],
  ["CAP", "irc"],
  ["NICK", "irc"],
  ["USER", "irc"],
  ["PASS", "irc"],
]);
/** First words with a space behind them. */
const BEFORE_SPACE: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ...HTTP_METHODS.map((method): [string, Protocol] => [method, "http"]),
  ["PROXY", "proxy"],
]);
/** A header of the PROXY protocol in binary begins so, and no line of text goes on so. */
const PROXY_BINARY = [0x0d, 0x0a, 0x0d, 0x0a, 0x00];
const MAGIC = "confab/1";
/** `{`, with which a JSON object begins. */
const BRACE = 0x7b;
/** No first word that matters, as the method of some request, is longer. */
const LONGEST_WORD_BYTES = 16;
const SPACE = 0x20;
const LF = 0x0a;
/** With these the target of a request begins: a path, or `*`. */
const TARGET = new Set([0x2f, 0x2a]);
const HTTP = "HTTP/";

/** Most bytes that {@linkcode sniff} may need. */
export const SNIFF_BYTES = Math.max(
  HEADER_BYTES + FIRST_PAYLOAD_BYTES,
  HTTP_LINE_BYTES,
);

/** What the first bytes of a connection say, or `undefined` when more are needed to tell. */
export function sniff(bytes: Uint8Array): Protocol | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === 0x00) return sniffFrame(bytes);
  if (first === BRACE) return "json-lines";
  if (first === 0x16) {
    return bytes.length < 2 ? undefined : bytes[1] === 0x03 ? "tls" : "unknown";
  }
  return isText(first) ? sniffText(bytes) : "unknown";
}

function sniffFrame(bytes: Uint8Array): Protocol | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const length = (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
  if (length > FRAME_MAX_BYTES) return "too-large";
  if (length === 0) return "unknown";
  const payload = bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
  if (payload.length === 0) return undefined;
  if (payload[0] === BRACE) return "framed";
  const word = String.fromCharCode(...payload.subarray(0, MAGIC.length));
  if (word === MAGIC) return "sealed";
  if (MAGIC.startsWith(word) && payload.length < length) return undefined;
  const isOther = word.length === MAGIC.length && word.startsWith("confab/");
  return isOther ? "sealed-other" : "unknown";
}

/** Bytes with which a line of UTF-8 can begin. */
function isText(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f || byte === 0x09 || byte === 0x0a ||
    byte === 0x0d || byte >= 0xc2 && byte <= 0xf4;
}

/** A whole first line is told at once; one that comes in pieces as soon as it can only be one. */
function sniffText(bytes: Uint8Array): Protocol | undefined {
  if (PROXY_BINARY.every((byte, at) => bytes[at] === byte)) return "proxy";
  let end = 0;
  while (end <= LONGEST_WORD_BYTES && isOfWord(bytes[end])) end++;
  const next = bytes[end];
  if (end > LONGEST_WORD_BYTES) return "terminal";
  if (next === undefined) return undefined;
  if (end === 0 || next > SPACE) return "terminal";
  const word = textOf(bytes, 0, end);
  const known = next === SPACE ? BEFORE_SPACE.get(word) : undefined;
  const protocol = known ?? VERBS.get(word);
  if (protocol !== undefined || next !== SPACE) return protocol ?? "terminal";
  return sniffRequest(bytes, end + 1);
}

/** `WORD /path HTTP/1.1` is no chat, whatever the word: its target begins at `from`. */
function sniffRequest(bytes: Uint8Array, from: number): Protocol | undefined {
  const first = bytes[from];
  if (first === undefined) return undefined;
  if (!TARGET.has(first)) return "terminal";
  let end = from;
  while (end < bytes.length && bytes[end]! > SPACE) end++;
  // Nobody says a word that long.
  if (end >= HTTP_LINE_BYTES) return "http";
  if (end === bytes.length) return undefined;
  if (bytes[end] !== SPACE) return "terminal";
  const version = textOf(bytes, end + 1, end + 1 + HTTP.length).toUpperCase();
  if (version === HTTP) return "http";
  return HTTP.startsWith(version) ? undefined : "terminal";
}

/** Letters and `-`. */
function isOfWord(byte: number | undefined): boolean {
  return byte !== undefined &&
    (byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a ||
      byte === 0x2d);
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** As {@linkcode sniff}, when nothing more comes: a last line of text need not have an end. */
export function sniffEnded(bytes: Uint8Array): Protocol | undefined {
  const first = bytes[0];
  if (first === undefined || !isText(first)) return undefined;
  return sniff(Uint8Array.of(...bytes, LF));
}
