/** A transport: what carries bytes between two ends. TCP, the sealed channel, and a pair in memory are transports. */

/** Who is at the other end, as the carrier knows it. */
export interface PeerAddress {
  /** An IP address, or what else the carrier has. */
  readonly hostname: string;
  readonly port: number;
}

/** One connection's bytes in order, both ways. Iterating it reads; it can be iterated once. */
export interface Transport extends AsyncIterable<Uint8Array> {
  readonly peer: PeerAddress;

  /**
   * Reads: each chunk holds until the next is asked for. The iteration ends when the other end has ended its side, or after `close`.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined>;

  /**
   * Sends bytes, and resolves when the carrier has taken them all; the caller must leave them as they are until then.
   *
   * @throws when the connection is gone.
   */
  write(bytes: Uint8Array): Promise<void>;

  /** Ends this side's direction: the other end reads to its end, and may still send. */
  closeWrite(): Promise<void>;

  /** Ends both directions at once. May be called any number of times. */
  close(): void;
}

/** A transport whose first bytes were read already: they come again, before the rest. */
export function withFirstBytes(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array, undefined>,
  transport: Transport,
): Transport {
  return {
    peer: transport.peer,
    write: (bytes) => transport.write(bytes),
    closeWrite: () => transport.closeWrite(),
    close: () => transport.close(),
    [Symbol.asyncIterator]() {
      let isFirst = first.length > 0;
      return {
        next() {
          if (!isFirst) return rest.next();
          isFirst = false;
          return Promise.resolve({ done: false, value: first });
        },
        return: () =>
          rest.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      };
    },
  };
}
