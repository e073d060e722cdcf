/** Where a connection's bytes go in a test: a queue, and a reader that may be slow. */
import { assert } from "@std/assert";
import { OUTBOX_BYTES, OUTBOX_LOW_BYTES } from "../../src/base/limits.ts";
import type { Outlet } from "../../src/delivery/cursor.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import {
  readServerMessage,
  type ServerMessage,
  type Unknown,
} from "../../src/wire/server.ts";

/** A message as it was queued. */
export interface Queued {
  readonly message: ServerMessage | Unknown;
  readonly bytes: number;
  /** Space before the piece that it is part of was pushed. */
  readonly spaceBytes: number;
  /** All bytes up to the end of this message, from the first on. */
  readonly end: number;
}

export interface OutletOptions {
  readonly limitBytes?: number;
  readonly lowBytes?: number;
  /** There is space again, after there was little. */
  readonly onDrained: () => void;
  /** The last that it gets is queued, and read. */
  readonly onEnd: () => void;
}

export class TestOutlet implements Outlet {
  readonly limitBytes: number;
  readonly #lowBytes: number;
  readonly #options: OutletOptions;
  readonly queued: Queued[] = [];
  /** While it is true, what is flushed waits for {@linkcode read}. */
  isSlow = false;
  isReady = false;
  isEnded = false;
  /** Bytes that were read, and all bytes that were queued. */
  readBytes = 0;
  pushedBytes = 0;
  flushes = 0;
  #flushedBytes = 0;
  #isLow = true;

  constructor(options: OutletOptions) {
    this.#options = options;
    this.limitBytes = options.limitBytes ?? OUTBOX_BYTES;
    this.#lowBytes = options.lowBytes ?? OUTBOX_LOW_BYTES;
  }

  get queuedBytes(): number {
    return this.pushedBytes - this.readBytes;
  }

  get spaceBytes(): number {
    return this.limitBytes - this.queuedBytes;
  }

  push(frames: Uint8Array): void {
    if (this.isEnded) return;
    const { spaceBytes } = this;
    const decoder = new FrameDecoder();
    decoder.push(frames);
    for (let payload = decoder.next(); payload; payload = decoder.next()) {
      const message = readServerMessage(payload);
      assert(message !== undefined, "a message that no client can read");
      const bytes = 4 + payload.length;
      this.pushedBytes += bytes;
      this.queued.push({ message, bytes, spaceBytes, end: this.pushedBytes });
    }
    assert(decoder.pendingBytes === 0, "half a frame");
    if (this.queuedBytes > this.#lowBytes) this.#isLow = false;
  }

  flush(): void {
    this.flushes++;
    this.#flushedBytes = this.pushedBytes;
    if (!this.isSlow) queueMicrotask(() => this.read(Infinity));
  }

  ready(): void {
    this.isReady = true;
  }

  end(): void {
    this.isEnded = true;
    this.flush();
  }

  /** The other end reads so many bytes, of those that were sent. */
  read(bytes: number): void {
    const sent = this.#flushedBytes - this.readBytes;
    const taken = Math.min(bytes, sent);
    if (taken <= 0) return;
    this.readBytes += taken;
    if (!this.#isLow && this.queuedBytes <= this.#lowBytes) {
      this.#isLow = true;
      this.#options.onDrained();
      // What is queued while a write goes on is sent after it.
      this.#flushedBytes = this.pushedBytes;
      if (!this.isSlow) queueMicrotask(() => this.read(Infinity));
    }
    if (this.isEnded && this.queuedBytes === 0) this.#options.onEnd();
  }

  /** The messages that the other end has. */
  received(): readonly Queued[] {
    return this.queued.filter(({ end }) => end <= this.readBytes);
  }
}
