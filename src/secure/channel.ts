/** The sealed channel, a transport in a transport: bytes at its ends, records in between. */
import { ChannelError } from "../base/errors.ts";
import type { PeerAddress, Transport } from "../net/transport.ts";
import type { FrameDecoder } from "../wire/frame.ts";
import type { AeadFactory } from "./aead.ts";
import { CipherState, type HandshakeResult } from "./noise.ts";
import { RecordOpener, type RecordOptions, RecordSealer } from "./record.ts";

/** Where the handshake stopped reading: what follows is records. */
export interface FrameSource {
  readonly decoder: FrameDecoder;
  readonly chunks: AsyncIterator<Uint8Array, undefined>;
}

export class SecureChannel implements Transport {
  readonly peer: PeerAddress;
  readonly isEncrypted = true;
  readonly isLocal: boolean;
  /** The fingerprint of the other side's static key. */
  readonly key: string;
  /** The other side's static public key, 32 bytes. */
  readonly remoteStatic: Uint8Array<ArrayBuffer>;
  /** The transcript hash, the same at both ends. */
  readonly handshakeHash: Uint8Array<ArrayBuffer>;

  readonly #transport: Transport;
  readonly #source: FrameSource;
  readonly #sealer: RecordSealer;
  readonly #opener: RecordOpener;
  /** The write before: records leave in the order of their counters. */
  #writing: Promise<void> = Promise.resolve();

  constructor(
    transport: Transport,
    source: FrameSource,
    result: HandshakeResult & {
      readonly remoteStatic: Uint8Array<ArrayBuffer>;
      readonly key: string;
    },
    options: RecordOptions & { readonly aead: AeadFactory },
  ) {
    this.peer = transport.peer;
    this.isLocal = transport.isLocal;
    this.key = result.key;
    this.remoteStatic = result.remoteStatic;
    this.handshakeHash = result.handshakeHash;
    this.#transport = transport;
    this.#source = source;
    this.#sealer = new RecordSealer(
      new CipherState(result.sendKey, options.aead),
      options,
    );
    this.#opener = new RecordOpener(
      new CipherState(result.receiveKey, options.aead),
      options,
    );
  }

  /**
   * The data of the records, one after the other.
   *
   * @throws {ChannelError} on any fault, after which nothing more is read.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    const { decoder, chunks } = this.#source;
    try {
      for (;;) {
        let record: Uint8Array | null;
        while ((record = nextRecord(decoder)) !== null) {
          const data = this.#opener.open(record);
          yield data instanceof Promise ? await data : data;
        }
        const { done, value } = await chunks.next();
        if (done) return;
        decoder.push(value);
      }
    } finally {
      await chunks.return?.();
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return Promise.resolve();
    return this.#writing = this.#writing.then(() => this.#write(bytes));
  }

  closeWrite(): Promise<void> {
    return this.#writing.then(() => this.#transport.closeWrite());
  }

  close(): void {
    this.#transport.close();
  }

  #write(bytes: Uint8Array): Promise<void> {
    const sealed = this.#sealer.seal(bytes);
    return sealed instanceof Promise
      ? sealed.then((frames) => this.#transport.write(frames))
      : this.#transport.write(sealed);
  }
}

function nextRecord(decoder: FrameDecoder): Uint8Array | null {
  try {
    return decoder.next();
  } catch {
    throw new ChannelError();
  }
}
