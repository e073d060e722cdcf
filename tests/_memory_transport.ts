/**
 * Two transports in memory, each the other's peer: for tests, and for a client in the same process.
 */
import { given } from "../src/base/given.ts";
import type {
  PeerAddress,
  Transport,
  TransportFacts,
} from "../src/net/transport.ts";

class MemoryEnd implements Transport {
  readonly peer: PeerAddress;
  readonly isEncrypted: boolean;
  readonly isLocal: boolean;
  readonly key?: string;
  other!: MemoryEnd;
  readonly #chunks: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  /** Nothing more comes; what came is still handed out. */
  #isReadEnded = false;
  /** Nothing more may be sent. */
  #isWriteEnded = false;

  constructor({ peer, isEncrypted, isLocal, key }: TransportFacts) {
    this.peer = peer;
    this.isEncrypted = isEncrypted;
    this.isLocal = isLocal;
    if (key !== undefined) this.key = key;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#isReadEnded) return;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#isWriteEnded) {
      return Promise.reject(new Error("writing: the connection is closed"));
    }
    this.other.#take(bytes.slice());
    return Promise.resolve();
  }

  closeWrite(): Promise<void> {
    this.#isWriteEnded = true;
    this.other.#endRead();
    return Promise.resolve();
  }

  close(): void {
    for (const end of [this, this.other]) {
      end.#isWriteEnded = true;
      end.#endRead();
    }
  }

  #take(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#wake?.();
  }

  #endRead(): void {
    this.#isReadEnded = true;
    this.#wake?.();
  }
}

/**
 * The two ends of one connection in memory: of this machine and not encrypted, unless the facts say
 * otherwise of the far end, as the near one knows it.
 */
export function memoryPair(
  facts: Partial<TransportFacts> = {},
): [Transport, Transport] {
  const plain = { isEncrypted: false, isLocal: true };
  const near = new MemoryEnd({
    ...plain,
    peer: { hostname: "127.0.0.1", port: 1 },
    ...facts,
  });
  const far = new MemoryEnd({
    ...plain,
    peer: { hostname: "127.0.0.1", port: 2 },
  });
  near.other = far;
  far.other = near;
  return [near, far];
}

/** The facts alone. */
export function factsOf(
  { peer, isEncrypted, isLocal, key }: TransportFacts,
): TransportFacts {
  return { peer, isEncrypted, isLocal, ...given({ key }) };
}

/** A transport that stands for another, for a test to change in part. */
export function standIn(transport: Transport): Transport {
  return {
    ...factsOf(transport),
    write: (bytes) => transport.write(bytes),
    closeWrite: () => transport.closeWrite(),
    close: () => transport.close(),
    [Symbol.asyncIterator]: () => transport[Symbol.asyncIterator](),
  };
}
