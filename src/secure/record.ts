/** Records: the sealed pieces of a stream of bytes, each a frame (docs/protocol.md, "Sealed"). */
import { concat } from "@std/bytes/concat";
import { ChannelError } from "../base/errors.ts";
import {
  RECORD_DATA_MAX_BYTES,
  RECORD_PAD_BYTES,
  REKEY_AFTER_RECORDS,
} from "../base/limits.ts";
import { encodeFrame } from "../wire/frame.ts";
import { type MaybePromise, TAG_BYTES } from "./aead.ts";
import type { CipherState } from "./noise.ts";

const NO_AD = new Uint8Array(0);
/** Bytes of the length that begins a plaintext. */
const LENGTH_BYTES = 2;

/** Length of the plaintext that holds `dataBytes` bytes: with its length, and padded. */
function paddedBytes(dataBytes: number): number {
  const blocks = Math.ceil((LENGTH_BYTES + dataBytes) / RECORD_PAD_BYTES);
  return blocks * RECORD_PAD_BYTES;
}

/** Seals what this side sends. */
export class RecordSealer {
  readonly #cipher: CipherState;
  readonly #rekeyAfter: number;
  /** REKEY under way: records after it wait for it. */
  #rekeying: Promise<void> | undefined;

  /** `rekeyAfter` counts the records under one key. */
  constructor(cipher: CipherState, rekeyAfter = REKEY_AFTER_RECORDS) {
    this.#cipher = cipher;
    this.#rekeyAfter = rekeyAfter;
  }

  /** The frames that carry `data`, of any length. Calls may not overlap. */
  seal(data: Uint8Array): MaybePromise<Uint8Array> {
    if (data.length <= RECORD_DATA_MAX_BYTES && this.#rekeying === undefined) {
      return this.#sealRecord(data);
    }
    return this.#sealAll(data);
  }

  async #sealAll(data: Uint8Array): Promise<Uint8Array> {
    const frames: MaybePromise<Uint8Array>[] = [];
    for (let at = 0; at < data.length; at += RECORD_DATA_MAX_BYTES) {
      if (this.#rekeying !== undefined) await this.#rekeying;
      const part = data.subarray(at, at + RECORD_DATA_MAX_BYTES);
      frames.push(this.#sealRecord(part));
    }
    return concat(await Promise.all(frames));
  }

  #sealRecord(data: Uint8Array): MaybePromise<Uint8Array> {
    const plaintext = new Uint8Array(paddedBytes(data.length));
    plaintext[0] = data.length >>> 8;
    plaintext[1] = data.length;
    plaintext.set(data, LENGTH_BYTES);
    const sealed = this.#cipher.encrypt(NO_AD, plaintext);
    if (this.#cipher.counter % this.#rekeyAfter === 0) this.#rekey();
    return sealed instanceof Promise
      ? sealed.then(encodeFrame)
      : encodeFrame(sealed);
  }

  #rekey(): void {
    const rekeying = this.#cipher.rekey();
    if (rekeying instanceof Promise) {
      this.#rekeying = rekeying.then(() => this.#rekeying = undefined);
    }
  }
}

/** Opens what the other side sent. */
export class RecordOpener {
  readonly #cipher: CipherState;
  readonly #rekeyAfter: number;

  constructor(cipher: CipherState, rekeyAfter = REKEY_AFTER_RECORDS) {
    this.#cipher = cipher;
    this.#rekeyAfter = rekeyAfter;
  }

  /**
   * The data of the next record, 1 to 65,470 bytes. Calls may not overlap.
   *
   * @throws {ChannelError} on any fault; the connection must end.
   */
  open(record: Uint8Array): MaybePromise<Uint8Array> {
    const paddedLength = record.length - TAG_BYTES;
    if (
      paddedLength < RECORD_PAD_BYTES || paddedLength % RECORD_PAD_BYTES !== 0
    ) throw new ChannelError();
    const data = this.#cipher.decrypt(NO_AD, record, dataOf);
    return data instanceof Promise
      ? data.then((bytes) => this.#opened(bytes))
      : this.#opened(data);
  }

  #opened(data: Uint8Array): MaybePromise<Uint8Array> {
    if (this.#cipher.counter % this.#rekeyAfter !== 0) return data;
    const rekeying = this.#cipher.rekey();
    return rekeying instanceof Promise ? rekeying.then(() => data) : data;
  }
}

function dataOf(plaintext: Uint8Array): Uint8Array {
  const length = (plaintext[0]! << 8) | plaintext[1]!;
  if (
    length < 1 || length > RECORD_DATA_MAX_BYTES ||
    paddedBytes(length) !== plaintext.length
  ) throw new ChannelError();
  let padding = 0;
  for (let at = LENGTH_BYTES + length; at < plaintext.length; at++) {
    padding |= plaintext[at]!;
  }
  if (padding !== 0) throw new ChannelError();
  return plaintext.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}
