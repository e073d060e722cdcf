/** The keys of a terminal, one by one as they are pressed. */
import type { Clock } from "../base/clock.ts";
import { type Key, KeyDecoder } from "./input/keys.ts";
import { PasteGuard } from "./input/paste_guard.ts";

/** An escape that nothing has followed for this long is the key of this name. */
const ESCAPE_MS = 50;

export interface KeyReaderOptions {
  readonly clock: Clock;
  readonly press: (key: Key) => void;
}

export class KeyReader {
  readonly #options: KeyReaderOptions;
  readonly #keys = new KeyDecoder();
  readonly #guard = new PasteGuard();
  #cancelEscape = () => {};

  constructor(options: KeyReaderOptions) {
    this.#options = options;
  }

  /** Takes the bytes of one read. */
  push(bytes: Uint8Array): void {
    const { clock, press } = this.#options;
    this.#cancelEscape();
    const keys = this.#keys.push(bytes);
    for (const key of this.#guard.guard(keys, clock.monotonic())) press(key);
    if (!this.#keys.isWaiting) return;
    this.#cancelEscape = clock.after(ESCAPE_MS, () => {
      for (const key of this.#keys.flush()) press(key);
    });
  }

  /** What has come so far and is no whole key yet is none. */
  drop(): void {
    this.#cancelEscape();
  }
}
