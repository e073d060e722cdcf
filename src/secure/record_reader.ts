/** The receiving half of a channel: frames in, their data out. */
import { concat } from "@std/bytes/concat";
import { ChannelError } from "../base/errors.ts";
import type { FrameDecoder } from "../wire/frame.ts";
import type { RecordOpener } from "./record.ts";

/** Where the handshake stopped reading: what follows is records. */
export interface FrameSource {
  readonly decoder: FrameDecoder;
  readonly chunks: AsyncIterator<Uint8Array, undefined>;
}

type Chunk = IteratorResult<Uint8Array, undefined>;

const END: Chunk = { done: true, value: undefined };

/** Gives what the records of one read of the carrier hold in one piece. */
export class RecordReader implements AsyncIterator<Uint8Array, undefined> {
  readonly #source: FrameSource;
  readonly #opener: RecordOpener;
  #isOver = false;
  /** A fault behind what was given last. */
  #fault: unknown;

  constructor(source: FrameSource, opener: RecordOpener) {
    this.#source = source;
    this.#opener = opener;
  }

  /**
   * What came next.
   *
   * @throws {ChannelError} (rejects with it) on any fault, after which nothing more is read.
   */
  next(): Promise<Chunk> {
    return new Promise((resolve, reject) => this.#next(resolve, reject));
  }

  async return(): Promise<Chunk> {
    this.#isOver = true;
    await this.#source.chunks.return?.();
    return END;
  }

  /** Forgets the key. Nothing more comes. */
  close(): void {
    this.#isOver = true;
    this.#opener.cipher.wipe();
  }

  /**
   * Reads until there is a record. Most channels wait here: callbacks hold less than an async
   * function would. They do not wait for each other: who sends a byte at a time would make a long
   * chain of them.
   */
  #next(
    resolve: (chunk: Chunk) => void,
    reject: (error: unknown) => void,
    chunk?: Chunk,
  ): void {
    const { decoder, chunks } = this.#source;
    try {
      if (chunk?.done) this.#isOver = true;
      else if (chunk !== undefined) decoder.push(chunk.value);
      if (this.#isOver) return resolve(END);
      const value = this.#open();
      if (value !== undefined) return resolve({ done: false, value });
    } catch (error) {
      return void this.return().then(() => reject(error), reject);
    }
    chunks.next().then(
      (chunk) => this.#next(resolve, reject, chunk),
      reject,
    );
  }

  /** The data of all records that are here, or `undefined` when there is none. */
  #open(): Uint8Array | undefined {
    if (this.#fault !== undefined) throw this.#fault;
    const first = this.#openNext();
    if (first === undefined) return undefined;
    let parts: Uint8Array[] | undefined;
    try {
      let data: Uint8Array | undefined;
      while ((data = this.#openNext()) !== undefined) {
        (parts ??= [first]).push(data);
      }
    } catch (error) {
      // What came before it holds.
      this.#fault = error;
    }
    return parts === undefined ? first : concat(parts);
  }

  #openNext(): Uint8Array | undefined {
    const record = nextFrame(this.#source.decoder);
    return record === null ? undefined : this.#opener.open(record);
  }
}

/** The next frame of those that the decoder has. A wrong length is a fault like any other. */
export function nextFrame(decoder: FrameDecoder): Uint8Array | null {
  try {
    return decoder.next();
  } catch {
    throw new ChannelError();
  }
}
