/** X25519 (RFC 7748) from `crypto.subtle`: key pairs, and the function that Noise calls DH. */
import { ChannelError } from "../base/errors.ts";

/** Length of keys and of a shared secret, in bytes (Noise: DHLEN). */
export const DH_BYTES = 32;

export interface KeyPair {
  /** Usable for `deriveBits`. */
  readonly privateKey: CryptoKey;
  /** 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

const ALGORITHM = { name: "X25519" } as const;
const BASE_POINT = new Uint8Array(DH_BYTES);
BASE_POINT[0] = 9;

/** The DER that stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Uint8Array.from(
  [
    0x30,
    0x2e,
    0x02,
    0x01,
    0x00,
    0x30,
    0x05,
    0x06,
    0x03,
    0x2b,
    0x65,
    0x6e,
    0x04,
    0x22,
    0x04,
    0x20,
  ],
);

/** Makes a new key pair (Noise: GENERATE_KEYPAIR). `extractable` lets {@linkcode exportPrivateKey} read it back. */
export async function generateKeyPair(
  options: { extractable?: boolean } = {},
): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey(
    ALGORITHM,
    options.extractable ?? false,
    ["deriveBits"],
  ) as CryptoKeyPair;
  return {
    privateKey: pair.privateKey,
    publicKey: new Uint8Array(
      await crypto.subtle.exportKey("raw", pair.publicKey),
    ),
  };
}

/**
 * Takes a private key as RFC 8410's PKCS #8.
 *
 * @throws {DOMException} when it is not an X25519 key in that form.
 */
export async function importPrivateKey(
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<KeyPair> {
  const privateKey = await crypto.subtle.importKey(
    "pkcs8",
    pkcs8,
    ALGORITHM,
    false,
    ["deriveBits"],
  );
  return { privateKey, publicKey: await dh(privateKey, BASE_POINT) };
}

/** The private key of an extractable pair, as PKCS #8 (48 bytes). */
export async function exportPrivateKey(
  pair: KeyPair,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await crypto.subtle.exportKey("pkcs8", pair.privateKey),
  );
}

/** Wraps the 32 bytes of a private key as PKCS #8. */
export function pkcs8OfRaw(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const pkcs8 = new Uint8Array(PKCS8_PREFIX.length + DH_BYTES);
  pkcs8.set(PKCS8_PREFIX);
  pkcs8.set(raw, PKCS8_PREFIX.length);
  return pkcs8;
}

/**
 * The shared secret of a private key and the other side's public key, 32 bytes (Noise, section 12.1).
 *
 * @throws {ChannelError} when the result would be all zero: the public key is of low order, and the secret known to all.
 */
export async function dh(
  privateKey: CryptoKey,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const key = await crypto.subtle.importKey(
      "raw",
      publicKey,
      ALGORITHM,
      false,
      [],
    );
    const bits = await crypto.subtle.deriveBits(
      { name: "X25519", public: key },
      privateKey,
      DH_BYTES * 8,
    );
    return new Uint8Array(bits);
  } catch {
    throw new ChannelError();
  }
}
