// X25519 keys and the two ways to show whose they are.

import { Buffer } from "node:buffer";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { wordlist } from "@scure/bip39/wordlists/english";

const PKCS8_X25519 = "302e020100300506032b656e04220420";
const WORDS = 8;
const WORD_BITS = 11;

/** An X25519 key. The test of a hostile one puts its own `dh` in. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  dh(publicKey: Uint8Array): Uint8Array;
}

export function generateKey(): KeyPair {
  return fromPrivate(generateKeyPairSync("x25519").privateKey);
}

/** A key of its 32 private bytes. */
export function keyFromPrivateBytes(bytes: Uint8Array): KeyPair {
  const key = Buffer.concat([Buffer.from(PKCS8_X25519, "hex"), bytes]);
  return fromPrivate(createPrivateKey({ key, format: "der", type: "pkcs8" }));
}

function fromPrivate(privateKey: KeyObject): KeyPair {
  // Deno's types know no KeyObject as the argument here, its runtime does.
  const own = createPublicKey(privateKey as unknown as Buffer);
  const { x } = own.export({ format: "jwk" }) as { x: string };
  return {
    publicKey: new Uint8Array(Buffer.from(x, "base64url")),
    dh(publicKey) {
      const x = Buffer.from(publicKey).toString("base64url");
      const key = { kty: "OKP", crv: "X25519", x };
      return diffieHellman({
        privateKey,
        publicKey: createPublicKey({ key, format: "jwk" }),
      });
    },
  };
}

function keyHash(publicKey: Uint8Array): Uint8Array {
  return createHash("sha256").update(publicKey).digest();
}

/** `SHA256:` and the unpadded base64 of the key's SHA-256. */
export function fingerprint(publicKey: Uint8Array): string {
  const base64 = Buffer.from(keyHash(publicKey)).toString("base64");
  return `SHA256:${base64.replace(/=+$/, "")}`;
}

/** The first 88 bits of the hash that a fingerprint shows, as 8 words joined by `-`. */
export function fingerprintWords(shown: string): string {
  const hash = Buffer.from(shown.replace(/^SHA256:/, ""), "base64");
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  const words: string[] = [];
  for (let i = 0; i < WORDS; i++) {
    const index = bits.slice(i * WORD_BITS, (i + 1) * WORD_BITS);
    words.push(wordlist[parseInt(index, 2)] as string);
  }
  return words.join("-");
}
