/** The identity file: a static key as PEM `PRIVATE KEY` (RFC 7468) with X25519's PKCS #8 (RFC 8410) inside, which openssl reads and writes. */
import { ConfabError, describeError } from "../base/errors.ts";
import { createPrivateFile, readPrivateFile } from "./private_file.ts";
import {
  DH_BYTES,
  exportPrivateKey,
  generateKeyPair,
  importPrivateKey,
  type KeyPair,
  pkcs8OfRaw,
} from "../secure/x25519.ts";

const LABEL = "PRIVATE KEY";
const PEM =
  /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----$/;

/** What people may have at hand instead, by the object identifier in hexadecimal. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ["2b656e", "X25519"],
  ["2b656f", "X448"],
  ["2b6570", "Ed25519"],
  ["2b6571", "Ed448"],
  ["2a8648ce3d0201", "EC"],
  ["2a864886f70d010101", "RSA"],
]);

/**
 * The key pair of an identity file.
 *
 * @throws {ConfabError} `key-file`, naming the path and what to do; its `cause` is `Deno.errors.NotFound` when there is no such file.
 */
export async function loadIdentity(path: string): Promise<KeyPair> {
  const pkcs8 = pkcs8OfPem(path, await readText(path));
  try {
    return await importPrivateKey(pkcs8);
  } catch {
    throw damaged(path);
  }
}

/**
 * The key pair of an identity file, which is made when there is none. Processes that make it at once end with the same key.
 *
 * @throws {ConfabError} `key-file` as {@linkcode loadIdentity}: a file that is there is never replaced.
 */
export async function loadOrCreateIdentity(
  path: string,
): Promise<{ pair: KeyPair; created: boolean }> {
  try {
    return { pair: await loadIdentity(path), created: false };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const fresh = await generateKeyPair({ extractable: true });
  const pem = pemOfPkcs8(await exportPrivateKey(fresh));
  const created = await create(path, pem);
  // Read back even what was just written: another process may have been first, and this copy cannot be exported.
  return { pair: await loadIdentity(path), created };
}

async function create(path: string, pem: string): Promise<boolean> {
  try {
    return await createPrivateFile(path, pem);
  } catch (cause) {
    throw new ConfabError(
      "key-file",
      `${path}: a new key cannot be stored there: ${describeError(cause)}`,
      { cause },
    );
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readPrivateFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new ConfabError(
      "key-file",
      `${path}: there is no such key file; check the path, or make one: openssl genpkey -algorithm X25519 -out ${path}`,
      { cause: (error as Error).cause },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ConfabError &&
    error.cause instanceof Deno.errors.NotFound;
}

/** 48 bytes make 64 characters, so the body is one line. */
function pemOfPkcs8(pkcs8: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...pkcs8));
  return `-----BEGIN ${LABEL}-----\n${base64}\n-----END ${LABEL}-----\n`;
}

function pkcs8OfPem(path: string, text: string): Uint8Array<ArrayBuffer> {
  const [, label, body] = text.trim().match(PEM) ?? [];
  if (label === undefined || body === undefined) throw damaged(path);
  if (label !== LABEL) throw otherKind(path, `"${label}"`);
  let der: Uint8Array<ArrayBuffer>;
  try {
    der = Uint8Array.from(
      atob(body.replace(/[\r\n]/g, "")),
      (char) => char.charCodeAt(0),
    );
  } catch {
    throw damaged(path);
  }
  const algorithm = algorithmOf(der);
  if (algorithm === undefined) throw damaged(path);
  if (algorithm !== "X25519") throw otherKind(path, `a key for ${algorithm}`);
  const expected = pkcs8OfRaw(der.slice(-DH_BYTES));
  if (hexOf(der) !== hexOf(expected)) throw damaged(path);
  return der;
}

/** The algorithm of `SEQUENCE { version INTEGER, SEQUENCE { OBJECT IDENTIFIER, … }, … }` in DER, if the bytes are that. */
function algorithmOf(der: Uint8Array): string | undefined {
  const outer = readHeader(der, 0, 0x30);
  if (outer?.end !== der.length) return undefined;
  const version = readHeader(der, outer.start, 0x02);
  if (version === undefined) return undefined;
  const algorithm = readHeader(der, version.end, 0x30);
  if (algorithm === undefined) return undefined;
  const identifier = readHeader(der, algorithm.start, 0x06);
  if (identifier === undefined) return undefined;
  const hex = hexOf(der.subarray(identifier.start, identifier.end));
  return ALGORITHMS.get(hex) ?? "another algorithm";
}

/** Where the content of a DER element with this tag begins and ends; lengths of at most two bytes, as keys have. */
function readHeader(
  der: Uint8Array,
  at: number,
  tag: number,
): { start: number; end: number } | undefined {
  if (der[at] !== tag) return undefined;
  const first = der[at + 1] ?? 0xff;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (lengthBytes > 2) return undefined;
  const start = at + 2 + lengthBytes;
  let length = lengthBytes === 0 ? first : 0;
  for (const byte of der.subarray(at + 2, start)) length = length * 256 + byte;
  return start + length <= der.length
    ? { start, end: start + length }
    : undefined;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function damaged(path: string): ConfabError {
  return new ConfabError(
    "key-file",
    `${path}: is damaged, or no X25519 key as openssl writes it; restore it from a copy, or move it away for a new key`,
  );
}

function otherKind(path: string, found: string): ConfabError {
  return new ConfabError(
    "key-file",
    `${path}: holds ${found}, not an X25519 private key; name another file, or move it away for a new key`,
  );
}
