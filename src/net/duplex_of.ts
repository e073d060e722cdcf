/** A transport as Node's streams have it: what its HTTP, its TLS and `ws` take for a socket. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { concat } from "@std/bytes/concat";
import type { PeerAddress, Transport } from "./transport.ts";

type Done = (error?: Error | null) => void;

/**
 * Reads `chunks` when it is asked to, and writes to the transport; what is written counts as taken
 * when the transport has. The end of its writing ends the transport's; its destruction closes it.
 */
export class TransportDuplex extends Duplex {
  readonly #transport: Pick<Transport, "write" | "closeWrite" | "close">;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(
    { peer, transport, chunks }: {
      readonly peer: PeerAddress;
      readonly transport: Pick<Transport, "write" | "closeWrite" | "close">;
      readonly chunks: AsyncIterator<Uint8Array, undefined>;
    },
  ) {
    super();
    this.remoteAddress = peer.hostname;
    this.remotePort = peer.port;
    this.#transport = transport;
    this.#chunks = chunks;
  }

  // What else is asked of a socket: deadlines and delays are the transport's and its owner's.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    this.#chunks.next().then(
      // A chunk holds only until the next is asked for.
      ({ done, value }) => this.push(done ? null : Buffer.from(value)),
      (error) => this.destroy(error),
    );
  }

  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    settle(this.#transport.write(chunk), done);
  }

  /** Header and content that are written together are one write of the transport. */
  override _writev(chunks: readonly { chunk: Uint8Array }[], done: Done): void {
    const bytes = concat(chunks.map(({ chunk }) => chunk));
    settle(this.#transport.write(bytes), done);
  }

  override _final(done: Done): void {
    settle(this.#transport.closeWrite(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#transport.close();
    done(error);
  }
}

function settle(promise: Promise<void>, done: Done): void {
  promise.then(() => done(), done);
}
