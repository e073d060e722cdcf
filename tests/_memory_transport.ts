/** Two transports in memory, each the other's peer: for tests, and for a client in the same process. */
import type { PeerAddress, Transport } from "../src/net/transport.ts";

class MemoryEnd implements Transport {
  readonly peer: PeerAddress;
  other!: MemoryEnd;
  readonly #chunks: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  /** Nothing more comes; what came is still handed out. */
  #isReadEnded = false;
  /** Nothing more may be sent. */
  #isWriteEnded = false;

  constructor(peer: PeerAddress) {
    this.peer = peer;
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

/** The two ends of one connection in memory. */
export function memoryPair(): [Transport, Transport] {
  const near = new MemoryEnd({ hostname: "127.0.0.1", port: 1 });
  const far = new MemoryEnd({ hostname: "127.0.0.1", port: 2 });
  near.other = far;
  far.other = near;
  return [near, far];
}
