/** Key pairs of private keys that are written down. */
import { importPrivateKey, type KeyPair } from "../../src/secure/x25519.ts";

/** What stands before the 32 bytes in PKCS #8 (RFC 8410, section 7): version 0, 1.3.101.110. */
const PKCS8_HEAD = "302e020100300506032b656e04220420";

export function pkcs8Of(privateHex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(PKCS8_HEAD + privateHex);
}

export function keyPairOf(privateHex: string): Promise<KeyPair> {
  return importPrivateKey(pkcs8Of(privateHex));
}
