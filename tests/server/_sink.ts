/** Where a connection's messages go in a test: a queue, and a reader that may be slow. */
import { assert } from "@std/assert";
import { OUTBOX_BYTES, OUTBOX_LOW_BYTES } from "../../src/base/limits.ts";
import type { SharedEncoder, Sink, Why } from "../../src/delivery/sink.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import {
  encodeMessage,
  readServerMessage,
  type ServerMessage,
  type Unknown,
} from "../../src/wire/server.ts";

/** A message as it was queued. */
export interface Queued {
  readonly message: ServerMessage | Unknown;
  readonly bytes: number;
  /** Space before the piece that it is part of was queued. */
  readonly spaceBytes: number;
  /** All bytes up to the end of this message, from the first on. */
  readonly end: number;
  /** How it came: encoded for all, or for this connection alone, for this reason. */
  readonly how: "shared" | Why;
}

export interface SinkOptions {
  readonly limitBytes?: number;
  readonly lowBytes?: number;
  readonly shared?: SharedEncoder;
  /** There is space again, after there was little. */
  readonly onDrained?: () => void;
  /** The hub knows the connection. */
  readonly onOpened?: (recall: string | undefined) => void;
  /** The last that it gets is queued, and read. */
  readonly onEnd?: () => void;
}

/** What all that speak framed JSON have in common. */
const FRAMED_JSON: SharedEncoder = { encodeShared: encodeMessage };

export class TestSink implements Sink {
  readonly shared: SharedEncoder;
  readonly limitBytes: number;
  readonly #lowBytes: number;
  readonly #options: SinkOptions;
  readonly queued: Queued[] = [];
  /** Pieces that were pushed. */
  pushes = 0;
  flushes = 0;
  /** While it is true, what is flushed waits for {@linkcode read}. */
  isSlow = false;
  /** Whether what it was replayed before is paid off. */
  isSettled = true;
  isOpen = false;
  isEnded = false;
  /** The name that it was told to be ready with, or that it was given since. */
  name: string | undefined;
  /** Bytes that were read, and all bytes that were queued. */
  readBytes = 0;
  queuedBytesInAll = 0;
  #flushedBytes = 0;
  #isLow = true;

  constructor(options: SinkOptions = {}) {
    this.#options = options;
    this.shared = options.shared ?? FRAMED_JSON;
    this.limitBytes = options.limitBytes ?? OUTBOX_BYTES;
    this.#lowBytes = options.lowBytes ?? OUTBOX_LOW_BYTES;
  }

  get queuedBytes(): number {
    return this.queuedBytesInAll - this.readBytes;
  }

  get spaceBytes(): number {
    return this.limitBytes - this.queuedBytes;
  }

  mayReplay(): boolean {
    return this.isSettled;
  }

  /** What is live never takes more space than there is. */
  push(bytes: Uint8Array): void {
    if (this.isEnded) return;
    assert(bytes.length > 0 && bytes.length <= this.spaceBytes);
    this.pushes++;
    this.#queue(bytes, "shared");
  }

  send(message: ServerMessage, why: Why = "unasked"): void {
    if (!this.isEnded) this.#queue(encodeMessage(message), why);
  }

  flush(): void {
    this.flushes++;
    this.#flushedBytes = this.queuedBytesInAll;
    if (!this.isSlow) queueMicrotask(() => this.read(Infinity));
  }

  opened(recall: string | undefined): void {
    this.isOpen = true;
    this.#options.onOpened?.(recall);
  }

  ready(name: string): void {
    this.name = name;
  }

  named(name: string): void {
    this.name = name;
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
      this.#options.onDrained?.();
      // What is queued while a write goes on is sent after it.
      this.#flushedBytes = this.queuedBytesInAll;
      if (!this.isSlow) queueMicrotask(() => this.read(Infinity));
    }
    if (this.isEnded && this.queuedBytes === 0) this.#options.onEnd?.();
  }

  /** The messages that the other end has. */
  received(): readonly Queued[] {
    return this.queued.filter(({ end }) => end <= this.readBytes);
  }

  #queue(frames: Uint8Array, how: Queued["how"]): void {
    const { spaceBytes } = this;
    const decoder = new FrameDecoder();
    decoder.push(frames);
    for (let payload = decoder.next(); payload; payload = decoder.next()) {
      const message = readServerMessage(payload);
      assert(message !== undefined, "a message that no client can read");
      const bytes = 4 + payload.length;
      const end = this.queuedBytesInAll += bytes;
      this.queued.push({ message, bytes, spaceBytes, end, how });
    }
    assert(decoder.pendingBytes === 0, "half a frame");
    if (this.queuedBytes > this.#lowBytes) this.#isLow = false;
  }
}
