/**
 * What a connection that speaks HTTP sends, given to the parser one request at a time: the next one
 * when the one before is answered. So nothing is parsed, answered or held that was not asked for in
 * turn, however much of it is sent at once, and however slowly.
 */
import { concat } from "@std/bytes/concat";
import type { Clock } from "../base/clock.ts";
import {
  HTTP_HEAD_LINES,
  HTTP_HEAD_MAX_BYTES,
  HTTP_HEAD_MS,
} from "../base/limits.ts";

/** Why no request comes any more. */
export type GateFault = "slow" | "idle" | "too-large" | "malformed";

export interface RequestGateOptions {
  readonly clock: Clock;
  /** Called once at most, before the end of what comes. */
  readonly onFault: (fault: GateFault) => void;
}

type Chunk = IteratorResult<Uint8Array, undefined>;
const END: Chunk = { done: true, value: undefined };
const NOTHING = new Uint8Array(0);
const CR = 0x0d;
const LF = 0x0a;

export class RequestGate implements AsyncIterator<Uint8Array, undefined> {
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  readonly #options: RequestGateOptions;
  /** What was read behind the last request. */
  #rest: Uint8Array = NOTHING;
  #state: "requests" | "through" | "over" = "requests";
  /** Resolves when the request before is answered, or nothing is asked any more. */
  #answered = Promise.resolve();
  #onAnswered = () => {};
  #reading: Promise<Chunk> | undefined;

  constructor(
    chunks: AsyncIterator<Uint8Array, undefined>,
    options: RequestGateOptions,
  ) {
    this.#chunks = chunks;
    this.#options = options;
  }

  /** The head of the next request, all of it; what comes as it is, from {@linkcode open} on. */
  async next(): Promise<Chunk> {
    await this.#answered;
    if (this.#state === "requests") return await this.#nextHead();
    return this.#state === "over" ? END : await this.#nextChunk();
  }

  /** The request is answered: the next one may come. */
  answered(): void {
    this.#onAnswered();
  }

  /** What comes from here on is no request, and passes as it is. */
  open(): void {
    this.#state = "through";
    this.#onAnswered();
  }

  /** Reads to the end of what comes, so that what was said last is not lost; looks at none of it. */
  async drain(): Promise<void> {
    this.#state = "over";
    this.#onAnswered();
    while (!(await this.#read()).done);
  }

  #nextChunk(): Promise<Chunk> {
    const rest = this.#rest;
    if (rest.length === 0) return this.#read();
    this.#rest = NOTHING;
    return Promise.resolve({ done: false, value: rest });
  }

  async #nextHead(): Promise<Chunk> {
    const { clock } = this.#options;
    const cancel = clock.after(
      HTTP_HEAD_MS,
      () => this.#fail(this.#rest.length > 0 ? "slow" : "idle"),
    );
    try {
      for (;;) {
        const head = behindEmptyLine(this.#rest);
        const end = headEnd(head);
        if (typeof end === "string") return this.#fail(end);
        if (end > 0) return this.#give(head, end);
        const { done, value } = await this.#read();
        if (done || this.#state === "over") return END;
        this.#rest = concat([this.#rest, value]);
      }
    } finally {
      cancel();
    }
  }

  #give(bytes: Uint8Array, end: number): Chunk {
    const value = bytes.subarray(0, end);
    this.#rest = bytes.subarray(end);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answered = promise;
    this.#onAnswered = resolve;
    return { done: false, value };
  }

  #fail(fault: GateFault): Chunk {
    if (this.#state === "requests") {
      this.#state = "over";
      this.#options.onFault(fault);
    }
    return END;
  }

  /** Reads once, also for two who ask at the same time: then neither looks at what comes. */
  #read(): Promise<Chunk> {
    return this.#reading ??= this.#chunks.next().finally(() =>
      this.#reading = undefined
    );
  }
}

/** An empty line in front of a request is passed over (RFC 9112, section 2.2). */
function behindEmptyLine(bytes: Uint8Array): Uint8Array {
  return bytes[0] === CR && bytes[1] === LF ? bytes.subarray(2) : bytes;
}

/**
 * Where the head of a request ends that `bytes` begin with: behind its empty line, or 0 when that is
 * not there yet. Lines end with CR LF, as RFC 9112 has it (section 2.2), and not with less: who reads
 * it otherwise would see another request.
 */
export function headEnd(
  bytes: Uint8Array,
): number | "too-large" | "malformed" {
  // The parser would pass over it, and come to no request.
  if (bytes[0] === CR && bytes.length > 1) return "malformed";
  let lines = 0;
  for (
    let at = bytes.indexOf(LF);
    at >= 0 && at < HTTP_HEAD_MAX_BYTES;
    at = bytes.indexOf(LF, at + 1)
  ) {
    if (bytes[at - 1] !== CR) return "malformed";
    if (bytes[at - 2] === LF && bytes[at - 3] === CR) return at + 1;
    if (++lines > HTTP_HEAD_LINES) return "too-large";
  }
  return bytes.length >= HTTP_HEAD_MAX_BYTES ? "too-large" : 0;
}
