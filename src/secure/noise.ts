/**
 * The Noise Protocol Framework, revision 34: HandshakeState (section 5.3) of
 * `*_25519_ChaChaPoly_SHA256`.
 */
import { concat } from "@std/bytes/concat";
import { ChannelError } from "../base/errors.ts";
import { TAG_BYTES } from "./cipher.ts";
import { SymmetricState } from "./symmetric_state.ts";
import {
  type Bytes,
  dh,
  DH_BYTES,
  generateKeyPair,
  type KeyPair,
} from "./x25519.ts";

const NONE: Bytes = new Uint8Array(0);

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

/**
 * One side of a handshake (section 5.3), without a socket: messages go in the pattern's order.
 * Whoever makes it must {@linkcode wipe} it when it is over, however it ended.
 */
export class HandshakeState {
  readonly #symmetric: SymmetricState;
  readonly #options: HandshakeOptions;
  readonly #messages: readonly (readonly Token[])[];
  #at = 0;
  #e: KeyPair | undefined;
  #re: Bytes | undefined;
  #rs: Bytes | undefined;

  /**
   * Initialize.
   *
   * @throws {ChannelError} without the key that the pattern wants to be known.
   */
  constructor(options: HandshakeOptions) {
    const { pattern, role, prologue, s, rs } = options;
    const { knownStatic, messages }: Pattern = PATTERNS[pattern];
    this.#options = options;
    this.#messages = messages;
    this.#rs = rs;
    this.#symmetric = new SymmetricState(
      `Noise_${pattern}_25519_ChaChaPoly_SHA256`,
    );
    this.#symmetric.mixHash(prologue);
    if (knownStatic !== undefined) {
      this.#symmetric.mixHash(need(knownStatic === role ? s?.publicKey : rs));
    }
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
        this.#symmetric.mixHash(this.#e.publicKey);
      } else if (token === "s") {
        const { publicKey } = need(this.#options.s);
        parts.push(this.#symmetric.encryptAndHash(publicKey));
      } else {
        await this.#mixDh(token);
      }
    }
    parts.push(this.#symmetric.encryptAndHash(payload));
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
        this.#symmetric.mixHash(this.#re);
      } else if (token === "s") {
        const tagBytes = this.#symmetric.hasKey ? TAG_BYTES : 0;
        const sealed = take(DH_BYTES + tagBytes);
        this.#rs = new Uint8Array(this.#symmetric.decryptAndHash(sealed));
      } else {
        await this.#mixDh(token);
      }
    }
    return this.#symmetric.decryptAndHash(message.subarray(at));
  }

  /** Split, only after the last message. The keys are the caller's to overwrite. */
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

  /** Overwrites what is secret; nothing can be done with it any more. */
  wipe(): void {
    this.#symmetric.wipe();
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
