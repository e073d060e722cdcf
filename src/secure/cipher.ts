/**
 * ChaCha20-Poly1305 (RFC 8439), in WebAssembly: for one, and the same text for many in one call.
 *
 * Lengths are judged here, before a call; what runs in `cipher/assembly` relies on it. Nothing that
 * is handed out stands in the module's memory.
 */
import { ChannelError } from "../base/errors.ts";
import * as wasm from "./cipher/memory.ts";

/** Lengths of a key, of a tag and of a nonce, in bytes. */
export const KEY_BYTES = 32;
export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;

/** The most that the module's areas hold (`cipher/assembly/layout.ts`), in bytes. */
const TEXT_MAX_BYTES = 65_535;
const AD_MAX_BYTES = 1_024;
const HEAD_MAX_BYTES = 16;

/** ChaCha20 makes blocks of this length, in bytes; four at a time. */
const BLOCK_BYTES = 64;
const ROUND_BYTES = 4 * BLOCK_BYTES;

/**
 * Results share buffers, which cost more than what is copied into them. Who keeps one result keeps
 * all of its buffer, so these are small: one of results of `sealMany`, unless one result alone has
 * more, and one of other results up to a length.
 */
const BATCH_BYTES = 16_384;
const SHARED_BYTES = 4_096;
const SHARING_MAX_BYTES = 1_024;

/** Noise's maximum nonce, 2^64-1, which only REKEY uses (section 4.2). */
const REKEY_NONCE = new Uint8Array(NONCE_BYTES).fill(255, 4);

let slotOf: (key: CipherKey) => number;

/** A key in the module's memory, from its making until `wipe`. It is kept nowhere else. */
export class CipherKey {
  /** The address of its slot; 0 after `wipe`, where no slot is. */
  #slot: number;

  static {
    slotOf = (key) => key.#slot;
  }

