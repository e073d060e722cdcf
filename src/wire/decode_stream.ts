/** A push parser's face as a stream: one `ReadableStream` a connection. */

/** Bytes go in as they come, what they come to is taken out, until there is nothing more of it. */
export interface PushParser<T> {
  push(chunk: Uint8Array): void;
  next(): T | null | undefined;
  /** What the end of the input makes whole; asked until there is nothing more. */
  end?(): T | null | undefined;
}

/**
 * The chunks of the stream are what one read brought, each to be gone through once: it is parsed as
 * it is taken, in the light of what came before. What was parsed holds until the next is asked for.
 *
 * Reads on only when its own reader asks, so a reader that waits is a peer that is not
 * read from. The stream fails as the parser does, after what came before the fault was handed out,
 * or as the reading does.
 */
export function decodeStream<T extends object>(
  chunks: AsyncIterator<Uint8Array>,
  parser: PushParser<T>,
): ReadableStream<Iterable<T>> {
  return new ReadableStream(new Decoding(chunks, parser), NO_QUEUE);
}

const NO_QUEUE: QueuingStrategy = { highWaterMark: 0 };

type Settle = Pick<PromiseWithResolvers<void>, "resolve" | "reject">;

/** What fills the stream: one object a connection, as there may be very many of them. */
class Decoding<T extends object>
  implements UnderlyingDefaultSource<Iterable<T>> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #parser: PushParser<T>;
  #hasEnded = false;
  #fault: unknown;

  constructor(chunks: AsyncIterator<Uint8Array>, parser: PushParser<T>) {
    this.#chunks = chunks;
    this.#parser = parser;
  }

  pull(
    controller: ReadableStreamDefaultController<Iterable<T>>,
  ): Promise<void> | undefined {
    if (this.#giveOut(controller)) return undefined;
    return new Promise((resolve, reject) => {
      this.#read(controller, { resolve, reject });
    });
  }

  /**
   * Reads until there is something to give out. Most connections wait here: callbacks hold less
   * than an async function would. They do not wait for each other: who sends a byte at a time would
   * make a long chain of them.
   */
  #read(
    controller: ReadableStreamDefaultController<Iterable<T>>,
    pulled: Settle,
  ): void {
    this.#chunks.next().then(({ done, value }) => {
      try {
        if (done) this.#hasEnded = true;
        else this.#parser.push(value);
        if (this.#giveOut(controller)) pulled.resolve();
        else this.#read(controller, pulled);
      } catch (error) {
        pulled.reject(error);
      }
    }, pulled.reject);
  }

  /** Gives out what is here, or the end; `false` when more has to be read. */
  #giveOut(controller: ReadableStreamDefaultController<Iterable<T>>): boolean {
    if (this.#fault !== undefined) throw this.#fault;
    const first = this.#take();
    if (first) controller.enqueue(new Batch(first, this));
    else if (this.#hasEnded) controller.close();
    else return false;
    return true;
  }

  async cancel(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** The next of a batch; a fault is the end of it, and then of the stream. */
  goOn(): T | null | undefined {
    try {
      return this.#take();
    } catch (error) {
      this.#fault = error;
      return undefined;
    }
  }

  #take(): T | null | undefined {
    return this.#hasEnded ? this.#parser.end?.() : this.#parser.next();
  }
}

/** What one read brought. */
class Batch<T extends object> implements IterableIterator<T, undefined> {
  #first: T | undefined;
  /** Until its end is reached. */
  #decoding: Decoding<T> | undefined;

  constructor(first: T, decoding: Decoding<T>) {
    this.#first = first;
    this.#decoding = decoding;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<T, undefined> {
    const value = this.#first ?? this.#decoding?.goOn();
    this.#first = undefined;
    if (value) return { done: false, value };
    return this.return();
  }

  return(): IteratorResult<T, undefined> {
    this.#first = this.#decoding = undefined;
    return { done: true, value: undefined };
  }
}
