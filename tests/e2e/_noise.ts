// Noise_XX_25519_ChaChaPoly_SHA256 (Noise Protocol Framework, revision 34) on node:crypto, both roles.

import { Buffer } from "node:buffer";
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
} from "node:crypto";
import { generateKey, type KeyPair } from "./_keys.ts";

const PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";
const CIPHER = "chacha20-poly1305";
const DH_BYTES = 32;
const TAG_BYTES = 16;
/** REKEY encrypts with the nonce 2^64-1, which no message may use. */
const REKEY_NONCE = 2n ** 64n - 1n;

function nonceBytes(n: bigint): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64LE(n, 4);
  return nonce;
}

function encrypt(
  k: Uint8Array,
  n: bigint,
  ad: Uint8Array,
  plaintext: Uint8Array,
): Buffer {
  const cipher = createCipheriv(CIPHER, k, nonceBytes(n), {
    authTagLength: TAG_BYTES,
  });
  if (ad.length > 0) cipher.setAAD(ad, { plaintextLength: plaintext.length });
  const head = cipher.update(plaintext);
  return Buffer.concat([head, cipher.final(), cipher.getAuthTag()]);
}

function decrypt(
  k: Uint8Array,
  n: bigint,
  ad: Uint8Array,
  sealed: Uint8Array,
): Buffer {
  if (sealed.length < TAG_BYTES) throw new Error("shorter than its tag");
  const split = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, k, nonceBytes(n), {
    authTagLength: TAG_BYTES,
  });
  if (ad.length > 0) decipher.setAAD(ad, { plaintextLength: split });
  decipher.setAuthTag(sealed.subarray(split));
  const head = decipher.update(sealed.subarray(0, split));
  return Buffer.concat([head, decipher.final()]);
}

/** Section 5.1. */
export class CipherState {
  #k: Uint8Array | undefined;
  #n = 0n;

  constructor(k?: Uint8Array) {
    this.#k = k;
  }

  get n(): bigint {
    return this.#n;
  }

