/** Changes how an identity is kept, and carries it to another machine. */
import { ConfabError } from "../base/errors.ts";
import { fingerprint } from "../secure/fingerprint.ts";
import { isSealedKey, sealedText, sealKey } from "../secure/sealed_key.ts";
import type { Bytes } from "../secure/x25519.ts";
import { isMissing, readOrCreate } from "./identity_file.ts";
import {
  keyFileOf,
  openKeyFile,
  type Passphrases,
  pemOf,
  publicKeyOf,
  sealedKeyOf,
} from "./key_file.ts";
import {
  createPrivateFile,
  keyFileFault,
  readPrivateFile,
  replacePrivateFile,
} from "./private_file.ts";

/** Old keys that are kept beside a new one. */
const KEPT_MAX = 100;

/**
 * Seals an identity by another passphrase, or by none where `choose` gives an empty one. What the
 * file was before is overwritten.
 *
 * @throws {ConfabError} what reading and opening it throws.
 */
export async function changePassphrase(
  path: string,
  passphrases: Passphrases,
  choose: (kind: "open" | "sealed") => string | Promise<string>,
): Promise<"sealed" | "open"> {
  const file = await readOrCreate(path);
  const { secret } = await openKeyFile(path, file, passphrases);
  try {
    const chosen = await choose(file.kind);
    const text = chosen === "" ? pemOf(secret) : await sealKey(secret, chosen);
    await replacePrivateFile(path, text);
    return chosen === "" ? "open" : "sealed";
  } finally {
    secret.fill(0);
  }
}

/**
 * An identity as text that may be carried: sealed by its own passphrase, or by what `choose` gives
 * where it has none.
 *
 * @throws {ConfabError} what reading and opening it throws; `passphrase` when an empty one is chosen.
 */
export async function exportIdentity(
  path: string,
  passphrases: Passphrases,
  choose: () => string | Promise<string>,
): Promise<string> {
  const file = await readOrCreate(path);
  // Also one that is sealed is opened: a passphrase that was forgotten is better missed now.
  const { secret } = await openKeyFile(path, file, passphrases);
  try {
    if (file.kind === "sealed") return sealedText(file.sealed.bytes);
    const chosen = await choose();
    if (chosen !== "") return await sealKey(secret, chosen);
  } finally {
    secret.fill(0);
  }
  const why = "an export is always sealed: it needs a passphrase";
  throw new ConfabError("passphrase", why);
}

/** What has become of an identity that was imported. */
export interface Imported {
  readonly publicKey: Bytes;
  /** Where the key is now that was there before. */
  readonly kept?: string;
  /** It was there already, and stays as it is. */
  readonly isKnown: boolean;
}

/**
 * Makes an export the identity at `path`, sealed as it is; `from` names the export in errors.
 *
 * @throws {ConfabError} `passphrase` when it does not open; `key-file` when it is no export, or when
 * another key is there that may not be moved away.
 */
export async function importIdentity(
  path: string,
  given: { readonly text: string; readonly from: string },
  passphrases: Passphrases,
  other: "refuse" | "keep",
): Promise<Imported> {
  const { from } = given;
  if (!isSealedKey(given.text)) {
    const what = "is no export of a key, as confab id --export writes it";
    throw keyFileFault(from, what);
  }
  const sealed = sealedKeyOf(from, given.text);
  const text = sealedText(sealed.bytes);
  const opened = await openKeyFile(
    from,
    { kind: "sealed", sealed },
    passphrases,
  );
  opened.secret.fill(0);
  const { publicKey } = opened.pair;
  const before = await readPrivateFile(path).catch((error) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (before === undefined) {
    if (await createPrivateFile(path, text)) {
      return { publicKey, isKnown: false };
    }
    throw keyFileFault(path, "another program has just made a key there");
  }
  const own = await fingerprint(publicKey);
  const there = await printOf(path, before);
  if (there === own) return { publicKey, isKnown: true };
  if (other === "refuse") {
    throw keyFileFault(
      path,
      `there is another key, ${
        there ?? "a damaged one"
      }; --force puts ${own} in its place and keeps it beside`,
    );
  }
  const kept = await keepBeside(path, before);
  await replacePrivateFile(path, text);
  return { publicKey, kept, isKnown: false };
}

async function printOf(
  path: string,
  text: string,
): Promise<string | undefined> {
  try {
    return await fingerprint(publicKeyOf(await keyFileOf(path, text)));
  } catch {
    return undefined;
  }
}

/** Writes what a file held under a name that is free. */
async function keepBeside(path: string, text: string): Promise<string> {
  for (let n = 1; n <= KEPT_MAX; n++) {
    const kept = n === 1 ? `${path}.old` : `${path}.old-${n}`;
    if (await createPrivateFile(kept, text)) return kept;
  }
  throw keyFileFault(path, `there are ${KEPT_MAX} old keys beside it already`);
}