  /**
   * Copies 32 bytes.
   *
   * @throws {RangeError} when it is another number.
   */
  constructor(bytes: Uint8Array) {
    checkLength("a key", bytes.length, KEY_BYTES, KEY_BYTES);
    this.#slot = wasm.takeSlot();
    wasm.bytes.set(bytes, this.#slot);
  }

  /**
   * Ciphertext and tag of up to 65,535 bytes. The nonce has 12 bytes and is never used again under
   * this key; the associated data have up to 1,024.
   *
   * @throws {RangeError} when something has another length.
   * @throws {ChannelError} after `wipe`.
   */
  seal(
    nonce: Uint8Array,
    ad: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array<ArrayBuffer> {
    const [adBytes, textBytes] = [ad.length, plaintext.length];
    checkLength("a nonce", nonce.length, NONCE_BYTES, NONCE_BYTES);
    checkLength("associated data", adBytes, 0, AD_MAX_BYTES);
    checkLength("a plaintext", textBytes, 0, TEXT_MAX_BYTES);
    const slot = usableSlot(this);
    put(nonce, wasm.NONCE_AT);
    put(ad, wasm.AD_AT);
    put(plaintext, wasm.TEXT_AT);
    wasm.seal(slot, adBytes, textBytes);
    const sealed = taken(textBytes + TAG_BYTES);
    // Key stream is made a round at a time, and the rest of the last one stands behind the text.
    wipe(wasm.OUT_AT + textBytes, ROUND_BYTES);
    return sealed;
  }

  /**
   * The plaintext of what ends with its tag: a copy.
   *
   * @throws {ChannelError} when anything is wrong; which thing is not said.
   */
  open(
    nonce: Uint8Array,
    ad: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array<ArrayBuffer> {
    const [adBytes, textBytes] = [ad.length, sealed.length - TAG_BYTES];
    if (
      nonce.length !== NONCE_BYTES || adBytes > AD_MAX_BYTES ||
      textBytes < 0 || textBytes > TEXT_MAX_BYTES
    ) throw new ChannelError();
    const slot = usableSlot(this);
    put(nonce, wasm.NONCE_AT);
    put(ad, wasm.AD_AT);
    put(sealed, wasm.TEXT_AT);
    if (!wasm.open(slot, adBytes, textBytes)) throw new ChannelError();
    const plaintext = taken(textBytes);
    wipe(wasm.OUT_AT, textBytes + ROUND_BYTES);
    return plaintext;
  }

  /**
   * REKEY of Noise (section 4.2): the first 32 bytes of ENCRYPT(k, 2^64-1, "", 32 zeros).
   *
   * @throws {ChannelError} after `wipe`.
   */
  rekey(): void {
    const slot = usableSlot(this);
    put(REKEY_NONCE, wasm.NONCE_AT);
    wasm.rekey(slot);
  }

  /** Zeroes the key. It can be called again; all else throws after it. */
  wipe(): void {
    if (this.#slot === 0) return;
    wasm.giveSlot(this.#slot);
    this.#slot = 0;
  }
}

/** One of those for whom a text is sealed. */
export interface Recipient {
  readonly key: CipherKey;
  /** The nonce: 4 zero bytes and this in 64 bits, little-endian. 0 to 2^53-1. */
  readonly counter: number;
}

/**
 * The same plaintext, of up to 65,535 bytes, under each recipient's key, without associated data:
 * for each `head` (up to 16 bytes in the clear), ciphertext and tag, in the order given. Results
 * are parts of buffers of 16 KiB or of one result.
 *
 * @throws {RangeError} when a length or a counter is not one of those.
 * @throws {ChannelError} when a key was wiped.
 */
export function sealMany(
  recipients: readonly Recipient[],
  plaintext: Uint8Array,
  head: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  const [headBytes, textBytes] = [head.length, plaintext.length];
  checkLength("a head", headBytes, 0, HEAD_MAX_BYTES);
  checkLength("a plaintext", textBytes, 0, TEXT_MAX_BYTES);
  for (const { key, counter } of recipients) {
    usableSlot(key);
    checkCounter(counter);
  }
  put(head, wasm.HEAD_AT);
  put(plaintext, wasm.TEXT_AT);
  const blocks = Math.ceil(textBytes / BLOCK_BYTES);
  const stride = headBytes + blocks * BLOCK_BYTES + TAG_BYTES;
  const batchRecipients = batchRecipientsOf(stride);
  const resultBytes = headBytes + textBytes + TAG_BYTES;
  const results: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; from < recipients.length; from += batchRecipients) {
    const count = Math.min(batchRecipients, recipients.length - from);
    putRecipients(recipients, from, count);
    wasm.sealMany(count, headBytes, textBytes, stride);
    const end = wasm.OUT_AT + count * stride;
    const { buffer } = wasm.bytes.slice(wasm.OUT_AT, end);
    for (let at = 0; at < buffer.byteLength; at += stride) {
      results.push(new Uint8Array(buffer, at, resultBytes));
    }
    wipe(end, ROUND_BYTES);
  }
  wipe(wasm.TEXT_AT, textBytes);
  return results;
}

/** Four go together, so a batch that is not the last has a multiple of that, if there is space. */
function batchRecipientsOf(stride: number): number {
  const fitting = Math.floor(BATCH_BYTES / stride);
  return fitting < 4 ? Math.max(1, fitting) : fitting - fitting % 4;
}

function putRecipients(
  recipients: readonly Recipient[],
  from: number,
  count: number,
): void {
  const { words } = wasm;
  let at = wasm.RECIPIENTS_AT / 4;
  for (let i = from; i < from + count; i++) {
    const { key, counter } = recipients[i]!;
    words[at] = slotOf(key);
    words[at + 1] = counter;
    words[at + 2] = counter / 2 ** 32;
    at += 4;
  }
}

function usableSlot(key: CipherKey): number {
  const slot = slotOf(key);
  if (slot === 0) throw new ChannelError();
  return slot;
}

/** `TypedArray.set` is slower than this for a few bytes. */
const FEW_BYTES = 32;

function put(bytes: Uint8Array, at: number): void {
  const memory = wasm.bytes;
  if (bytes.length > FEW_BYTES) memory.set(bytes, at);
  else for (let i = 0; i < bytes.length; i++) memory[at + i] = bytes[i]!;
}

let shared = new ArrayBuffer(SHARED_BYTES);
let sharedAt = 0;

/** A copy of the beginning of OUT. */
function taken(length: number): Uint8Array<ArrayBuffer> {
  const { OUT_AT, bytes } = wasm;
  if (length > SHARING_MAX_BYTES) return bytes.slice(OUT_AT, OUT_AT + length);
  if (sharedAt + length > SHARED_BYTES) {
    shared = new ArrayBuffer(SHARED_BYTES);
    sharedAt = 0;
  }
  const copy = new Uint8Array(shared, sharedAt, length);
  copy.set(bytes.subarray(OUT_AT, OUT_AT + length));
  sharedAt += length;
  return copy;
}

function wipe(at: number, length: number): void {
  wasm.bytes.fill(0, at, at + length);
}

function checkLength(
  what: string,
  length: number,
  min: number,
  max: number,
): void {
  if (length >= min && length <= max) return;
  throw new RangeError(
    `sealing: ${what} has ${length} bytes, allowed are ${min} to ${max}`,
  );
}

function checkCounter(counter: number): void {
  if (Number.isSafeInteger(counter) && counter >= 0) return;
  throw new RangeError(
    `sealing: a counter is ${counter}, allowed are 0 to 2^53-1`,
  );
}
