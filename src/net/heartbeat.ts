/** Watches that the other end of a connection is alive: any byte that moves is a sign of life. */
import { DEAD_AFTER_MS, PING_AFTER_IDLE_MS } from "../base/limits.ts";

export class Heartbeat {
  #movedAt: number;
  #pingedAt = -Infinity;

  /** All times are monotonic milliseconds. */
  constructor(now: number) {
    this.#movedAt = now;
  }

  /** A byte has moved, or the silence was this side's. */
  moved(now: number): void {
    this.#movedAt = now;
  }

  /** When a sign of life was asked for first, if nothing has moved since. */
  get pingedAt(): number | undefined {
    return this.#pingedAt > this.#movedAt
      ? this.#movedAt + PING_AFTER_IDLE_MS
      : undefined;
  }

  /** What to do now: `ping` after some silence, and give up a `dead` one after more. */
  look(now: number): "ping" | "dead" | undefined {
    if (now >= this.#movedAt + DEAD_AFTER_MS) return "dead";
    if (now < Math.max(this.#movedAt, this.#pingedAt) + PING_AFTER_IDLE_MS) {
      return undefined;
    }
    this.#pingedAt = now;
    return "ping";
  }
}
