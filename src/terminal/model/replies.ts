/** Whom a reply answers: who said something privately last, also before the last start. */
import type { Clock } from "../../base/clock.ts";
import type { Said } from "../../wire/server.ts";
import type { LastPrivate } from "./session_memory.ts";

/** Who writes while another is being answered does not get what was meant for that one. */
const SUDDEN_MS = 3_000;

export interface RepliesOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Who it was at the end of the last session. */
  readonly before: LastPrivate | undefined;
  /** It is another now. */
  readonly changed: () => void;
}

export class Replies {
  readonly #options: RepliesOptions;
  #last: LastPrivate | undefined;
  /** Whether that is from before the start, and nobody knows yet whose the name is now. */
  #isUnsure = true;
  /** Whether it is another than at the start. */
  #isChanged = false;
  /** From when on that is who a reply is meant for, in monotonic milliseconds. */
  #meantAt = -Infinity;

  constructor(options: RepliesOptions) {
    this.#options = options;
    this.#last = options.before;
  }

  /** What that person is called. */
  get name(): string | undefined {
    return this.#last?.name;
  }

  /** Who it is, where it must be looked first whose the name is now. */
  get unsure(): LastPrivate | undefined {
    return this.#isUnsure ? this.#last : undefined;
  }

  /** Who it is, where that is to be remembered. */
  get changed(): LastPrivate | undefined {
    return this.#isChanged ? this.#last : undefined;
  }

  /** When somebody said something privately last, in milliseconds UTC. */
  get spokenAt(): number {
    return this.#last?.at ?? 0;
  }

  /**
   * Somebody has said something privately: who was about to answer another must notice, if that is
   * just now (`live`).
   */
  spoke({ from, key, seq, at }: Said, how: "live" | "replayed"): void {
    const { clock, changed } = this.#options;
    const isOther = this.#last !== undefined && this.#last.name !== from;
    if (how === "live" && isOther) {
      this.#meantAt = clock.monotonic() + SUDDEN_MS;
    }
    const keyed = key === undefined ? {} : { key };
    this.#last = { name: from, seq, at, ...keyed };
    this.#isUnsure = false;
    this.#isChanged = true;
    changed();
  }

  /** Somebody has another name, under which that person is remembered from now on. */
  renamed(from: string, name: string): void {
    // While it is not known whose the name is now, it may have been another's.
    if (this.#last?.name !== from || this.#isUnsure) return;
    this.#last = { ...this.#last, name };
    this.#isChanged = true;
    this.#options.changed();
  }

  /** It was looked whose the name is: that is what the person is called, or the reader was told. */
  madeSure(): void {
    this.#isUnsure = false;
  }

  /** Whether it is another just now; that it is counts once. */
  isSudden(): boolean {
    const isSudden = this.#options.clock.monotonic() < this.#meantAt;
    if (isSudden) this.#meantAt = -Infinity;
    return isSudden;
  }
}
