/**
 * Gives memory back when the server has become quiet. What a burst of handshakes leaves behind the
 * engine would keep until much more is there, which in a quiet server is never.
 */
import type { Clock } from "../base/clock.ts";
import {
  COLLECT_AFTER_EVENTS,
  COLLECT_AFTER_PART,
  QUIET_LOOK_MS,
} from "../base/limits.ts";
import type { Tap } from "./tap.ts";

interface IdleCollectorOptions {
  readonly clock: Clock;
  readonly counters: Tap["counters"];
  /** Collects garbage; everybody waits for it. */
  readonly collect: () => void;
}

/** Messages leave little behind; so many count as one connection. */
const MESSAGES_PER_EVENT = 16;

export class IdleCollector {
  readonly #options: IdleCollectorOptions;
  /** Events at the last collection, and what moved at the last look. */
  #collectedAt = 0;
  #seen = 0;
  #cancel: (() => void) | undefined;

  constructor(options: IdleCollectorOptions) {
    this.#options = options;
  }

  /**
   * When connections come or go, and from time to time: looks whether enough has happened to wait
   * for a quiet moment.
   */
  look(): void {
    if (this.#cancel !== undefined) return;
    const { connected, disconnected } = this.#options.counters;
    const part = COLLECT_AFTER_PART * (connected - disconnected);
    const enough = Math.max(COLLECT_AFTER_EVENTS, part);
    if (this.#events() - this.#collectedAt < enough) return;
    this.#seen = this.#moved();
    this.#lookLater();
  }

  stop(): void {
    this.#cancel?.();
  }

  #lookLater(): void {
    this.#cancel = this.#options.clock.after(QUIET_LOOK_MS, () => {
      const moved = this.#moved();
      if (moved === this.#seen) return this.#collect();
      this.#seen = moved;
      this.#lookLater();
    });
  }

  #collect(): void {
    this.#cancel = undefined;
    this.#options.collect();
    this.#collectedAt = this.#events();
  }

  /** Connections that came and went, and messages at their weight. */
  #events(): number {
    const { connected, disconnected, messagesIn } = this.#options.counters;
    return connected + disconnected + messagesIn / MESSAGES_PER_EVENT;
  }

  /** Another number than before when anything was going on. */
  #moved(): number {
    const { counters } = this.#options;
    return counters.connected + counters.disconnected + counters.messagesIn +
      counters.deliveries;
  }
}
