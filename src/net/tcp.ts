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

export class TcpTransport implements Transport {
  readonly peer: PeerAddress;
  readonly isEncrypted = false;
  readonly isLocal: boolean;
  readonly #conn: Deno.TcpConn;
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

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    let buffer = new Uint8Array(READ_BUFFER_MIN_BYTES);
    while (!this.#isClosed) {
      let count: number | null;
      try {
        count = await this.#conn.read(buffer);
      } catch (error) {
        if (this.#isClosed || isGone(error)) return;
        throw error;
      }
      if (count === null) return;
      yield buffer.subarray(0, count);
      if (count === buffer.length && count < READ_BUFFER_MAX_BYTES) {
        const grown = Math.min(GROWTH * count, READ_BUFFER_MAX_BYTES);
        buffer = new Uint8Array(grown);
      } else if (
        buffer.length > READ_BUFFER_MIN_BYTES &&
        count < buffer.length / SHRINK_BELOW
      ) {
        buffer = new Uint8Array(READ_BUFFER_MIN_BYTES);
      }
    }
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
