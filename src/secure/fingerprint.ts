/** Fingerprints of static keys: to copy (`SHA256:` and base64), and to read aloud (8 words). */
import { decodeBase64, encodeBase64 } from "../base/base64.ts";
import { wordlist } from "@scure/bip39/wordlists/english";
import { UsageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { FINGERPRINT_PREFIX } from "../wire/fingerprint_text.ts";
import { cleanLine } from "../wire/text.ts";

/** Characters of the unpadded base64 of 32 bytes. */
const BASE64_CHARS = 43;
const WORDS = 8;
/** A word stands for this many bits: the list has 2,048. */
const BITS_PER_WORD = 11;
/** How much of what a person wrote is repeated in an error. */
const QUOTED_CHARS = 50;

/**
 * A fingerprint that a person gave, in its normal form: `SHA256:…` without padding, or lower-case
 * words joined by `-`.
 */
export interface Fingerprint {
  readonly form: "sha256" | "words";
  readonly text: string;
}

/** The fingerprint of a 32-byte static key: `SHA256:` and the unpadded base64 of its SHA-256. */
export async function fingerprint(
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", publicKey);
  return FINGERPRINT_PREFIX +
    encodeBase64(new Uint8Array(hash)).slice(0, BASE64_CHARS);
}

/**
 * The fingerprint to read aloud: its first 88 bits as 8 words of BIP-39's English list.
 *
 * @throws {UsageError} when it is not in the full form, `SHA256:…`.
 */
export function wordsOfFingerprint(sha256Form: string): string {
  const hash = decodeBase64(
    parseFull(sha256Form).slice(FINGERPRINT_PREFIX.length),
  );
  let bits = "";
  for (const byte of hash) bits += byte.toString(2).padStart(8, "0");
  const words = Array.from({ length: WORDS }, (_, i) => {
    const from = i * BITS_PER_WORD;
    return wordlist[parseInt(bits.slice(from, from + BITS_PER_WORD), 2)]!;
  });
  return words.join("-");
}

/**
 * Reads either form as people pass it on: words in any case, with `-` or spaces between; spaces
 * around, and `=` at the end of base64.
 *
 * @throws {UsageError} saying what is wrong with it.
 */
export function parseFingerprint(text: string): Fingerprint {
  return isFullForm(text)
    ? { form: "sha256", text: parseFull(text) }
    : { form: "words", text: parseWords(text) };
}

/**
 * As {@linkcode parseFingerprint}, of the full form alone: words stand for too little of it.
 *
 * @throws {UsageError}
 */
export function parseFullFingerprint(text: string): string {
  if (isFullForm(text)) return parseFull(text);
  throw fault(text, "give the whole fingerprint, SHA256:…");
}

/** A fingerprint in its full form, `SHA256:…` without padding; `undefined` for anything else. */
export function fullFingerprint(text: string): string | undefined {
  try {
    return parseFull(text);
  } catch {
    return undefined;
  }
}

function isFullForm(text: string): boolean {
  return /^\s*sha256:/i.test(text);
}

function parseFull(text: string): string {
  const trimmed = text.trim();
  const base64 = trimmed.slice(FINGERPRINT_PREFIX.length).replace(/=$/, "");
  if (
    trimmed.slice(0, FINGERPRINT_PREFIX.length).toUpperCase() !==
      FINGERPRINT_PREFIX
  ) {
    throw fault(
      text,
      `it is not ${FINGERPRINT_PREFIX} and ${BASE64_CHARS} characters`,
    );
  }
  const wrong = base64.match(/[^A-Za-z0-9+/]/u)?.[0];
  if (wrong !== undefined) throw fault(text, `${quote(wrong)} is not base64`);
  if (base64.length !== BASE64_CHARS) {
    throw fault(
      text,
      `after ${FINGERPRINT_PREFIX} are ${base64.length} characters, there must be ${BASE64_CHARS}`,
    );
  }
  // 43 characters are 258 bits, of which the last two are always zero: another ending is a slip.
  if (!/[AEIMQUYcgkosw048]$/.test(base64)) {
    throw fault(text, `no fingerprint ends in ${quote(base64.slice(-1))}`);
  }
  return FINGERPRINT_PREFIX + base64;
}

function parseWords(text: string): string {
  const words = text.trim().toLowerCase().split(/[\s-]+/);
  if (words.length === 1) {
    throw fault(
      text,
      `a fingerprint is ${FINGERPRINT_PREFIX} and ${BASE64_CHARS} characters, or ${WORDS} words joined by "-"`,
    );
  }
  const unknown = words.find((word) => !wordlist.includes(word));
  if (unknown !== undefined) {
    const meant = nearest(unknown, wordlist);
    throw fault(
      text,
      `${quote(unknown)} is not in the word list` +
        (meant === undefined ? "" : `, did you mean "${meant}"?`),
    );
  }
  if (words.length !== WORDS) {
    throw fault(text, `it has ${words.length} words, there must be ${WORDS}`);
  }
  return words.join("-");
}

function fault(text: string, reason: string): UsageError {
  return new UsageError(`fingerprint ${quote(text)}: ${reason}`);
}

function quote(text: string): string {
  const clean = cleanLine(text.toWellFormed().trim());
  return clean.length <= QUOTED_CHARS
    ? `"${clean}"`
    : `"${clean.slice(0, QUOTED_CHARS)}…"`;
}
