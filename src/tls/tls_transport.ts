/** The inside of TLS, a transport in a transport: bytes at its ends, records of TLS in between. */
import { type SecureContext, TLSSocket } from "node:tls";
import { ChannelError } from "../base/errors.ts";
import { TransportDuplex } from "../net/duplex_of.ts";
import type { PeerAddress, Transport } from "../net/transport.ts";
import { Outside, turn } from "./outside.ts";

export interface TlsOptions {
  readonly context: SecureContext;
  /** What is chosen from, where the client asks what is spoken inside (ALPN, RFC 7301). */
  readonly protocols?: readonly string[];
}

type Chunk = IteratorResult<Uint8Array, undefined>;
const END: Chunk = { done: true, value: undefined };

interface Reading {
  resolve(chunk: Chunk): void;
  reject(error: ChannelError): void;
}

/** It is its own iterator: there is only one. */
export class TlsTransport
  implements Transport, AsyncIterator<Uint8Array, undefined> {
  readonly peer: PeerAddress;
  readonly isEncrypted = true;
  readonly isLocal: boolean;
  readonly #transport: Transport;
  readonly #outside: Outside;
  readonly #socket: TLSSocket;
  /** Who waits for the next chunk. */
  #reading: Reading | undefined;
  /** It broke, or was cut. */
  #isBroken = false;
  #isClosed = false;

  /** The handshake is over. */
  private constructor(
    transport: Transport,
    outside: Outside,
    socket: TLSSocket,
  ) {
    this.peer = transport.peer;
    this.isLocal = transport.isLocal;
    this.#transport = transport;
    this.#outside = outside;
    this.#socket = socket;
    outside.shut();
    outside.onEnd = () => this.#outsideEnded();
    socket.on("readable", () => this.#serve());
    socket.on("end", () => this.#serve());
    // Where nobody has taken a socket over from Node's server, its faults have this name.
    for (const fault of ["error", "_tlsError"]) {
      socket.on(fault, () => this.#break());
    }
    socket.on("close", () => this.#gone());
  }

  /**
   * The server's side of the handshake.
   *
   * @returns `undefined` when the other end went away; of one that failed, whether anything was sent
   * before.
   */
  static accept(
    transport: Transport,
    { context, protocols }: TlsOptions,
  ): Promise<TlsTransport | { readonly hasSent: boolean } | undefined> {
    const outside = new Outside(transport);
    const { peer } = transport;
    const duplex = new TransportDuplex({
      ...{ peer, transport: outside, chunks: outside },
    });
    const socket = new TLSSocket(duplex, {
      isServer: true,
      secureContext: context,
      ...protocols === undefined ? {} : { ALPNProtocols: [...protocols] },
    });
    return new Promise((resolve) => {
      const failed = () => resolve({ hasSent: outside.hasSent });
      const over = () => {
        socket.destroy();
        resolve(undefined);
      };
      outside.onEnd = () => void over();
      socket.on("error", failed).on("close", over);
      // What Node calls a connection on the server's side, it calls secure.
      socket.once("secure", () => {
        socket.off("error", failed).off("close", over);
        resolve(new TlsTransport(transport, outside, socket));
      });
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  /**
   * Reads.
   *
   * @throws {ChannelError} when the records are damaged, or cut off before their end.
   */
  next(): Promise<Chunk> {
    return new Promise((resolve, reject) => {
      this.#reading = { resolve, reject };
      this.#serve();
    });
  }

  return(): Promise<Chunk> {
    this.#outside.shut();
    return Promise.resolve(END);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => error ? reject(error) : resolve());
    });
  }

  /** Says that nothing more comes (`close_notify`), inside and outside. */
  async closeWrite(): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve, reject) => {
      this.#socket.end((error?: Error | null) =>
        error ? reject(error) : resolve()
      );
    });
    await this.#outside.written();
    await this.#outside.closeWrite();
  }

  /** Tells the other end so, where that takes no time: else it had to think that it was cut. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#serve();
    if (this.#isBroken || this.#outside.isWriting) return this.#end();
    this.#socket.end();
    turn().then(() => this.#end());
  }

  #end(): void {
    this.#socket.destroy();
    this.#transport.close();
  }

  /** Gives who reads what there is, or lets more come. */
  #serve(): void {
    if (this.#reading === undefined) return;
    const bytes: Uint8Array | null = this.#isClosed || this.#isBroken
      ? null
      : this.#socket.read();
    const { resolve, reject } = this.#reading;
    if (bytes !== null) resolve({ done: false, value: bytes });
    else if (this.#isClosed) resolve(END);
    else if (this.#isBroken) reject(new ChannelError());
    else if (this.#socket.readableEnded) resolve(END);
    else return this.#outside.open();
    this.#reading = undefined;
    this.#outside.shut();
  }

  /** Nobody said inside that this is the end: who is on the way may have cut it. */
  async #outsideEnded(): Promise<void> {
    // What came before it is taken in first.
    await turn();
    this.#gone();
  }

  #gone(): void {
    if (!this.#socket.readableEnded) this.#break();
  }

  #break(): void {
    this.#isBroken = true;
    this.#serve();
  }
}
