/** AES-256-GCM as Noise calls it: ENCRYPT and DECRYPT under one key (Noise, section 12.3). */
import { ChannelError } from "../base/errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;
export type MaybePromise<T> = T | Promise<T>;

/** Length of a key and of the tag, in bytes. */
export const KEY_BYTES = 32;
export const TAG_BYTES = 16;

/** A `nonce` has 12 bytes; the arguments stay as they are. */
type Crypt = (
  nonce: Bytes,
  ad: Bytes,
  text: Uint8Array,
) => MaybePromise<Uint8Array>;

/** One key. */
export interface Aead {
  /** Ciphertext and tag of a plaintext. */
  readonly seal: Crypt;
  /**
   * The plaintext of what ends with its tag.
   *
   * @throws {ChannelError} (or rejects with it) when anything is wrong; which thing is not said.
   */
  readonly open: Crypt;
}

/** Makes the cipher of a key of 32 bytes. */
export type AeadFactory = (key: Bytes) => Aead;

/** AES-GCM of `crypto.subtle`: for the handshake, and for records where nothing faster is there. */
export const subtleAead: AeadFactory = (key) => {
  const { subtle } = crypto;
  const uses: KeyUsage[] = ["encrypt", "decrypt"];
  const imported = subtle.importKey("raw", key, "AES-GCM", false, uses);
  const crypt = async (
    does: "encrypt" | "decrypt",
    ...[iv, additionalData, text]: Parameters<Crypt>
  ) => {
    const params = { name: "AES-GCM", iv, additionalData };
    return new Uint8Array(
      await subtle[does](params, await imported, text as Bytes),
    );
  };
  return {
    seal: (...args) => crypt("encrypt", ...args),
    open: (...args) =>
      crypt("decrypt", ...args).catch(() => {
        throw new ChannelError();
      }),
  };
};
