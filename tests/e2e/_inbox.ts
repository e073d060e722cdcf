// What has arrived, and who waits for what: a test awaits items and conditions, never time.

import { within } from "./_scenario.ts";

interface Waiter {
  /** Looks at the state after a change; true when it has been served. */
  look(): boolean;
  reject(error: Error): void;
}

/** How many of the last arrivals a failure lists. */
const LISTED = 40;

export class Inbox<T> {
  /** Everything that arrived, in order, taken or not. */
  readonly all: T[] = [];
  readonly #show: (item: T) => string;
  #untaken: T[] = [];
  #waiters: Waiter[] = [];
  #ended: string | undefined;

  constructor(show: (item: T) => string) {
    this.#show = show;
  }

  push(item: T): void {
    this.all.push(item);
    this.#untaken.push(item);
    this.#wake();
  }

  /** Nothing more will come: who waits in vain fails now and not at the watchdog. */
  end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#wake();
    for (const waiter of this.#waiters) {
      waiter.reject(new Error(`nothing more will come: ${reason}`));
    }
    this.#waiters = [];
  }

  /** Takes the first item that matches, of those not yet taken or of those to come. */
  next(test: (item: T) => boolean, what: string): Promise<T> {
    return this.#wait(what, () => {
      const index = this.#untaken.findIndex(test);
      if (index < 0) return undefined;
      return { value: this.#untaken.splice(index, 1)[0] as T };
    });
  }

  /** Resolves when the condition holds; it is looked at after every arrival and takes nothing. */
  async until(condition: () => boolean, what: string): Promise<void> {
    await this.#wait(
      what,
      () => condition() ? { value: undefined } : undefined,
    );
  }

  /** Takes everything that has arrived and was not taken. */
  drain(): T[] {
    return this.#untaken.splice(0);
  }

  /** The last arrivals, one a line, for the message of a failure. */
  listing(): string {
    const lines = this.all.slice(-LISTED).map((item) =>
      `  ${this.#show(item)}`
    );
    return `${this.all.length} arrived, the last ${lines.length}:\n${
      lines.join("\n")
    }`;
  }

  async #wait<V>(
    what: string,
    attempt: () => { value: V } | undefined,
  ): Promise<V> {
    const found = attempt();
    if (found !== undefined) return found.value;
    if (this.#ended !== undefined) {
      throw new Error(
        `waiting for ${what}, but ${this.#ended}; ${this.listing()}`,
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<V>();
    const waiter: Waiter = {
      look() {
        const now = attempt();
        if (now !== undefined) resolve(now.value);
        return now !== undefined;
      },
      reject: (error) =>
        reject(
          new Error(`waiting for ${what}: ${error.message}; ${this.listing()}`),
        ),
    };
    this.#waiters.push(waiter);
    try {
      return await within(promise, () => `${what}; ${this.listing()}`);
    } finally {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  #wake(): void {
    this.#waiters = this.#waiters.filter((waiter) => !waiter.look());
  }
}
