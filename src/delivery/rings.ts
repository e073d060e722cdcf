/** What the rings of all rooms take together: the least recently used make way for the others. */
import { RINGS_BYTES } from "../base/limits.ts";
import type { Ring } from "./ring.ts";

export class Rings {
  readonly #limitBytes: number;
  /** Bytes of each that has any, as they were counted; those that were used last come last. */
  readonly #bytes = new Map<Ring, number>();
  #totalBytes = 0;

  constructor(limitBytes: number = RINGS_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes of all. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** A ring was used and may have changed; others are cleared where all take too much. */
  count(ring: Ring): void {
    this.remove(ring);
    const { bytes } = ring;
    if (bytes === 0) return;
    this.#bytes.set(ring, bytes);
    this.#totalBytes += bytes;
    for (const [oldest] of this.#bytes) {
      if (this.#totalBytes <= this.#limitBytes) return;
      oldest.clear();
      this.remove(oldest);
    }
  }

  /** A ring is not needed any more. */
  remove(ring: Ring): void {
    this.#totalBytes -= this.#bytes.get(ring) ?? 0;
    this.#bytes.delete(ring);
  }
}
