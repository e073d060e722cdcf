/** One's own key in the browser: it can be used there, and not be taken out. */
import {
  type Bytes,
  DH_BYTES,
  type KeyPair,
  keyPairOf,
} from "../../secure/x25519.ts";
import type { Database } from "./database.ts";

const NAME = "identity";

/** A key that was just made, and its 32 secret bytes while it can still be exported. */
export interface NewIdentity {
  readonly pair: KeyPair;
  /** Whoever gets them overwrites them. */
  readonly secret: Bytes;
}

export async function loadIdentity(
  database: Database,
): Promise<KeyPair | undefined> {
  const stored = await database.get(NAME) as KeyPair | undefined;
  return stored?.privateKey instanceof CryptoKey ? stored : undefined;
}

/** Keeps a key in the place of the one before. The browser is asked not to throw it away. */
export async function storeIdentity(
  database: Database,
  { privateKey, publicKey }: KeyPair,
): Promise<void> {
  await database.set(NAME, { privateKey, publicKey });
  await navigator.storage?.persist?.().catch(() => false);
}

export async function makeIdentity(): Promise<NewIdentity> {
  const secret = crypto.getRandomValues(new Uint8Array(DH_BYTES));
  return { pair: await keyPairOf(secret), secret };
}
