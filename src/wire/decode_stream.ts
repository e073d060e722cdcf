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
 * Reads from `source` only when its own reader asks, so a reader that waits is a peer that is not
 * read from. The stream fails as the parser does, after what came before the fault was handed out,
 * or as the source does.
 */
export function decodeStream<T extends object>(
  source: AsyncIterable<Uint8Array>,
  parser: PushParser<T>,
): ReadableStream<Iterable<T>> {
  const chunks = source[Symbol.asyncIterator]();
  let hasEnded = false;
  let fault: unknown;
  const take = () => hasEnded ? parser.end?.() : parser.next();

  function* goOn(first: T): Generator<T, void> {
    for (let item: T | null | undefined = first; item;) {
      yield item;
      try {
        item = take();
      } catch (error) {
        fault = error;
        return;
      }
    }
  }

  return new ReadableStream<Iterable<T>>({
    async pull(controller) {
      for (;;) {
        if (fault !== undefined) throw fault;
        const first = take();
        if (first) return controller.enqueue(goOn(first));
        if (hasEnded) return controller.close();
        const { done, value } = await chunks.next();
        if (done) hasEnded = true;
        else parser.push(value);
      }
    },
    async cancel() {
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}
