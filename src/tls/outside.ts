/**
 * The outside of TLS: a transport as Node's TLS takes it. Node reads what there is, whether anybody
 * takes what is inside or not; so nothing is read here but what is asked for.
 */
import { setImmediate } from "node:timers";
import type { PeerAddress, Transport } from "../net/transport.ts";

type Chunk = IteratorResult<Uint8Array, undefined>;

/** It is its own iterator: there is only one. */
export class Outside implements Transport, AsyncIterator<Uint8Array> {
  readonly peer: PeerAddress;
  readonly isEncrypted: boolean;
  readonly isLocal: boolean;
  /** Something was sent. */
  hasSent = false;
  /** Called when the transport has ended, before Node learns of it. */
  onEnd: () => Promise<void> | undefined = () => undefined;
  readonly #transport: Transport;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  /** Whether what comes may be read: until the handshake is over, everything. */
  #isOpen = true;
  #onOpen = () => {};
  #writing: Promise<void> | undefined;

  constructor(transport: Transport) {
    const { peer, isEncrypted, isLocal } = transport;
    this.peer = peer;
    this.isEncrypted = isEncrypted;
    this.isLocal = isLocal;
    this.#transport = transport;
    this.#chunks = transport[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  /** Lets what comes be read, until {@linkcode shut}. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#onOpen();
  }

  shut(): void {
    this.#isOpen = false;
  }

  next(): Promise<Chunk> {
    if (this.#isOpen) return this.#read();
    return new Promise<void>((resolve) => this.#onOpen = resolve)
      .then(() => this.#read());
  }

  #read(): Promise<Chunk> {
    return this.#chunks.next().then((chunk) => {
      const told = chunk.done ? this.onEnd() : undefined;
      return told === undefined ? chunk : told.then(() => chunk);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    this.hasSent = true;
    const writing = this.#transport.write(bytes).finally(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
    return this.#writing = writing;
  }

  /** Whether what was written is on its way. */
  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  /** Resolves when what Node had to send is sent. */
  async written(): Promise<void> {
    // Node hands over what came meanwhile as soon as a write is over.
    do {
      await this.#writing?.catch(() => {});
      await turn();
    } while (this.#writing !== undefined);
  }

  closeWrite(): Promise<void> {
    return this.#transport.closeWrite();
  }

  /** Node is done with it; the transport is closed by whoever has it. */
  close(): void {
    this.open();
  }
}

/** Resolves when all that can happen without I/O has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
