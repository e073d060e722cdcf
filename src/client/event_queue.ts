/** A bounded queue between whoever makes events and the one who iterates over them. */

/** The most that is queued where that can be waited for. */
export interface QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

type Entry<T> = Readonly<
  { event: T; bytes: number } | { callback: () => void; bytes: 0 }
>;

export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #limits: QueueLimits;
  #entries: Entry<T>[] = [];
  #bytes = 0;
  #isEnded = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** What is queued came as so many bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an event that came as so many bytes; after the end it is dropped. */
  push(event: T, bytes = 0): void {
    if (this.#isEnded) return;
    this.#bytes += bytes;
    this.#entries.push({ event, bytes });
    this.#wakeReader?.();
  }

  /** Calls back when the reader is done with what is queued now, or takes no more. */
  whenTaken(callback: () => void): void {
    if (this.#isEnded) return callback();
    this.#entries.push({ callback, bytes: 0 });
    this.#wakeReader?.();
  }

  /** Resolves when there is room for more, or when that may not be waited for. */
  async whenRoom(mayWait: () => boolean): Promise<void> {
    while (this.#isFull && !this.#isEnded && mayWait()) {
      await new Promise<void>((resolve) => this.#wakeWriter = resolve);
    }
  }

  get #isFull(): boolean {
    const { events, bytes } = this.#limits;
    return this.length >= events || this.#bytes >= bytes;
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
        this.#bytes -= entry.bytes;
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
    this.#bytes = 0;
    for (const entry of entries) if ("callback" in entry) entry.callback();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
