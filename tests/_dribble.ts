/** A peer that sends so little at a time that what waits for the rest must not pile up. */
import { garbageCollector } from "../src/server/garbage.ts";

const collect = garbageCollector();

/** Why what is held cannot be measured here. */
export const unmeasured = collect === undefined
  ? "this Deno wants --v8-flags=--expose-gc"
  : undefined;

/** Gives bytes one at a time, and notes how much the heap has grown when the last but one is read. */
export class Dribble implements AsyncIterator<Uint8Array, undefined> {
  readonly #bytes: Uint8Array;
  #at = 0;
  #before = 0;
  grownBytes = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const at = this.#at++;
    if (at === 1) this.#before = heapBytes();
    if (at === this.#bytes.length - 1) {
      this.grownBytes = heapBytes() - this.#before;
    }
    if (at >= this.#bytes.length) {
      return Promise.resolve({ done: true, value: undefined });
    }
    return Promise.resolve({
      done: false,
      value: this.#bytes.slice(at, at + 1),
    });
  }
}

function heapBytes(): number {
  collect?.();
  return Deno.memoryUsage().heapUsed;
}
