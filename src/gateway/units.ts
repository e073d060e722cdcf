/** What a client says, in units (lines, or the payloads of frames): read when it is asked for, never ahead. */
import type { Decoder } from "./dialect.ts";

export interface UnitsOptions<In> {
  readonly client: AsyncIterable<Uint8Array>;
  readonly decoder: Decoder<In>;
  /** A read that {@linkcode Units.read} began is over. */
  readonly onRead: () => void;
}

export class Units<In> {
  readonly #options: UnitsOptions<In>;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  #isReading = false;
  #isDiscarding = false;
  #hasEnded = false;
  #fault: unknown;

  constructor(options: UnitsOptions<In>) {
    this.#options = options;
    this.#chunks = options.client[Symbol.asyncIterator]();
  }

  /** Whether no more bytes will come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * The next whole unit, or `undefined` when there is none yet, or none any more.
   *
   * @throws {ConfabError} when the bytes are no units, and what reading threw.
   */
  next(): In | undefined {
    if (this.#fault !== undefined) throw this.#fault;
    const { decoder } = this.#options;
    return decoder.next() ??
      (this.#hasEnded ? decoder.end?.() : undefined) ?? undefined;
  }

  /** Begins to read, unless that is under way or the input has ended. */
  read(): void {
    if (this.#isReading || this.#hasEnded) return;
    this.#isReading = true;
    this.#chunks.next().then(({ done, value }) => {
      if (done) this.#hasEnded = true;
      else if (!this.#isDiscarding) this.#options.decoder.push(value);
    }, (error) => {
      this.#hasEnded = true;
      this.#fault = error;
    }).then(() => {
      this.#isReading = false;
      this.#options.onRead();
    });
  }

  /** What comes is not looked at any more. It is read all the same: to close with bytes unread takes back what was sent last. */
  discard(): void {
    this.#isDiscarding = true;
  }
}
