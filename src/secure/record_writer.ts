/** The sending half of a channel: bytes in, sealed frames out, in the order of their counters. */
import { ChannelError } from "../base/errors.ts";
import type { Transport } from "../net/transport.ts";
import type { RecordSealer } from "./record.ts";
import { type Sealing, sealSoon } from "./seal_queue.ts";

const DONE = Promise.resolve();

export class RecordWriter implements Sealing {
  readonly sealer: RecordSealer;
  readonly #transport: Pick<Transport, "write">;
  /** The write before: the next begins when it is done. */
  #writing: Promise<void> = DONE;
  #unfinished = 0;
  /** What settles the write that is being sealed. */
  #settle: Pick<PromiseWithResolvers<void>, "resolve" | "reject"> | undefined;

  constructor(transport: Pick<Transport, "write">, sealer: RecordSealer) {
    this.#transport = transport;
    this.sealer = sealer;
  }

  /** Seals and sends; rejects as the transport's write does, and after {@linkcode close}. */
  write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return DONE;
    const isAlone = this.#unfinished++ === 0;
    return this.#writing = isAlone
      ? this.#begin(bytes)
      : this.#writing.then(() => this.#begin(bytes));
  }

  /** Resolves when what was written before is sent. */
  written(): Promise<void> {
    return this.#writing;
  }

  /** Forgets the key. */
  close(): void {
    this.sealer.cipher.wipe();
  }

  send(frames: Uint8Array): void {
    // The next write begins when this one is done, and has its own.
    const { resolve, reject } = this.#settle!;
    this.#settle = undefined;
    const sent = () => {
      this.#unfinished--;
      resolve();
    };
    try {
      this.#transport.write(frames).then(sent, reject);
    } catch (error) {
      // Others wait behind this one, and are to get theirs.
      reject(error);
    }
  }

  refuse(): void {
    this.#settle?.reject(new ChannelError());
  }

  #begin(bytes: Uint8Array): Promise<void> {
    const settle = Promise.withResolvers<void>();
    this.#settle = settle;
    sealSoon(bytes, this);
    return settle.promise;
  }
}
