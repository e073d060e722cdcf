/** A bounded queue between whoever makes events and the one who iterates over them. */

export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #limit: number;
  #events: T[] = [];
  #isEnded = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#events.length;
  }

  /** Adds an event; after the end it is dropped. */
  push(event: T): void {
    if (this.#isEnded) return;
    this.#events.push(event);
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
      const event = this.#events.shift();
      if (event !== undefined) {
        this.#wakeWriter?.();
        return { done: false, value: event };
      }
      if (this.#isEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#wakeReader = resolve);
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    this.#events = [];
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
