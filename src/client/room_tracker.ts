/** Which messages of a room a client has: nothing is shown twice, and a resume asks for just what is missing. */
import type { ResumePoint } from "../wire/client.ts";

/** More are not remembered ahead of a gap: what lies before them is given up. */
const AHEAD = 10_000;

export class RoomTracker {
  /** Every message up to this seq is here. */
  #seq: number;
  #at: number | undefined;
  /** Those beyond it that are here already (acks may come early), with their times. */
  readonly #ahead = new Map<number, number>();

  constructor(seq: number) {
    this.#seq = seq;
  }

  /** Where to resume: the highest seq below which every message is here. */
  get point(): ResumePoint {
    return this.#at === undefined
      ? { seq: this.#seq }
      : { seq: this.#seq, at: this.#at };
  }

  /** Notes a message; `false` when it was here before. */
  take(seq: number, at: number): boolean {
    if (seq <= this.#seq || this.#ahead.has(seq)) return false;
    this.#ahead.set(seq, at);
    this.#advance();
    if (this.#ahead.size > AHEAD) this.skipTo(Math.min(...this.#ahead.keys()));
    return true;
  }

  /** The server will not send what lies before `seq`. */
  skipTo(seq: number): void {
    if (seq <= this.#seq) return;
    this.#seq = seq;
    this.#at = undefined;
    for (const ahead of this.#ahead.keys()) {
      if (ahead <= seq) this.#ahead.delete(ahead);
    }
    this.#advance();
  }

  #advance(): void {
    for (
      let at = this.#ahead.get(this.#seq + 1);
      at !== undefined;
      at = this.#ahead.get(this.#seq + 1)
    ) {
      this.#ahead.delete(++this.#seq);
      this.#at = at;
    }
  }
}
