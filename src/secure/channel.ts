/** The sealed channel, a transport in a transport: bytes at its ends, records in between. */
import type { PeerAddress, Transport } from "../net/transport.ts";
import { CipherState } from "./cipher_state.ts";
import type { HandshakeResult } from "./noise.ts";
import { RecordOpener, RecordSealer } from "./record.ts";
import { type FrameSource, RecordReader } from "./record_reader.ts";
import { RecordWriter } from "./record_writer.ts";

export interface ChannelOptions {
  /** Records under one key. */
  readonly rekeyAfter?: number;
}

export class SecureChannel implements Transport {
  readonly peer: PeerAddress;
  readonly isEncrypted = true;
  readonly isLocal: boolean;
  /** The fingerprint of the other side's static key. */
  readonly key: string;
  readonly #transport: Transport;
  readonly #writer: RecordWriter;
  readonly #reader: RecordReader;

  /** Takes the keys over: those of `result` are overwritten. */
  constructor(
    transport: Transport,
    source: FrameSource,
    result: HandshakeResult & { readonly key: string },
    { rekeyAfter }: ChannelOptions = {},
  ) {
    this.peer = transport.peer;
    this.isLocal = transport.isLocal;
    this.key = result.key;
    this.#transport = transport;
    const send = new CipherState(result.sendKey);
    const sealer = new RecordSealer(send, rekeyAfter);
    this.#writer = new RecordWriter(transport, sealer);
    const receive = new CipherState(result.receiveKey);
    const opener = new RecordOpener(receive, rekeyAfter);
    this.#reader = new RecordReader(source, opener);
  }

  /**
   * The data of the records, in order.
   *
   * @throws {ChannelError} on any fault, after which nothing more is read.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this.#reader;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#writer.written().then(() => this.#transport.closeWrite());
  }

  /** Ends both directions and forgets the keys. */
  close(): void {
    this.#transport.close();
    this.#writer.close();
    this.#reader.close();
  }
}
