/** AES-256-GCM as Noise calls it: ENCRYPT and DECRYPT under one key (Noise, section 12.3). */
import { ChannelError } from "../base/errors.ts";

export type MaybePromise<T> = T | Promise<T>;

/** Length of a key and of the tag, in bytes. */
export const KEY_BYTES = 32;
export const TAG_BYTES = 16;

/** One key. A `nonce` has 12 bytes; both functions leave their arguments as they are. */
export interface Aead {
  /** Ciphertext and tag. */
  seal(
    nonce: Uint8Array<ArrayBuffer>,
    ad: Uint8Array<ArrayBuffer>,
    plaintext: Uint8Array,
  ): MaybePromise<Uint8Array>;

  /**
   * The plaintext of `sealed`, which ends with its tag.
   *
   * @throws {ChannelError} (or rejects with it) when anything is wrong; which thing is not said.
   */
  open(
    nonce: Uint8Array<ArrayBuffer>,
    ad: Uint8Array<ArrayBuffer>,
    sealed: Uint8Array,
  ): MaybePromise<Uint8Array>;
}

/** Makes the cipher of a key of 32 bytes. */
export type AeadFactory = (key: Uint8Array<ArrayBuffer>) => Aead;

/** AES-GCM of `crypto.subtle`: for the handshake, and for records where nothing faster is there. */
export const subtleAead: AeadFactory = (key) => {
  const imported = crypto.subtle.importKey("raw", key, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  return {
    async seal(nonce, ad, plaintext) {
      const algorithm = { name: "AES-GCM", iv: nonce, additionalData: ad };
      return new Uint8Array(
        await crypto.subtle.encrypt(
          algorithm,
          await imported,
          plaintext as Uint8Array<ArrayBuffer>,
        ),
      );
    },
    async open(nonce, ad, sealed) {
      try {
        const algorithm = { name: "AES-GCM", iv: nonce, additionalData: ad };
        return new Uint8Array(
          await crypto.subtle.decrypt(
            algorithm,
            await imported,
            sealed as Uint8Array<ArrayBuffer>,
          ),
        );
      } catch {
        throw new ChannelError();
      }
    },
  };
};
