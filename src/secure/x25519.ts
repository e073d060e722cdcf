/** X25519 (RFC 7748) from `crypto.subtle`: key pairs, and the function that Noise calls DH. */
import { ChannelError } from "../base/errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

/** Length of keys and of a shared secret, in bytes (Noise: DHLEN). */
export const DH_BYTES = 32;

export interface KeyPair {
  /** Usable for `deriveBits`. */
  readonly privateKey: CryptoKey;
  /** 32 bytes. */
  readonly publicKey: Bytes;
}

const { subtle } = crypto;
const ALGORITHM = { name: "X25519" } as const;
const USES: KeyUsage[] = ["deriveBits"];
const BASE_POINT = new Uint8Array(DH_BYTES).fill(9, 0, 1);

/** Makes a new key pair, which cannot be taken out again (Noise: GENERATE_KEYPAIR). */
export async function generateKeyPair(): Promise<KeyPair> {
  const pair = await subtle.generateKey(ALGORITHM, false, USES);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const raw = await subtle.exportKey("raw", publicKey);
  return { privateKey, publicKey: new Uint8Array(raw) };
}

/**
 * Takes a private key as RFC 8410's PKCS #8.
 *
 * @throws {DOMException} when it is not an X25519 key in that form.
 */
export async function importPrivateKey(pkcs8: Bytes): Promise<KeyPair> {
  const privateKey = await subtle.importKey(
    "pkcs8",
    pkcs8,
    ALGORITHM,
    false,
    USES,
  );
  return { privateKey, publicKey: await dh(privateKey, BASE_POINT) };
}

/** What stands before the 32 bytes of a private key in RFC 8410's PKCS #8. */
const PKCS8_HEAD = Uint8Array.of(
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65],
  ...[0x6e, 0x04, 0x22, 0x04, 0x20],
);

/** RFC 8410's PKCS #8 of a private key of 32 bytes. */
export function pkcs8Of(secret: Bytes): Bytes {
  const bytes = new Uint8Array(PKCS8_HEAD.length + DH_BYTES);
  bytes.set(PKCS8_HEAD);
  bytes.set(secret, PKCS8_HEAD.length);
  return bytes;
}

/** The key pair of a private key of 32 bytes. */
export async function keyPairOf(secret: Bytes): Promise<KeyPair> {
  const pkcs8 = pkcs8Of(secret);
  try {
    return await importPrivateKey(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * The shared secret of a private key and the other side's public key, 32 bytes (Noise: DH).
 *
 * @throws {ChannelError} when the result would be all zero: the public key is of low order, and the
 * secret known to all.
 */
export async function dh(
  privateKey: CryptoKey,
  publicKey: Bytes,
): Promise<Bytes> {
  // Deno 2.6 ends the process at a key of another length.
  if (publicKey.length !== DH_BYTES) throw new ChannelError();
  try {
    const key = await subtle.importKey("raw", publicKey, ALGORITHM, false, []);
    const algorithm = { ...ALGORITHM, public: key };
    const bits = await subtle.deriveBits(algorithm, privateKey, DH_BYTES * 8);
    return new Uint8Array(bits);
  } catch {
    throw new ChannelError();
  }
}
