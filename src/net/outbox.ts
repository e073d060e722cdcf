/** What is queued for one connection: bounded, and joined to one write a turn. */
import {
  OUTBOX_BYTES,
  OUTBOX_CHUNKS,
  OUTBOX_LOW_BYTES,
} from "../base/limits.ts";
import { concat } from "@std/bytes/concat";

/** Lets writes begin: at once, or when others have begun before. */
export interface Pace {
  /** Calls `begin`, which never throws, once. */
  add(writer: { begin(): void }): void;
}

export interface OutboxOptions {
  /** Sends bytes; one call at a time. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** There is space again, after there was little. */
  readonly onDrained: () => void;
  /** A write failed: nothing more will be sent. */
  readonly onFault: (error: unknown) => void;
  /** A write went through while more was waiting: the other end reads. */
  readonly onProgress: () => void;
  /** Default: at once. */
  readonly pace?: Pace;
}

/** At `waiting` it has asked its pace to begin a write. */
type OutboxState = "idle" | "waiting" | "writing";

export class Outbox {
  readonly #options: OutboxOptions;
  #state: OutboxState = "idle";
  #chunks: Uint8Array[] = [];
  #queuedBytes = 0;
  #isClosed = false;
  #isLow = true;
  /** Those who wait for space, and those who wait until nothing is queued. */
  #forSpace: (() => void)[] = [];
  #forEmpty: (() => void)[] = [];

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
    // A chunk of few bytes takes some hundred: what is counted is to be what is held.
    if (this.#chunks.length >= OUTBOX_CHUNKS) {
      this.#chunks = [concat(this.#chunks)];
    }
    this.#chunks.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > OUTBOX_LOW_BYTES) this.#isLow = false;
  }

  /** Begins to send what is queued, unless that is under way. */
  flush(): void {
    if (this.#state !== "idle" || this.#chunks.length === 0) return;
    this.#state = "waiting";
    const { pace } = this.#options;
    if (pace === undefined) this.begin();
    else pace.add(this);
  }

  /** For its {@linkcode Pace} alone: writes what is queued. */
  begin(): void {
    const chunks = this.#chunks;
    if (chunks.length === 0) return this.#rest();
    this.#state = "writing";
    const bytes = chunks.length === 1 ? chunks[0]! : concat(chunks);
    this.#chunks = [];
    try {
      this.#options.write(bytes).then(
        () => this.#written(bytes.length),
        (error) => this.#failed(error),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Resolves when nothing is queued any more, or nothing will be sent. */
  async flushed(): Promise<void> {
    this.flush();
    if (this.#state === "idle") return;
    await new Promise<void>((resolve) => this.#forEmpty.push(resolve));
  }

  /** Resolves when it is not over its limit, or closed. */
  whenSpace(): Promise<void> | undefined {
    if (this.spaceBytes > 0 || this.#isClosed) return undefined;
    return new Promise((resolve) => this.#forSpace.push(resolve));
  }

  /** Drops what is queued; nothing more is taken. */
  close(): void {
    this.#isClosed = true;
    this.#chunks = [];
    release(this.#forSpace);
  }

  #written(bytes: number): void {
    this.#queuedBytes -= bytes;
    try {
      if (this.#chunks.length > 0 || !this.#isLow) this.#options.onProgress();
      if (!this.#isLow && this.#queuedBytes <= OUTBOX_LOW_BYTES) {
        this.#isLow = true;
        this.#options.onDrained();
      }
      if (this.spaceBytes > 0) release(this.#forSpace);
    } catch (error) {
      // A fault of this program: it ends this connection and no other.
      return this.#failed(error);
    }
    this.#rest();
  }

  #failed(error: unknown): void {
    this.close();
    this.#options.onFault(error);
    this.#rest();
  }

  /** A write is over: the next begins, if there is anything for it. */
  #rest(): void {
    this.#state = "idle";
    this.flush();
    if (this.#state === "idle") release(this.#forEmpty);
  }
}

function release(waiting: (() => void)[]): void {
  if (waiting.length === 0) return;
  for (const resolve of waiting.splice(0)) resolve();
}
