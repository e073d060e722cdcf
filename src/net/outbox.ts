/** What is queued for one connection: bounded, and joined to one write a turn. */
import { OUTBOX_BYTES, OUTBOX_LOW_BYTES } from "../base/limits.ts";
import { concat } from "@std/bytes/concat";

export interface OutboxOptions {
  /** Sends bytes; one call at a time. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** There is space again, after there was little. */
  readonly onDrained: () => void;
  /** A write failed: nothing more will be sent. */
  readonly onFault: (error: unknown) => void;
  /** A write went through while more was waiting: the other end reads. */
  readonly onProgress: () => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #chunks: Uint8Array[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  #isLow = true;
  #waiting: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Bytes that are queued, or being written. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Bytes that may be queued before it is over its limit; negative when it is over. */
  get spaceBytes(): number {
    return OUTBOX_BYTES - this.#queuedBytes;
  }

  push(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#chunks.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > OUTBOX_LOW_BYTES) this.#isLow = false;
  }

  /** Begins to send what is queued, unless that is under way. */
  flush(): void {
    if (this.#writing !== undefined || this.#chunks.length === 0) return;
    this.#writing = this.#writeAll().catch((error) => {
      this.close();
      this.#options.onFault(error);
    }).finally(() => {
      this.#writing = undefined;
      // What was flushed between the last write and now would else wait for another flush.
      this.flush();
    });
  }

  /** Resolves when nothing is queued any more, or nothing will be sent. */
  async flushed(): Promise<void> {
    while (this.#chunks.length > 0 || this.#writing !== undefined) {
      this.flush();
      await this.#writing;
    }
  }

  /** Resolves when it is not over its limit, or closed. */
  whenSpace(): Promise<void> | undefined {
    if (this.spaceBytes > 0 || this.#isClosed) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Drops what is queued; nothing more is taken. */
  close(): void {
    this.#isClosed = true;
    this.#chunks = [];
    this.#release();
  }

  /** Those who wait for space wait no longer. */
  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #writeAll(): Promise<void> {
    while (this.#chunks.length > 0) {
      const [first] = this.#chunks;
      const bytes = this.#chunks.length === 1 ? first! : concat(this.#chunks);
      this.#chunks = [];
      await this.#options.write(bytes);
      this.#queuedBytes -= bytes.length;
      if (this.#chunks.length > 0 || !this.#isLow) this.#options.onProgress();
      if (!this.#isLow && this.#queuedBytes <= OUTBOX_LOW_BYTES) {
        this.#isLow = true;
        this.#options.onDrained();
      }
      if (this.spaceBytes > 0 && this.#waiting.length > 0) this.#release();
    }
  }
}
