/** A transport: what carries bytes between two ends, as TCP and the sealed channel do. */

/** Who is at the other end, as the carrier knows it. */
export interface PeerAddress {
  /** An IP address, or what else the carrier has. */
  readonly hostname: string;
  readonly port: number;
}

/** What is known of the other end, each fact by itself: none of them follows from another. */
export interface TransportFacts {
  readonly peer: PeerAddress;
  /** Whether nobody on the way can read it. */
  readonly isEncrypted: boolean;
  /** Whether the other end is on this machine, where addresses tell nothing. */
  readonly isLocal: boolean;
  /** The fingerprint of the other end's key, where it has proven that it has the key. */
  readonly key?: string;
}

/** One connection's bytes in order, both ways. Iterating it reads; it can be iterated once. */
export interface Transport extends TransportFacts, AsyncIterable<Uint8Array> {
  /**
   * Reads: each chunk holds until the next is asked for. The iteration ends when the other end has
   * ended its side, or after `close`.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined>;

  /**
   * Sends bytes, and resolves when the carrier has taken them all; the caller must leave them as
   * they are until then. Rejects when the connection is gone, and never throws.
   */
  write(bytes: Uint8Array): Promise<void>;

  /** Ends this side's direction: the other end reads to its end, and may still send. */
  closeWrite(): Promise<void>;

  /** Ends both directions at once. May be called any number of times. */
  close(): void;
}

/**
 * A transport whose first bytes were read already: they come again, before the rest. `facts`: what
 * they said of the other end.
 */
export function withFirstBytes(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array, undefined>,
  transport: Transport,
  facts: TransportFacts = transport,
): Transport {
  return new Resumed(first, rest, transport, facts);
}

/** It is its own iterator: there is only one. */
class Resumed implements Transport, AsyncIterator<Uint8Array, undefined> {
  readonly peer: PeerAddress;
  readonly isEncrypted: boolean;
  readonly isLocal: boolean;
  readonly key?: string;
  /** Until it was handed out. */
  #first: Uint8Array | undefined;
  readonly #rest: AsyncIterator<Uint8Array, undefined>;
  readonly #transport: Transport;

  constructor(
    first: Uint8Array,
    rest: AsyncIterator<Uint8Array, undefined>,
    transport: Transport,
    facts: TransportFacts,
  ) {
    const { peer, isEncrypted, isLocal, key } = facts;
    this.peer = peer;
    this.isEncrypted = isEncrypted;
    this.isLocal = isLocal;
    if (key !== undefined) this.key = key;
    if (first.length > 0) this.#first = first;
    this.#rest = rest;
    this.#transport = transport;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const first = this.#first;
    if (first === undefined) return this.#rest.next();
    this.#first = undefined;
    return Promise.resolve({ done: false, value: first });
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.#rest.return?.() ??
      Promise.resolve({ done: true, value: undefined });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#transport.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#transport.closeWrite();
  }

  close(): void {
    this.#transport.close();
  }
}
