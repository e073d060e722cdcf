/**
 * The Noise Protocol Framework, revision 34: CipherState, SymmetricState and HandshakeState
 * (section 5) of `*_25519_AESGCM_SHA256`.
 */
import { concat } from "@std/bytes/concat";
import { ChannelError } from "../base/errors.ts";
import { KEY_BYTES, subtleAead, TAG_BYTES } from "./aead.ts";
import type { Aead, AeadFactory, Bytes, MaybePromise } from "./aead.ts";
import { nonceOf, REKEY_NONCE } from "./nonce.ts";
import { dh, DH_BYTES, generateKeyPair, type KeyPair } from "./x25519.ts";

const { subtle } = crypto;
const HASH_BYTES = 32;
const NONE: Bytes = new Uint8Array(0);
const ZEROS_32: Bytes = new Uint8Array(KEY_BYTES);

async function hash(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await subtle.digest("SHA-256", concat(parts)));
}

/**
 * Two outputs of 32 bytes from a chaining key and input key material (section 4.3). Noise's HKDF is
 * RFC 5869's with the chaining key as salt and no info, so `crypto.subtle` has it.
 */
export async function hkdf2(
  chainingKey: Bytes,
  inputKeyMaterial: Bytes,
): Promise<[Bytes, Bytes]> {
  const uses: KeyUsage[] = ["deriveBits"];
  const key = await subtle.importKey(
    "raw",
    inputKeyMaterial,
    "HKDF",
    false,
    uses,
  );
  const salt = chainingKey;
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info: NONE };
  const bits = new Uint8Array(
    await subtle.deriveBits(algorithm, key, 2 * HASH_BYTES * 8),
  );
  return [bits.slice(0, HASH_BYTES), bits.slice(HASH_BYTES)];
}

/** A key and its counter (section 5.1): after the handshake, one direction of a connection. */
export class CipherState {
  readonly #aeadOf: AeadFactory;
  #aead: Aead;
  #counter = 0;

  constructor(key: Bytes, aeadOf: AeadFactory) {
    this.#aeadOf = aeadOf;
    this.#aead = aeadOf(key);
  }

  /** Messages under this state so far; REKEY does not set it back. */
  get counter(): number {
    return this.#counter;
  }

  /** EncryptWithAd. The counter is taken before anything is awaited, so calls may overlap. */
  encrypt(ad: Bytes, plaintext: Uint8Array): MaybePromise<Uint8Array> {
    const nonce = nonceOf(this.#counter);
    this.#counter++;
    return this.#aead.seal(nonce, ad, plaintext);
  }

  /**
   * DecryptWithAd, and what `read` makes of the plaintext. When either fails, the counter stays
   * where it is. Calls may not overlap.
   *
   * @throws {ChannelError}
   */
  decrypt(
    ad: Bytes,
    ciphertext: Uint8Array,
    read: (plaintext: Uint8Array) => Uint8Array = (plaintext) => plaintext,
  ): MaybePromise<Uint8Array> {
    const accept = (plaintext: Uint8Array) => {
      const result = read(plaintext);
      this.#counter++;
      return result;
    };
    const plaintext = this.#aead.open(nonceOf(this.#counter), ad, ciphertext);
    return plaintext instanceof Promise
      ? plaintext.then(accept)
      : accept(plaintext);
  }

  /** REKEY (section 4.2): 32 bytes of ENCRYPT(k, 2^64-1, "", 32 zeros). The counter goes on. */
  rekey(): MaybePromise<void> {
    const sealed = this.#aead.seal(REKEY_NONCE, NONE, ZEROS_32);
    return sealed instanceof Promise
      ? sealed.then((bytes) => this.#use(bytes))
      : this.#use(sealed);
  }

  #use(sealed: Uint8Array): void {
    this.#aead = this.#aeadOf(sealed.slice(0, KEY_BYTES) as Bytes);
  }
}

/** The transcript hash, the chaining key, and the key of the moment (section 5.2). */
class SymmetricState {
  h: Bytes = NONE;
  #chainingKey: Bytes = NONE;
  #cipher: CipherState | undefined;

  /** InitializeSymmetric. A longer name than a hash would be hashed; no pattern here has one. */
  initialize(protocolName: string): void {
    this.h = new Uint8Array(HASH_BYTES);
    this.h.set(new TextEncoder().encode(protocolName));
    this.#chainingKey = this.h;
  }

  get hasKey(): boolean {
    return this.#cipher !== undefined;
  }