  encryptWithAd(ad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    if (this.#k === undefined) return plaintext;
    const sealed = encrypt(this.#k, this.#n, ad, plaintext);
    this.#n++;
    return sealed;
  }

  decryptWithAd(ad: Uint8Array, sealed: Uint8Array): Uint8Array {
    if (this.#k === undefined) return sealed;
    const plaintext = decrypt(this.#k, this.#n, ad, sealed);
    this.#n++;
    return plaintext;
  }

  /** Section 11.3: the key changes, the counter does not. */
  rekey(): void {
    if (this.#k === undefined) throw new Error("no key to change");
    const empty = new Uint8Array();
    this.#k = encrypt(this.#k, REKEY_NONCE, empty, new Uint8Array(32))
      .subarray(0, 32);
  }
}

function hkdf2(ck: Uint8Array, input: Uint8Array): [Uint8Array, Uint8Array] {
  const hmac = (key: Uint8Array, ...data: Uint8Array[]) => {
    const mac = createHmac("sha256", key);
    for (const part of data) mac.update(part);
    return new Uint8Array(mac.digest());
  };
  const temp = hmac(ck, input);
  const first = hmac(temp, Uint8Array.of(1));
  return [first, hmac(temp, first, Uint8Array.of(2))];
}

/** Section 5.2. */
class SymmetricState {
  h: Uint8Array;
  #ck: Uint8Array;
  #cipher = new CipherState();
  #hasKey = false;

  constructor() {
    this.h = new Uint8Array(32);
    this.h.set(new TextEncoder().encode(PROTOCOL_NAME)); // 32 bytes: not hashed
    this.#ck = this.h;
  }

  /** By how much the state's sealing lengthens what it is given. */
  get sealBytes(): number {
    return this.#hasKey ? TAG_BYTES : 0;
  }

  mixHash(data: Uint8Array): void {
    const hash = createHash("sha256").update(this.h).update(data);
    this.h = new Uint8Array(hash.digest());
  }

  mixKey(input: Uint8Array): void {
    const [ck, k] = hkdf2(this.#ck, input);
    this.#ck = ck;
    this.#cipher = new CipherState(k);
    this.#hasKey = true;
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const sealed = this.#cipher.encryptWithAd(this.h, plaintext);
    this.mixHash(sealed);
    return sealed;
  }

  decryptAndHash(sealed: Uint8Array): Uint8Array {
    const plaintext = this.#cipher.decryptWithAd(this.h, sealed);
    this.mixHash(sealed);
    return plaintext;
  }

  split(): [CipherState, CipherState] {
    const [first, second] = hkdf2(this.#ck, new Uint8Array());
    return [new CipherState(first), new CipherState(second)];
  }
}

export interface HandshakeOptions {
  role: "initiator" | "responder";
  prologue: Uint8Array;
  s: KeyPair;
  e?: KeyPair;
}

type Token = "e" | "s" | "ee" | "es" | "se";

/** XX: -> e; <- e, ee, s, es; -> s, se. */
const XX: Token[][] = [["e"], ["e", "ee", "s", "es"], ["s", "se"]];

/** Section 5.3, for the one pattern. */
export class HandshakeXX {
  readonly #symmetric = new SymmetricState();
  readonly #initiator: boolean;
  readonly #s: KeyPair;
  readonly #e: KeyPair;
  #rs: Uint8Array | undefined;
  #re: Uint8Array | undefined;
  #step = 0;

  constructor(options: HandshakeOptions) {
    this.#initiator = options.role === "initiator";
    this.#s = options.s;
    this.#e = options.e ?? generateKey();
    this.#symmetric.mixHash(options.prologue);
  }

  /** The peer's static key, once its message has been read. */
  get remoteStatic(): Uint8Array {
    if (this.#rs === undefined) throw new Error("the peer has not said yet");
    return this.#rs;
  }

  /** The channel binding, meaningful after the last message. */
  get handshakeHash(): Uint8Array {
    return this.#symmetric.h;
  }

  writeMessage(payload: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const token of this.#nextTokens()) {
      if (token === "e") {
        parts.push(this.#e.publicKey);
        this.#symmetric.mixHash(this.#e.publicKey);
      } else if (token === "s") {
        parts.push(this.#symmetric.encryptAndHash(this.#s.publicKey));
      } else this.#mixDh(token);
    }
    parts.push(this.#symmetric.encryptAndHash(payload));
    return new Uint8Array(Buffer.concat(parts));
  }

  readMessage(message: Uint8Array): Uint8Array {
    let rest = message;
    const take = (length: number) => {
      if (rest.length < length) throw new Error("handshake message too short");
      const part = rest.slice(0, length);
      rest = rest.subarray(length);
      return part;
    };
    for (const token of this.#nextTokens()) {
      if (token === "e") {
        this.#re = take(DH_BYTES);
        this.#symmetric.mixHash(this.#re);
      } else if (token === "s") {
        const sealed = take(DH_BYTES + this.#symmetric.sealBytes);
        this.#rs = this.#symmetric.decryptAndHash(sealed);
      } else this.#mixDh(token);
    }
    return this.#symmetric.decryptAndHash(rest);
  }

  /** The two directions, after the last message. */
  split(): { send: CipherState; receive: CipherState } {
    const [first, second] = this.#symmetric.split();
    return this.#initiator
      ? { send: first, receive: second }
      : { send: second, receive: first };
  }

  #nextTokens(): Token[] {
    const tokens = XX[this.#step++];
    if (tokens === undefined) throw new Error("the handshake is over");
    return tokens;
  }

  #mixDh(token: "ee" | "es" | "se"): void {
    const [initiators, responders] = token;
    const mine = this.#initiator ? initiators : responders;
    const theirs = this.#initiator ? responders : initiators;
    const remote = theirs === "e" ? this.#re : this.#rs;
    if (remote === undefined) throw new Error(`${token} before its keys`);
    const own = mine === "e" ? this.#e : this.#s;
    this.#symmetric.mixKey(own.dh(remote));
  }
}
