// Frames and sealed records, byte by byte as the wire's page describes them.

import { Buffer } from "node:buffer";
import type { CipherState } from "./_noise.ts";

export const MAX_PAYLOAD_BYTES = 65_535;
export const MAX_RECORD_DATA_BYTES = 65_470;
export const RECORDS_PER_KEY = 65_536;
const HEADER_BYTES = 4;
const INNER_LENGTH_BYTES = 2;
const PADDED_TO_BYTES = 64;
const NO_AD = new Uint8Array();

export function concat(parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** `length` alone: what a frame claims, whatever follows. */
export function header(length: number): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(length);
  return new Uint8Array(bytes);
}

export function frame(payload: Uint8Array): Uint8Array {
  return concat([header(payload.length), payload]);
}

/** Cuts a stream into payloads; a length that the page forbids is an error. */
export class FrameDecoder {
  #rest: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): Uint8Array[] {
    let data = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes]);
    const payloads: Uint8Array[] = [];
    while (data.length >= HEADER_BYTES) {
      const length = Buffer.from(data.buffer, data.byteOffset).readUInt32BE(0);
      if (length === 0 || length > MAX_PAYLOAD_BYTES) {
        throw new Error(`the server sent a frame of ${length} bytes`);
      }
      if (data.length < HEADER_BYTES + length) break;
      payloads.push(data.slice(HEADER_BYTES, HEADER_BYTES + length));
      data = data.subarray(HEADER_BYTES + length);
    }
    this.#rest = data.slice();
    return payloads;
  }
}

/** A record's plaintext: the data's length, the data, the fewest zeros to a multiple of 64. */
export function pad(data: Uint8Array): Uint8Array {
  const used = INNER_LENGTH_BYTES + data.length;
  const whole = Math.ceil(used / PADDED_TO_BYTES) * PADDED_TO_BYTES;
  const plaintext = Buffer.alloc(whole);
  plaintext.writeUInt16BE(data.length);
  plaintext.set(data, INNER_LENGTH_BYTES);
  return new Uint8Array(plaintext);
}

/** The data of a plaintext; an error for one that the page does not allow. */
export function unpad(plaintext: Uint8Array): Uint8Array {
  if (plaintext.length < PADDED_TO_BYTES) throw new Error("record too short");
  const view = Buffer.from(plaintext.buffer, plaintext.byteOffset);
  const length = view.readUInt16BE(0);
  if (length === 0 || length > MAX_RECORD_DATA_BYTES) {
    throw new Error(`a record of ${length} data bytes`);
  }
  const used = INNER_LENGTH_BYTES + length;
  const whole = Math.ceil(used / PADDED_TO_BYTES) * PADDED_TO_BYTES;
  if (plaintext.length !== whole) {
    throw new Error(`${length} data bytes in ${plaintext.length}`);
  }
  if (plaintext.subarray(used).some((byte) => byte !== 0)) {
    throw new Error("padding that is not zero");
  }
  return plaintext.subarray(INNER_LENGTH_BYTES, used);
}

/**
 * One direction of records: records 0 to 65,535 under the first key, then REKEY after as many
 * again.
 */
class Records {
  readonly cipher: CipherState;
  #count = 0;

  constructor(cipher: CipherState) {
    this.cipher = cipher;
  }

  /** How many records have passed. */
  get count(): number {
    return this.#count;
  }

  /** To be called before each record. */
  protected turn(): void {
    if (this.#count > 0 && this.#count % RECORDS_PER_KEY === 0) {
      this.cipher.rekey();
    }
    this.#count++;
  }
}

export class Sealer extends Records {
  /** The frame of a record with this data, of 1 to 65,470 bytes. */
  seal(data: Uint8Array): Uint8Array {
    return this.sealPlaintext(pad(data));
  }

  /** The frame of a record with exactly this plaintext, allowed or not. */
  sealPlaintext(plaintext: Uint8Array): Uint8Array {
    this.turn();
    return frame(this.cipher.encryptWithAd(NO_AD, plaintext));
  }
}

export class Opener extends Records {
  /** The data of a record; an error for whatever is wrong with it. */
  open(record: Uint8Array): Uint8Array {
    this.turn();
    return unpad(this.cipher.decryptWithAd(NO_AD, record));
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of strict UTF-8. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A message as a frame of the (inner or plain) stream. */
export function messageFrame(message: unknown): Uint8Array {
  return frame(utf8(JSON.stringify(message)));
}

/** The same bytes with one bit turned over. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  const index = bit >> 3;
  copy[index] = (copy[index] ?? 0) ^ (0x80 >> (bit & 7));
  return copy;
}

/** Pieces of at most `size` bytes, in order. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    cut.push(bytes.subarray(at, at + size));
  }
  return cut;
}
