/** The identity file: a static key that is read, or made when there is none. */
import { generateKeyPairSync } from "node:crypto";
import { ConfabError, describeError } from "../base/errors.ts";
import type { Bytes, KeyPair } from "../secure/x25519.ts";
import {
  type KeyFile,
  openKeyFile,
  type Passphrases,
  publicKeyOf,
  readKeyFile,
} from "./key_file.ts";
import { createPrivateFile, keyFileFault } from "./private_file.ts";

/**
 * The key pair of an identity file.
 *
 * @throws {ConfabError} `key-file`, naming the path and what to do; its `cause` is
 * `Deno.errors.NotFound` when there is no such file. `passphrase` where it is sealed, and what is
 * given is not the right one.
 */
export async function loadIdentity(
  path: string,
  passphrases?: Passphrases,
): Promise<KeyPair> {
  return await pairOf(path, await readExisting(path), passphrases);
}

/**
 * The key pair of an identity file, which is made when there is none. Processes that make it at
 * once end with the same key.
 *
 * @throws {ConfabError} as {@linkcode loadIdentity}: a file that is there is never replaced.
 */
export async function loadOrCreateIdentity(
  path: string,
  passphrases?: Passphrases,
): Promise<KeyPair> {
  return await pairOf(path, await readOrCreate(path), passphrases);
}

/**
 * The public key of an identity file, 32 bytes, also of a sealed one.
 *
 * @throws {ConfabError} as {@linkcode loadIdentity}.
 */
export async function loadPublicKey(path: string): Promise<Bytes> {
  return publicKeyOf(await readExisting(path));
}

/**
 * What an identity file holds, which is made when there is none.
 *
 * @throws {ConfabError} `key-file`.
 */
export async function readOrCreate(path: string): Promise<KeyFile> {
  try {
    return await readExisting(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await createPrivateFile(path, newPem()).catch((cause) => {
    const what = "a new key cannot be stored there";
    throw keyFileFault(path, `${what}: ${describeError(cause)}`, cause);
  });
  // Even what was just made is read: another process may have been first.
  return await readExisting(path);
}

/** A new key as it is kept. */
export function newPem(): string {
  const { privateKey } = generateKeyPairSync("x25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof ConfabError &&
    error.cause instanceof Deno.errors.NotFound;
}

async function readExisting(path: string): Promise<KeyFile> {
  try {
    return await readKeyFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw keyFileFault(
      path,
      `there is no such key file; check the path, or make one: openssl genpkey -algorithm X25519 -out ${path}`,
      (error as Error).cause,
    );
  }
}

async function pairOf(
  path: string,
  file: KeyFile,
  passphrases: Passphrases | undefined,
): Promise<KeyPair> {
  const { pair, secret } = await openKeyFile(path, file, passphrases);
  secret.fill(0);
  return pair;
}
