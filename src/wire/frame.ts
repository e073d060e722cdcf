/** Frames: a 4-byte big-endian length and that many bytes, outside the sealed channel and in it. */
import { FrameError } from "../base/errors.ts";
import { FRAME_MAX_BYTES } from "../base/limits.ts";
import { decodeStream } from "./decode_stream.ts";

/** Bytes of the length that stands before a payload. */
export const HEADER_BYTES = 4;

const EMPTY = new Uint8Array(0);
const MIN_CAPACITY_BYTES = 256;

/** The frame of a payload of 1 to 65,535 bytes. */
export function encodeFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  if (payload.length < 1 || payload.length > FRAME_MAX_BYTES) {
    throw new FrameError(payload.length, FRAME_MAX_BYTES);
  }
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  writeLength(frame, 0, payload.length);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** Writes the header of a frame whose payload has `length` bytes. */
export function writeLength(
  bytes: Uint8Array,
  at: number,
  length: number,
): void {
  bytes[at] = length >>> 24;
  bytes[at + 1] = length >>> 16;
  bytes[at + 2] = length >>> 8;
  bytes[at + 3] = length;
}

function readLength(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) |
    bytes[at + 3]!) >>> 0;
}

/**
 * A push parser of frames. The length is judged as soon as its four bytes are there, before
 * anything is allocated for the payload. A payload is a view of the chunk or of the decoder's own
 * buffer: it holds until the next `push`.
 */
export class FrameDecoder {
  /** Longest payload allowed from the next frame on; the handshake allows less than a session. */
  maxBytes: number;

  /** What was pushed and not yet taken: `#bytes[#start, #end)`. */
  #bytes: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  /** The decoder's own buffer, when `#bytes` is that and not a chunk of the caller's. */
  #own: Uint8Array = EMPTY;

  constructor(maxBytes: number = FRAME_MAX_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** Bytes pushed that belong to no payload taken yet. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Takes the bytes that came next; they must stay as they are until `next` returns `null`. */
  push(chunk: Uint8Array): void {
    const pending = this.pendingBytes;
    if (pending === 0) {
      // The fast path: whole frames are handed out from the chunk itself.
      this.#bytes = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    this.#hold(pending + chunk.length);
    this.#own.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole payload, or `null` when more bytes are needed.
   *
   * @throws {FrameError} when a length is 0 or over `maxBytes`: nothing can be read after that.
   */
  next(): Uint8Array | null {
    const available = this.pendingBytes;
    if (available < HEADER_BYTES) return this.#keep();
    const length = readLength(this.#bytes, this.#start);
    if (length < 1 || length > this.maxBytes) {
      throw new FrameError(length, this.maxBytes);
    }
    if (available < HEADER_BYTES + length) return this.#keep();
    const from = this.#start + HEADER_BYTES;
    this.#start = from + length;
    return this.#bytes.subarray(from, this.#start);
  }

  /** The chunk is the caller's again after this: what is left of it moves to the own buffer. */
  #keep(): null {
    const pending = this.pendingBytes;
    if (pending === 0) {
      this.#bytes = this.#own = EMPTY;
      this.#start = this.#end = 0;
    } else if (this.#bytes !== this.#own) {
      this.#hold(pending);
    }
    return null;
  }

  /** Makes the pending bytes the beginning of the own buffer, with room for `capacity` bytes. */
  #hold(capacity: number): void {
    const pending = this.#bytes.subarray(this.#start, this.#end);
    if (this.#own.length < capacity) {
      const doubled = Math.min(2 * this.#own.length, FRAME_MAX_BYTES);
      const bytes = Math.max(MIN_CAPACITY_BYTES, capacity, doubled);
      this.#own = new Uint8Array(bytes);
    } else if (this.#bytes === this.#own && this.#start === 0) return;
    this.#own.set(pending);
    this.#bytes = this.#own;
    this.#start = 0;
    this.#end = pending.length;
  }
}

/**
 * The payloads of a connection, as {@linkcode decodeStream} has them; fails with
 * {@linkcode FrameError} on a wrong length.
 */
export function frameStream(
  source: AsyncIterable<Uint8Array>,
  decoder: FrameDecoder = new FrameDecoder(),
): ReadableStream<Iterable<Uint8Array>> {
  return decodeStream(source[Symbol.asyncIterator](), decoder);
}
