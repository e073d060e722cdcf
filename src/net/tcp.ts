/** TCP as a transport, with a read buffer of our own: small at rest, larger while data flows. */
import {
  READ_BUFFER_MAX_BYTES,
  READ_BUFFER_MIN_BYTES,
} from "../base/limits.ts";
import { isLoopback } from "./address.ts";
import type { PeerAddress, Transport } from "./transport.ts";

/** A full buffer grows by this factor; one that stays nearly empty shrinks to its smallest. */
const GROWTH = 4;
const SHRINK_BELOW = 16;

type Chunk = IteratorResult<Uint8Array, undefined>;
const END: Chunk = { done: true, value: undefined };

/** It is its own iterator: there is only one. */
export class TcpTransport
  implements Transport, AsyncIterator<Uint8Array, undefined> {
  readonly peer: PeerAddress;
  readonly isEncrypted = false;
  readonly isLocal: boolean;
  readonly #conn: Deno.TcpConn;
  /** What the next read goes into. */
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #hasEnded = false;
  #isClosed = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    const { hostname, port } = conn.remoteAddr;
    this.peer = { hostname, port };
    this.isLocal = isLoopback(hostname);
    // Messages are joined by the turn: Nagle's algorithm would only add its delay.
    conn.setNoDelay(true);
    conn.setKeepAlive(true);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  /** Reads once. Most connections wait here: callbacks hold less than an async function would. */
  next(): Promise<Chunk> {
    if (this.#isClosed || this.#hasEnded) return Promise.resolve(END);
    this.#buffer ??= new Uint8Array(READ_BUFFER_MIN_BYTES);
    return this.#conn.read(this.#buffer).then(
      (count) => this.#hasRead(count),
      (error) => this.#hasFailed(error),
    );
  }

  return(): Promise<Chunk> {
    this.#hasEnded = true;
    return Promise.resolve(END);
  }

  #hasRead(count: number | null): Chunk {
    if (count === null) return this.#end();
    const buffer = this.#buffer!;
    if (count === buffer.length && count < READ_BUFFER_MAX_BYTES) {
      const grown = Math.min(GROWTH * count, READ_BUFFER_MAX_BYTES);
      this.#buffer = new Uint8Array(grown);
    } else if (
      buffer.length > READ_BUFFER_MIN_BYTES &&
      count < buffer.length / SHRINK_BELOW
    ) {
      this.#buffer = undefined;
    }
    return { done: false, value: buffer.subarray(0, count) };
  }

  #hasFailed(error: unknown): Chunk {
    const isOver = this.#isClosed || isGone(error);
    this.#end();
    if (isOver) return END;
    throw error;
  }

  #end(): Chunk {
    this.#hasEnded = true;
    this.#buffer = undefined;
    return END;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#conn.write(bytes).then((sent) =>
      sent < bytes.length ? this.#writeRest(bytes, sent) : undefined
    );
  }

  async closeWrite(): Promise<void> {
    if (!this.#isClosed) await this.#conn.closeWrite();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#conn.close();
    } catch {
      // The runtime closed it already, which is what was wanted.
    }
  }

  async #writeRest(bytes: Uint8Array, from: number): Promise<void> {
    let sent = from;
    while (sent < bytes.length) {
      sent += await this.#conn.write(bytes.subarray(sent));
    }
  }
}

/** Whether an error of reading only says that the other end went away without a word. */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.TimedOut;
}
