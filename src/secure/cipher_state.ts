/** CipherState of Noise (section 5.1): a key and its counter. */
import { CipherKey, type Recipient } from "./cipher.ts";
import { NONCE_MAX, nonceOf } from "./nonce.ts";

/**
 * After the handshake, one direction of a connection. Its key stands in the cipher's memory until
 * {@linkcode wipe}, which whoever made it must call.
 */
export class CipherState implements Recipient {
  readonly key: CipherKey;
  #counter = 0;
  #isWiped = false;

  /** Takes a key of 32 bytes over: the caller's copy is overwritten. */
  constructor(key: Uint8Array) {
    this.key = new CipherKey(key);
    key.fill(0);
  }

  /** Messages under this state so far; REKEY does not set it back. */
  get counter(): number {
    return this.#counter;
  }

  /** EncryptWithAd: ciphertext and tag. */
  encrypt(ad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const nonce = nonceOf(this.#counter);
    this.#counter++;
    return this.key.seal(nonce, ad, plaintext);
  }

  /**
   * DecryptWithAd, and what `read` makes of the plaintext. When either fails, the counter stays
   * where it is.
   *
   * @throws {ChannelError}
   */
  decrypt(
    ad: Uint8Array,
    ciphertext: Uint8Array,
    read: (plaintext: Uint8Array) => Uint8Array = (plaintext) => plaintext,
  ): Uint8Array {
    const plaintext = this.key.open(nonceOf(this.#counter), ad, ciphertext);
    const result = read(plaintext);
    this.#counter++;
    return result;
  }

  /** Whether the key is there and the counter may be used. */
  get canSeal(): boolean {
    return !this.#isWiped && this.#counter <= NONCE_MAX;
  }

  /** `sealMany` has used the counter. */
  advance(): void {
    this.#counter++;
  }

  /** REKEY (section 4.2). The counter goes on. */
  rekey(): void {
    this.key.rekey();
  }

  /** Overwrites the key, which is of no use after that. May be called any number of times. */
  wipe(): void {
    this.#isWiped = true;
    this.key.wipe();
  }
}
