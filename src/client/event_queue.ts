/** A bounded queue between whoever makes events and the one who iterates over them. */

export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #limit: number;
  #entries: ({ readonly event: T } | { readonly callback: () => void })[] = [];
  #isEnded = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Adds an event; after the end it is dropped. */
  push(event: T): void {
    if (this.#isEnded) return;
    this.#entries.push({ event });
    this.#wakeReader?.();
  }

  /** Calls back when the reader is done with what is queued now, or takes no more. */
  whenTaken(callback: () => void): void {
    if (this.#isEnded) return callback();
    this.#entries.push({ callback });
    this.#wakeReader?.();
  }

  /** Resolves when there is room for more, or when that may not be waited for. */
  async whenRoom(mayWait: () => boolean): Promise<void> {
    while (this.length >= this.#limit && !this.#isEnded && mayWait()) {
      await new Promise<void>((resolve) => this.#wakeWriter = resolve);
    }
  }

  /** Whether room may be waited for is asked again. */
  wake(): void {
    this.#wakeWriter?.();
  }

  /** What is queued is still handed out; then the iteration ends. */
  end(): void {
    this.#isEnded = true;
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const entry = this.#entries.shift();
      if (entry !== undefined) {
        this.#wakeWriter?.();
        if ("event" in entry) return { done: false, value: entry.event };
        entry.callback();
      } else if (this.#isEnded) return { done: true, value: undefined };
      else await new Promise<void>((resolve) => this.#wakeReader = resolve);
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    const entries = this.#entries;
    this.#entries = [];
    for (const entry of entries) if ("callback" in entry) entry.callback();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