  async mixKey(inputKeyMaterial: Bytes): Promise<void> {
    const [chainingKey, key] = await hkdf2(this.#chainingKey, inputKeyMaterial);
    this.#chainingKey = chainingKey;
    this.#cipher = new CipherState(key, subtleAead);
  }

  async mixHash(data: Uint8Array): Promise<void> {
    this.h = await hash(this.h, data);
  }

  async encryptAndHash(plaintext: Uint8Array): Promise<Uint8Array> {
    const ciphertext = this.#cipher
      ? await this.#cipher.encrypt(this.h, plaintext)
      : plaintext;
    await this.mixHash(ciphertext);
    return ciphertext;
  }

  async decryptAndHash(ciphertext: Uint8Array): Promise<Uint8Array> {
    const plaintext = this.#cipher
      ? await this.#cipher.decrypt(this.h, ciphertext)
      : ciphertext.slice();
    await this.mixHash(ciphertext);
    return plaintext;
  }

  /** The initiator's key and the responder's. */
  split(): Promise<[Bytes, Bytes]> {
    return hkdf2(this.#chainingKey, NONE);
  }
}

export type Token = "e" | "s" | "ee" | "es" | "se" | "ss";
export type Role = "initiator" | "responder";

interface Pattern {
  /** The messages before the handshake: whose static key the other side knows. */
  readonly knownStatic?: Role;
  readonly messages: readonly (readonly Token[])[];
}

/** Section 7.4 and 7.5. confab speaks XX; NN and NK run through the same code for their vectors. */
const PATTERNS = {
  //   -> e
  //   <- e, ee
  NN: { messages: [["e"], ["e", "ee"]] },
  //   <- s
  //   ...
  //   -> e, es
  //   <- e, ee
  NK: { knownStatic: "responder", messages: [["e", "es"], ["e", "ee"]] },
  //   -> e
  //   <- e, ee, s, es
  //   -> s, se
  XX: { messages: [["e"], ["e", "ee", "s", "es"], ["s", "se"]] },
} as const satisfies Record<string, Pattern>;

export type PatternName = keyof typeof PATTERNS;

export interface HandshakeOptions {
  readonly pattern: PatternName;
  readonly role: Role;
  readonly prologue: Uint8Array;
  /** This side's static key pair, where the pattern has one. */
  readonly s?: KeyPair;
  /** The other side's static public key, where it is known before. */
  readonly rs?: Bytes;
  /** Makes the ephemeral key pair. */
  readonly generate?: () => Promise<KeyPair>;
}

/** What a finished handshake leaves. */
export interface HandshakeResult {
  /** Key of what this side sends, and of what it receives: 32 bytes each. */
  readonly sendKey: Bytes;
  readonly receiveKey: Bytes;
  /** The transcript hash: the same at both ends, and of no other connection (section 11.2). */
  readonly handshakeHash: Bytes;
}

/** One side of a handshake (section 5.3), without a socket: messages go in the pattern's order. */
export class HandshakeState {
  readonly #symmetric = new SymmetricState();
  readonly #options: HandshakeOptions;
  readonly #messages: readonly (readonly Token[])[];
  #at = 0;
  #e: KeyPair | undefined;
  #re: Bytes | undefined;
  #rs: Bytes | undefined;

  private constructor(options: HandshakeOptions) {
    this.#options = options;
    this.#messages = PATTERNS[options.pattern].messages;
    this.#rs = options.rs;
  }

  /** Initialize. */
  static async start(options: HandshakeOptions): Promise<HandshakeState> {
    const state = new HandshakeState(options);
    const protocolName = `Noise_${options.pattern}_25519_AESGCM_SHA256`;
    state.#symmetric.initialize(protocolName);
    await state.#symmetric.mixHash(options.prologue);
    const { knownStatic }: Pattern = PATTERNS[options.pattern];
    if (knownStatic !== undefined) {
      await state.#symmetric.mixHash(
        need(knownStatic === options.role ? options.s?.publicKey : options.rs),
      );
    }
    return state;
  }

  get isFinished(): boolean {
    return this.#at === this.#messages.length;
  }

  /** The other side's static public key, from the message on that brings it. */
  get remoteStatic(): Bytes | undefined {
    return this.#rs;
  }

  /** WriteMessage. */
  async write(payload: Uint8Array = NONE): Promise<Bytes> {
    const parts: Uint8Array[] = [];
    for (const token of need(this.#messages[this.#at++])) {
      if (token === "e") {
        this.#e = await (this.#options.generate ?? generateKeyPair)();
        parts.push(this.#e.publicKey);
        await this.#symmetric.mixHash(this.#e.publicKey);
      } else if (token === "s") {
        const { publicKey } = need(this.#options.s);
        parts.push(await this.#symmetric.encryptAndHash(publicKey));
      } else {
        await this.#mixDh(token);
      }
    }
    parts.push(await this.#symmetric.encryptAndHash(payload));
    return concat(parts);
  }

  /**
   * ReadMessage: its payload.
   *
   * @throws {ChannelError} when it is not the message that belongs here.
   */
  async read(message: Uint8Array): Promise<Uint8Array> {
    let at = 0;
    const take = (length: number): Uint8Array => {
      if (message.length < at + length) throw new ChannelError();
      return message.subarray(at, at += length);
    };
    for (const token of need(this.#messages[this.#at++])) {
      if (token === "e") {
        this.#re = new Uint8Array(take(DH_BYTES));
        await this.#symmetric.mixHash(this.#re);
      } else if (token === "s") {
        const tagBytes = this.#symmetric.hasKey ? TAG_BYTES : 0;
        const sealed = take(DH_BYTES + tagBytes);
        this.#rs = new Uint8Array(await this.#symmetric.decryptAndHash(sealed));
      } else {
        await this.#mixDh(token);
      }
    }
    return await this.#symmetric.decryptAndHash(message.subarray(at));
  }

  /** Split: only after the last message. */
  async split(): Promise<HandshakeResult> {
    if (!this.isFinished) throw new ChannelError();
    const [first, second] = await this.#symmetric.split();
    const isInitiator = this.#options.role === "initiator";
    return {
      sendKey: isInitiator ? first : second,
      receiveKey: isInitiator ? second : first,
      handshakeHash: this.#symmetric.h,
    };
  }

  /** The first letter is the initiator's key, the second the responder's. */
  async #mixDh(token: Token): Promise<void> {
    const isInitiator = this.#options.role === "initiator";
    const mine = token[isInitiator ? 0 : 1] === "e" ? this.#e : this.#options.s;
    const theirs = token[isInitiator ? 1 : 0] === "e" ? this.#re : this.#rs;
    await this.#symmetric.mixKey(await dh(need(mine).privateKey, need(theirs)));
  }
}

/** What the pattern promises to be there; without it the caller has called out of turn. */
function need<T>(value: T | undefined): T {
  if (value === undefined) throw new ChannelError();
  return value;
}
