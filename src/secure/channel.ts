/** The sealed channel, a transport in a transport: bytes at its ends, records in between. */
import { ChannelError } from "../base/errors.ts";
import type { PeerAddress, Transport } from "../net/transport.ts";
import type { FrameDecoder } from "../wire/frame.ts";
import type { AeadFactory, Bytes } from "./aead.ts";
import { CipherState, type HandshakeResult } from "./noise.ts";
import { RecordOpener, RecordSealer } from "./record.ts";

export interface ChannelOptions {
  /** The cipher of the records. */
  readonly aead: AeadFactory;
  /** Records under one key. */
  readonly rekeyAfter?: number;
}

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
  /** The transcript hash, the same at both ends. */
  readonly handshakeHash: Bytes;

  readonly #transport: Transport;
  readonly #source: FrameSource;
  readonly #sealer: RecordSealer;
  readonly #opener: RecordOpener;
  /** The write before: records leave in the order of their counters. */
  #writing: Promise<void> = Promise.resolve();

  constructor(
    transport: Transport,
    source: FrameSource,
    result: HandshakeResult & { readonly key: string },
    { aead, rekeyAfter }: ChannelOptions,
  ) {
    this.peer = transport.peer;
    this.isLocal = transport.isLocal;
    this.key = result.key;
    this.handshakeHash = result.handshakeHash;
    this.#transport = transport;
    this.#source = source;
    const send = new CipherState(result.sendKey, aead);
    this.#sealer = new RecordSealer(send, rekeyAfter);
    const receive = new CipherState(result.receiveKey, aead);
    this.#opener = new RecordOpener(receive, rekeyAfter);
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
        while ((record = nextFrame(decoder)) !== null) {
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

/** The next frame of those that the decoder has. A wrong length is a fault like any other. */
export function nextFrame(decoder: FrameDecoder): Uint8Array | null {
  try {
    return decoder.next();
  } catch {
    throw new ChannelError();
  }
}
