/**
 * What a file of a private key holds: the key as PEM `PRIVATE KEY` (RFC 7468) with X25519's PKCS #8
 * (RFC 8410) inside, which openssl reads and writes, or the key sealed by a passphrase.
 */
import { createPrivateKey } from "node:crypto";
import { encodeBase64 } from "../base/base64.ts";
import { ConfabError } from "../base/errors.ts";
import {
  isSealedKey,
  type OpenedKey,
  openSealedKey,
  readSealedKey,
  type SealedKey,
} from "../secure/sealed_key.ts";
import { type Bytes, DH_BYTES, keyPairOf, pkcs8Of } from "../secure/x25519.ts";
import { keyFileFault, readPrivateFile } from "./private_file.ts";

/** All of a file: what stands around the key, or a second one, is not passed over. */
const PEM = /^-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----$/;

export type KeyFile =
  | ({ readonly kind: "open" } & OpenedKey)
  | { readonly kind: "sealed"; readonly sealed: SealedKey };

/** Where the passphrase of a sealed key comes from. */
export interface Passphrases {
  /** How often it may be asked for. */
  readonly tries: number;
  /**
   * The passphrase of what `what` names, after `failed` wrong ones; `undefined` gives up.
   *
   * @throws {ConfabError} `passphrase` where nobody can be asked.
   */
  ask(
    what: string,
    failed: number,
  ): string | undefined | Promise<string | undefined>;
}

/**
 * Reads a key file.
 *
 * @throws {ConfabError} `key-file`, naming the path and what to do; its `cause` is
 * `Deno.errors.NotFound` when there is no such file.
 */
export async function readKeyFile(path: string): Promise<KeyFile> {
  return await keyFileOf(path, await readPrivateFile(path));
}

/**
 * What the text of a key file holds; `path` is for errors.
 *
 * @throws {ConfabError} as {@linkcode readKeyFile}.
 */
export async function keyFileOf(path: string, text: string): Promise<KeyFile> {
  if (isSealedKey(text)) {
    return { kind: "sealed", sealed: sealedKeyOf(path, text) };
  }
  const secret = secretOfPem(path, text);
  try {
    return { kind: "open", secret, pair: await keyPairOf(secret) };
  } catch {
    throw damaged(path);
  }
}

/**
 * The sealed key in a text that `path` names.
 *
 * @throws {ConfabError} `key-file`.
 */
export function sealedKeyOf(path: string, text: string): SealedKey {
  try {
    return readSealedKey(text);
  } catch (error) {
    throw keyFileFault(path, (error as ConfabError).message, error);
  }
}

/** The public key, 32 bytes, for which no passphrase is needed. */
export function publicKeyOf(file: KeyFile): Bytes {
  return file.kind === "open" ? file.pair.publicKey : file.sealed.publicKey;
}

/**
 * The key of a file, its passphrase asked for where it has one.
 *
 * @throws {ConfabError} `passphrase` when it is not given; `key-file` when nobody may be asked.
 */
export async function openKeyFile(
  path: string,
  file: KeyFile,
  passphrases: Passphrases | undefined,
): Promise<OpenedKey> {
  if (file.kind === "open") return file;
  if (passphrases === undefined) {
    throw keyFileFault(
      path,
      `is sealed by a passphrase, and must open by itself; take it off: confab id --passphrase --identity ${path}`,
    );
  }
  for (let failed = 0; failed < passphrases.tries; failed++) {
    const passphrase = await passphrases.ask(path, failed);
    if (passphrase === undefined) break;
    try {
      return await openSealedKey(file.sealed, passphrase);
    } catch (error) {
      const { code } = error as ConfabError;
      if (code === "key-file") {
        throw keyFileFault(path, (error as Error).message, error);
      }
      if (code !== "passphrase") throw error;
    }
  }
  const what = "the file is whole, but that was not its passphrase";
  throw new ConfabError("passphrase", `${path}: ${what}`);
}

/** A private key of 32 bytes as openssl writes it, with a line feed at its end. */
export function pemOf(secret: Bytes): string {
  const base64 = encodeBase64(pkcs8Of(secret));
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}

function secretOfPem(path: string, text: string): Bytes {
  const pem = text.trim();
  const label = pem.match(PEM)?.[1];
  if (label === undefined) throw damaged(path);
  if (label !== "PRIVATE KEY") throw otherKind(path, `"${label}"`);
  let key: ReturnType<typeof createPrivateKey>;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Deno 2.6 knows no X448; this is how its PKCS #8 begins.
    const isX448 = pem.includes("\nMEYCAQAwBQYDK2Vv");
    throw isX448 ? otherKind(path, "a key for X448") : damaged(path);
  }
  const kind = key.asymmetricKeyType;
  if (kind !== "x25519") {
    const name = String(kind).toUpperCase().replace(/^ED/, "Ed");
    throw otherKind(path, `a key for ${name}`);
  }
  const pkcs8 = new Uint8Array(key.export({ type: "pkcs8", format: "der" }));
  const secret = pkcs8.slice(-DH_BYTES);
  const isUsual = encodeBase64(pkcs8Of(secret)) === encodeBase64(pkcs8);
  if (!isUsual) throw damaged(path);
  return secret;
}

function damaged(path: string): ConfabError {
  return keyFileFault(
    path,
    "is damaged, or no X25519 key as openssl writes it; restore it from a copy, or move it away for a new key",
  );
}

function otherKind(path: string, found: string): ConfabError {
  return keyFileFault(
    path,
    `holds ${found}, not an X25519 private key; name another file, or move it away for a new key`,
  );
}
