/**
 * The identity file: a static key as PEM `PRIVATE KEY` (RFC 7468) with X25519's PKCS #8 (RFC 8410)
 * inside, which openssl reads and writes.
 */
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { ConfabError, describeError } from "../base/errors.ts";
import { importPrivateKey, type KeyPair } from "../secure/x25519.ts";
import {
  createPrivateFile,
  keyFileFault,
  readPrivateFile,
} from "./private_file.ts";

/** All of a file: what stands around the key, or a second one, is not passed over. */
const PEM = /^-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----$/;

/**
 * The key pair of an identity file.
 *
 * @throws {ConfabError} `key-file`, naming the path and what to do; its `cause` is
 * `Deno.errors.NotFound` when there is no such file.
 */
export async function loadIdentity(path: string): Promise<KeyPair> {
  const key = keyOfPem(path, await readText(path));
  try {
    const pkcs8 = key.export({ type: "pkcs8", format: "der" });
    return await importPrivateKey(new Uint8Array(pkcs8));
  } catch {
    throw damaged(path);
  }
}

/**
 * The key pair of an identity file, which is made when there is none. Processes that make it at
 * once end with the same key.
 *
 * @throws {ConfabError} as {@linkcode loadIdentity}: a file that is there is never replaced.
 */
export async function loadOrCreateIdentity(path: string): Promise<KeyPair> {
  try {
    return await loadIdentity(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const { privateKey } = generateKeyPairSync("x25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  await createPrivateFile(path, pem as string).catch((cause) => {
    const what = "a new key cannot be stored there";
    throw keyFileFault(path, `${what}: ${describeError(cause)}`, cause);
  });
  // Even what was just made is read: another process may have been first.
  return await loadIdentity(path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readPrivateFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw keyFileFault(
      path,
      `there is no such key file; check the path, or make one: openssl genpkey -algorithm X25519 -out ${path}`,
      (error as Error).cause,
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ConfabError &&
    error.cause instanceof Deno.errors.NotFound;
}

function keyOfPem(path: string, text: string) {
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
  if (kind === "x25519") return key;
  const name = String(kind).toUpperCase().replace(/^ED/, "Ed");
  throw otherKind(path, `a key for ${name}`);
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
