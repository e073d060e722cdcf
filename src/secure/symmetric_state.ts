/** SymmetricState of Noise (section 5.2), with SHA-256 and its HKDF. */
import { sha256 } from "@noble/hashes/sha2";
import { CipherState } from "./cipher_state.ts";
import type { Bytes } from "./x25519.ts";

const { subtle } = crypto;
const HASH_BYTES = 32;
const NONE: Bytes = new Uint8Array(0);
const HKDF_USES: KeyUsage[] = ["deriveBits"];

/**
 * Two outputs of 32 bytes from a chaining key and input key material (section 4.3). Noise's HKDF is
 * RFC 5869's with the chaining key as salt and no info, so `crypto.subtle` has it.
 */
export async function hkdf2(
  chainingKey: Bytes,
  inputKeyMaterial: Bytes,
): Promise<[Bytes, Bytes]> {
  const key = await subtle.importKey(
    "raw",
    inputKeyMaterial,
    "HKDF",
    false,
    HKDF_USES,
  );
  const salt = chainingKey;
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info: NONE };
  const bits = new Uint8Array(
    await subtle.deriveBits(algorithm, key, 2 * HASH_BYTES * 8),
  );
  const outputs: [Bytes, Bytes] = [
    bits.slice(0, HASH_BYTES),
    bits.slice(HASH_BYTES),
  ];
  bits.fill(0);
  return outputs;
}

/** The transcript hash, the chaining key, and the key of the moment. */
export class SymmetricState {
  /** h, 32 bytes: never changed in place. */
  h: Bytes;
  #chainingKey: Bytes;
  #cipher: CipherState | undefined;

  /** InitializeSymmetric. A longer name than a hash would be hashed; no pattern here has one. */
  constructor(protocolName: string) {
    this.h = new Uint8Array(HASH_BYTES);
    this.h.set(new TextEncoder().encode(protocolName));
    this.#chainingKey = this.h.slice();
  }

  get hasKey(): boolean {
    return this.#cipher !== undefined;
  }

  /** Takes the key material over: it is overwritten. */
  async mixKey(inputKeyMaterial: Bytes): Promise<void> {
    const [chainingKey, key] = await hkdf2(this.#chainingKey, inputKeyMaterial);
    this.wipe();
    inputKeyMaterial.fill(0);
    this.#chainingKey = chainingKey;
    this.#cipher = new CipherState(key);
  }

  mixHash(data: Uint8Array): void {
    const hash = sha256.create().update(this.h).update(data);
    this.h = new Uint8Array(hash.digest());
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#cipher?.encrypt(this.h, plaintext) ?? plaintext;
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /** @throws {ChannelError} */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.#cipher?.decrypt(this.h, ciphertext) ??
      ciphertext.slice();
    this.mixHash(ciphertext);
    return plaintext;
  }

  /** Split: the initiator's key and the responder's. */
  split(): Promise<[Bytes, Bytes]> {
    return hkdf2(this.#chainingKey, NONE);
  }

  /** Overwrites what is secret. */
  wipe(): void {
    this.#chainingKey.fill(0);
    this.#cipher?.wipe();
  }
}
