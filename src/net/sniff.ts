/** Tells by its first bytes what a connection speaks (docs/protocol.md, "First bytes"). Pure. */
import { FIRST_PAYLOAD_BYTES, FRAME_MAX_BYTES } from "../base/limits.ts";
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
  | "http"
  | "tls"
  /** Lines that begin with `HELLO`. */
  | "hello"
  | "irc"
  /** Other text: somebody at `nc`. */
  | "terminal"
  | "unknown";

const HTTP_METHODS = "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH"
  .split(" ");
const VERBS: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ["HELLO", "hello"],
  ["CAP", "irc"],
  ["NICK", "irc"],
  ["USER", "irc"],
  ["PASS", "irc"],
]);
const MAGIC = "confab/1";
/** `{`, with which a JSON object begins. */
const BRACE = 0x7b;
/** No first word that matters is longer. */
const LONGEST_WORD_BYTES = 8;

/** Most bytes that {@linkcode sniff} may need. */
export const SNIFF_BYTES = HEADER_BYTES + FIRST_PAYLOAD_BYTES;

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

function sniffText(bytes: Uint8Array): Protocol | undefined {
  let end = 0;
  while (end < bytes.length && bytes[end]! > 0x20) end++;
  const word = String.fromCharCode(
    ...bytes.subarray(0, Math.min(end, LONGEST_WORD_BYTES)),
  );
  if (end < bytes.length) {
    const isBeforeSpace = bytes[end] === 0x20;
    if (isBeforeSpace && HTTP_METHODS.includes(word)) return "http";
    return VERBS.get(word) ?? "terminal";
  }
  const mayBecome = [...HTTP_METHODS, ...VERBS.keys()].some((known) =>
    known.startsWith(word)
  );
  return mayBecome ? undefined : "terminal";
}
