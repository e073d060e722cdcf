/**
 * When and from where people left last: who is banned a moment later is still known to be there, and
 * who asks is told how long ago somebody was here.
 */
import { LAST_SEEN_MS, LAST_SEEN_PEOPLE } from "../base/limits.ts";
import type { UndoLog } from "./undo.ts";

interface Sight {
  /** None of what is on the server's machine. */
  readonly address: string | undefined;
  /** Milliseconds UTC. */
  readonly at: number;
}

export class LastSeen {
  readonly #undo: UndoLog;
  readonly #most: number;
  /** By fingerprint, those who left last at the end. */
  readonly #sights = new Map<string, Sight>();

  constructor(undo: UndoLog, most = LAST_SEEN_PEOPLE) {
    this.#undo = undo;
    this.#most = most;
  }

  get size(): number {
    return this.#sights.size;
  }

  /** A key's last connection is over; the one that left longest ago may be forgotten for it. */
  note(key: string, address: string | undefined, now: number): void {
    this.#undo.delete(this.#sights, key);
    if (this.#sights.size >= this.#most) {
      const { value: oldest } = this.#sights.keys().next();
      this.#undo.delete(this.#sights, oldest!);
    }
    this.#undo.set(this.#sights, key, { address, at: now });
  }

  /** When a key left, in milliseconds UTC, if it is among those who left last. */
  at(key: string): number | undefined {
    return this.#sights.get(key)?.at;
  }

  /** The address that a key left from, if that was not long ago. */
  of(key: string, now: number): string | undefined {
    const sight = this.#sights.get(key);
    return sight !== undefined && sight.at + LAST_SEEN_MS > now
      ? sight.address
      : undefined;
  }
}
