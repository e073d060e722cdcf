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
   * What came next. Most channels wait here: callbacks hold less than an async function would.
   *
   * @throws {ChannelError} (rejects with it) on any fault, after which nothing more is read.
   */
  next(): Promise<Chunk> {
    try {
      if (this.#isOver) return Promise.resolve(END);
      const value = this.#open();
      if (value !== undefined) return Promise.resolve({ done: false, value });
    } catch (error) {
      return this.#fail(error);
    }
    return this.#source.chunks.next().then((chunk) => this.#take(chunk));
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

  #take(chunk: Chunk): Chunk | Promise<Chunk> {
    if (chunk.done) this.#isOver = true;
    else this.#source.decoder.push(chunk.value);
    return this.next();
  }

  async #fail(error: unknown): Promise<Chunk> {
    await this.return();
    throw error;
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
