/** One's own key in the browser: it can be used there, and not be taken out. */
import {
  type Bytes,
  DH_BYTES,
  type KeyPair,
  keyPairOf,
} from "../../secure/x25519.ts";
import type { Values } from "./database.ts";

const NAME = "identity";
/** Held by the tab that makes a key, and asked for by all that look whether there is one. */
const LOCK = "confab identity";

/** A key that was just made, and its 32 secret bytes while it can still be exported. */
export interface NewIdentity {
  readonly pair: KeyPair;
  /** Whoever gets them overwrites them. */
  readonly secret: Bytes;
}

/** One's own key, and the secret of one that was made for this. */
export interface OwnIdentity {
  readonly pair: KeyPair;
  readonly secret?: Bytes;
  /** Whether it is there at the next visit: some browsers keep no keys in private windows. */
  readonly isKept: boolean;
}

export async function loadIdentity(
  values: Values,
): Promise<KeyPair | undefined> {
  const stored = await values.get(NAME) as KeyPair | undefined;
  return stored?.privateKey instanceof CryptoKey ? stored : undefined;
}

/** The key of this browser; where there is none yet it is made, once however many tabs ask. */
export function loadOrMakeIdentity(values: Values): Promise<OwnIdentity> {
  return alone(async () => {
    const stored = await loadIdentity(values);
    if (stored !== undefined) return { pair: stored, isKept: values.isKept };
    const made = await makeIdentity();
    const isStored = await store(values, made.pair)
      .then(() => true, () => false);
    return { ...made, isKept: isStored && values.isKept };
  });
}

/**
 * Keeps a key in the place of the one before, also of one that another tab is about to make.
 *
 * @throws {DOMException} where the browser does not keep it.
 */
export function storeIdentity(values: Values, pair: KeyPair): Promise<void> {
  return alone(() => store(values, pair));
}

async function store(
  values: Values,
  { privateKey, publicKey }: KeyPair,
): Promise<void> {
  await values.set(NAME, { privateKey, publicKey });
  // The browser is not to throw it away when space is short. It may ask the person: nobody waits.
  navigator.storage?.persist?.().catch(() => false);
}

async function makeIdentity(): Promise<NewIdentity> {
  const secret = crypto.getRandomValues(new Uint8Array(DH_BYTES));
  return { pair: await keyPairOf(secret), secret };
}

/** One tab after the other, where the browser can. */
async function alone<Result>(run: () => Promise<Result>): Promise<Result> {
  const { locks } = navigator;
  return await (locks === undefined ? run() : locks.request(LOCK, run));
}
