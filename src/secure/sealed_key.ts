/**
 * A private key sealed by a passphrase, as text: the file of a sealed identity, and what is carried
 * from one machine to another. `docs/protocol.md` has the format; a page reads and writes it, too.
 */
import { scryptAsync } from "@noble/hashes/scrypt";
import { sha256 } from "@noble/hashes/sha2";
import { concat } from "@std/bytes/concat";
import { decodeBase64, encodeBase64 } from "../base/base64.ts";
import { ChannelError, ConfabError } from "../base/errors.ts";
import { CipherKey, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from "./cipher.ts";
import { type Bytes, DH_BYTES, type KeyPair, keyPairOf } from "./x25519.ts";

/** A sealed key that was read, and not opened. */
export interface SealedKey {
  /** 32 bytes, in the clear: whose key it is can be told without the passphrase. */
  readonly publicKey: Bytes;
  /** All of it. */
  readonly bytes: Bytes;
}

/** A key, and the 32 bytes of its private part: whoever gets them overwrites them. */
export interface OpenedKey {
  readonly pair: KeyPair;
  readonly secret: Bytes;
}

/** The cost of one guess at a passphrase (RFC 7914): memory 128 · r · 2^logN bytes. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB, and about half a second of a processor of today. */
const COST: ScryptCost = { logN: 17, r: 8, p: 1 };
/** Of what is read: somebody else may have written it. */
const MOST: ScryptCost = { logN: 20, r: 32, p: 4 };
const MEMORY_MAX_BYTES = 256 * 1_024 * 1_024;

const VERSION = 1;
const SALT_BYTES = 16;
const CHECK_BYTES = 8;
/** Version, cost, salt and public key: what is sealed with the key. */
const HEAD_BYTES = 4 + SALT_BYTES + DH_BYTES;
const BODY_BYTES = HEAD_BYTES + DH_BYTES + TAG_BYTES;
/** The key that seals is used once, as its salt is. */
const NONCE = new Uint8Array(NONCE_BYTES);

const LABEL = "CONFAB SEALED KEY";
const BEGIN = `-----BEGIN ${LABEL}-----`;
const END = `-----END ${LABEL}-----`;
const LINES = /.{1,64}/g;

/** Whether a text holds a sealed key, perhaps a damaged one. */
export function isSealedKey(text: string): boolean {
  return text.includes(BEGIN);
}

/** Is told how far a derivation is, from 0 to 1. */
export type OnProgress = (done: number) => void;

/**
 * Seals a private key of 32 bytes: an armoured block of text, with a line feed at its end. What
 * else the thread does goes on meanwhile.
 *
 * @throws {RangeError} when the passphrase is empty.
 */
export async function sealKey(
  secret: Bytes,
  passphrase: string,
  { logN, r, p }: ScryptCost = COST,
  onProgress?: OnProgress,
): Promise<string> {
  if (passphrase === "") throw new RangeError("sealing a key: no passphrase");
  const { publicKey } = await keyPairOf(secret);
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const head = concat([Uint8Array.of(VERSION, logN, r, p), salt, publicKey]);
  const key = await derive(passphrase, head, onProgress);
  const sealed = key.seal(NONCE, head, secret);
  key.wipe();
  const body = concat([head, sealed]);
  return sealedText(concat([body, checkOf(body)]));
}

/** All bytes of a sealed key as an armoured block of text, with a line feed at its end. */
export function sealedText(bytes: Bytes): string {
  const lines = encodeBase64(bytes).match(LINES)!;
  return [BEGIN, ...lines, END, ""].join("\n");
}

/**
 * Reads the one sealed key that a text holds, whatever stands around it.
 *
 * @throws {ConfabError} `key-file`, saying what is wrong with it: it is damaged, it is of a later
 * version, or it would cost too much to open.
 */
export function readSealedKey(text: string): SealedKey {
  const bytes = bytesOf(text);
  // In any version the first byte says which, and the last ones check all that stands before.
  const body = bytes?.subarray(0, -CHECK_BYTES);
  const check = bytes?.subarray(-CHECK_BYTES);
  if (bytes === undefined || !isSame(check!, checkOf(body!))) throw damaged();
  if (bytes[0]! > VERSION) {
    throw fault("is sealed in the way of a later confab; use that");
  }
  if (bytes[0] !== VERSION || body!.length !== BODY_BYTES) throw damaged();
  const { logN, r, p } = costOf(bytes);
  const isWithin = [logN, r, p].every((part) => part > 0) &&
    logN <= MOST.logN && r <= MOST.r && p <= MOST.p &&
    128 * r * 2 ** logN <= MEMORY_MAX_BYTES;
  if (!isWithin) throw fault("would take too much memory or time to open");
  const publicKey = bytes.slice(HEAD_BYTES - DH_BYTES, HEAD_BYTES);
  return { publicKey, bytes };
}

/**
 * Opens a sealed key. A damage was found before, so what does not open has another passphrase.
 *
 * @throws {ConfabError} `passphrase` when it is not the right one.
 */
export async function openSealedKey(
  { bytes, publicKey }: SealedKey,
  passphrase: string,
  onProgress?: OnProgress,
): Promise<OpenedKey> {
  const head = bytes.subarray(0, HEAD_BYTES);
  const key = await derive(passphrase, head, onProgress);
  try {
    const opened = key.open(
      NONCE,
      head,
      bytes.subarray(HEAD_BYTES, BODY_BYTES),
    );
    const secret = opened.slice();
    opened.fill(0);
    const pair = await keyPairOf(secret);
    // Whoever sealed it may have lied about whose it is.
    if (!isSame(pair.publicKey, publicKey)) {
      throw fault("names another key than it holds");
    }
    return { pair, secret };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new ConfabError("passphrase", "that is not the passphrase");
  } finally {
    key.wipe();
  }
}

/** Scrypt of the passphrase in NFKC, as UTF-8. */
async function derive(
  passphrase: string,
  head: Bytes,
  onProgress?: OnProgress,
): Promise<CipherKey> {
  const { logN, r, p } = costOf(head);
  const salt = head.subarray(4, 4 + SALT_BYTES);
  const cost = { N: 2 ** logN, r, p, dkLen: KEY_BYTES };
  const options = onProgress === undefined ? cost : { ...cost, onProgress };
  const bytes = await scryptAsync(passphrase.normalize("NFKC"), salt, options);
  const key = new CipherKey(bytes);
  bytes.fill(0);
  return key;
}

function costOf(head: Bytes): ScryptCost {
  return { logN: head[1]!, r: head[2]!, p: head[3]! };
}

function checkOf(body: Bytes): Bytes {
  return sha256(body).slice(0, CHECK_BYTES);
}

/** What stands between the lines of a block; `undefined` when there is not just one. */
function bytesOf(text: string): Bytes | undefined {
  const [, rest, more] = text.split(BEGIN);
  const parts = rest?.split(END);
  if (more !== undefined || parts?.length !== 2) return undefined;
  try {
    return decodeBase64(parts[0]!.replace(/\s/g, ""));
  } catch {
    return undefined;
  }
}

/** For what is no secret. */
function isSame(one: Bytes, other: Bytes): boolean {
  return encodeBase64(one) === encodeBase64(other);
}

function damaged(): ConfabError {
  return fault("is damaged; restore it from a copy");
}

function fault(reason: string): ConfabError {
  return new ConfabError("key-file", reason);
}
