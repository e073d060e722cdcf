/** Records: the sealed pieces of a stream of bytes, each a frame (docs/protocol.md, "Sealed"). */
import { concat } from "@std/bytes/concat";
import { ChannelError } from "../base/errors.ts";
import {
  RECORD_DATA_MAX_BYTES,
  RECORD_PAD_BYTES,
  REKEY_AFTER_RECORDS,
} from "../base/limits.ts";
import { HEADER_BYTES, writeLength } from "../wire/frame.ts";
import { sealMany, TAG_BYTES } from "./cipher.ts";
import type { CipherState } from "./cipher_state.ts";

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
  readonly cipher: CipherState;
  readonly #rekeyAfter: number;

  /** `rekeyAfter` counts the records under one key. */
  constructor(cipher: CipherState, rekeyAfter = REKEY_AFTER_RECORDS) {
    this.cipher = cipher;
    this.#rekeyAfter = rekeyAfter;
  }

  /** Whether there is a key and a counter: one that is closed has none. */
  get canSeal(): boolean {
    return this.cipher.canSeal;
  }

  /** A record was sealed under the cipher's key. */
  sealed(): void {
    this.cipher.advance();
    if (this.cipher.counter % this.#rekeyAfter === 0) this.cipher.rekey();
  }
}

/**
 * The frames that carry `data`, of any length but none, for each of the sealers: what all are told
 * alike is prepared once and sealed in one go, each under its own key.
 *
 * @throws {ChannelError} when one of them cannot seal.
 */
export function sealRecords(
  sealers: readonly RecordSealer[],
  data: Uint8Array,
): Uint8Array[] {
  if (data.length <= RECORD_DATA_MAX_BYTES) return sealRecord(sealers, data);
  const parts: Uint8Array[][] = [];
  for (let at = 0; at < data.length; at += RECORD_DATA_MAX_BYTES) {
    const part = data.subarray(at, at + RECORD_DATA_MAX_BYTES);
    parts.push(sealRecord(sealers, part));
  }
  return sealers.map((_, i) => concat(parts.map((frames) => frames[i]!)));
}

function sealRecord(
  sealers: readonly RecordSealer[],
  data: Uint8Array,
): Uint8Array[] {
  if (!sealers.every(({ canSeal }) => canSeal)) throw new ChannelError();
  const plaintext = new Uint8Array(paddedBytes(data.length));
  plaintext[0] = data.length >>> 8;
  plaintext[1] = data.length;
  plaintext.set(data, LENGTH_BYTES);
  const header = new Uint8Array(HEADER_BYTES);
  writeLength(header, 0, plaintext.length + TAG_BYTES);
  const ciphers = sealers.map(({ cipher }) => cipher);
  const frames = sealMany(ciphers, plaintext, header);
  for (const sealer of sealers) sealer.sealed();
  return frames;
}

/** Opens what the other side sent. */
export class RecordOpener {
  readonly cipher: CipherState;
  readonly #rekeyAfter: number;

  constructor(cipher: CipherState, rekeyAfter = REKEY_AFTER_RECORDS) {
    this.cipher = cipher;
    this.#rekeyAfter = rekeyAfter;
  }

  /**
   * The data of the next record, 1 to 65,470 bytes.
   *
   * @throws {ChannelError} on any fault; the connection must end.
   */
  open(record: Uint8Array): Uint8Array {
    const paddedLength = record.length - TAG_BYTES;
    if (
      paddedLength < RECORD_PAD_BYTES || paddedLength % RECORD_PAD_BYTES !== 0
    ) throw new ChannelError();
    const data = this.cipher.decrypt(NO_AD, record, dataOf);
    if (this.cipher.counter % this.#rekeyAfter === 0) this.cipher.rekey();
    return data;
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
