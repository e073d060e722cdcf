/**
 * What was typed before anybody read. It comes soon when it is read, and all at once, as nothing
 * does that a person types: so it can be dropped where it may be a secret.
 */

/** Longer than a busy system takes to hand out what it holds. */
const SOON_MS = 1_000;

export class TypedAhead {
  readonly #now: () => number;
  #until: number;

  /** From now on something is read; `now` gives monotonic milliseconds. */
  constructor(what: "taken" | "dropped", now = () => performance.now()) {
    this.#now = now;
    this.#until = what === "dropped" ? now() + SOON_MS : -Infinity;
  }

  /** Whether what has just been read, with a buffer that holds all, was there before. */
  isDropped({ length }: Uint8Array): boolean {
    const isDropped = length > 1 && this.#now() < this.#until;
    this.#until = -Infinity;
    return isDropped;
  }

  /** Lets through what is typed from now on. */
  filter(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream({
      transform: (chunk, controller) => {
        if (!this.isDropped(chunk)) controller.enqueue(chunk);
      },
    });
  }
}
