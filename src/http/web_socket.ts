/**
 * A WebSocket as a transport: its binary messages, one after the other, are the bytes of a
 * connection, and where one ends says nothing.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { concat } from "@std/bytes/concat";
import type { Clock } from "../base/clock.ts";
import {
  FRAME_MAX_BYTES,
  REFUSAL_FLUSH_MS,
  WEB_SOCKET_FRAGMENTS,
  WEB_SOCKET_LITTLE_BURST,
  WEB_SOCKET_LITTLE_BYTES,
  WEB_SOCKET_LITTLE_PER_SECOND,
  WEB_SOCKET_PONGS,
  WEB_SOCKET_READS,
  WEB_SOCKET_SHORT_BURST,
  WEB_SOCKET_SHORT_BYTES,
  WEB_SOCKET_SHORT_PER_SECOND,
} from "../base/limits.ts";
import { TokenBucket } from "../base/token_bucket.ts";
import type {
  PeerAddress,
  Transport,
  TransportFacts,
} from "../net/transport.ts";
import { HEADER_BYTES } from "../wire/frame.ts";

type Chunk = IteratorResult<Uint8Array, undefined>;
const END: Chunk = { done: true, value: undefined };

/** Codes of RFC 6455, section 7.4.1. */
const NORMAL = 1_000;
const UNSUPPORTED_DATA = 1_003;
const POLICY_VIOLATION = 1_008;
/** Pieces that are held before they are joined: small ones weigh more than their bytes. */
const HELD_PIECES = 64;

/** Its types do not know them. */
const BOUNDS = {
  maxFragments: WEB_SOCKET_FRAGMENTS,
  maxBufferedChunks: WEB_SOCKET_READS,
  maxPendingAutoPongs: WEB_SOCKET_PONGS,
  closeTimeout: REFUSAL_FLUSH_MS,
};
const ACCEPTOR = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  skipUTF8Validation: true,
  maxPayload: HEADER_BYTES + FRAME_MAX_BYTES,
  ...BOUNDS,
});

/** Answers the request, if it asks for a WebSocket as RFC 6455 has it; else it refuses it. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
): Promise<WebSocket> {
  return new Promise((resolve) =>
    ACCEPTOR.handleUpgrade(request, socket, head, resolve)
  );
}

/** It is its own iterator: there is only one. */
export class WebSocketTransport
  implements Transport, AsyncIterator<Uint8Array, undefined> {
  readonly peer: PeerAddress;
  readonly isEncrypted: boolean;
  readonly isLocal: boolean;
  readonly #socket: WebSocket;
  /** What came, with the rest of one read, before it was asked for. */
  #held: Uint8Array[] = [];
  #asking: ((chunk: Chunk) => void) | undefined;
  /** Nothing more is taken of what comes; what is held is still handed out. */
  #hasEnded = false;
  #isClosed = false;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #short: TokenBucket;
  /** Of those that say nothing. */
  readonly #little: TokenBucket;

  /** The facts are those of what carries it, and of what asked for it: it says nothing of its own. */
  constructor(
    socket: WebSocket,
    { peer, isEncrypted, isLocal }: TransportFacts,
    clock: Pick<Clock, "monotonic">,
  ) {
    this.#clock = clock;
    const now = clock.monotonic();
    this.#short = new TokenBucket(
      WEB_SOCKET_SHORT_BURST,
      WEB_SOCKET_SHORT_PER_SECOND,
      now,
    );
    this.#little = new TokenBucket(
      WEB_SOCKET_LITTLE_BURST,
      WEB_SOCKET_LITTLE_PER_SECOND,
      now,
    );
    this.peer = peer;
    this.isEncrypted = isEncrypted;
    this.isLocal = isLocal;
    this.#socket = socket;
    socket.on("message", (data: Uint8Array, isBinary: boolean) => {
      this.#count(data.length);
      if (isBinary) this.#take(data);
      else this.#refuse();
    });
    socket.on("ping", () => this.#count(0));
    socket.on("pong", () => this.#count(0));
    // Its code is said to the other end already, and then it is over.
    socket.on("error", () => this.#hasEnded = true);
    socket.on("close", () => this.#end());
    // Until somebody asks for what comes.
    socket.pause();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  next(): Promise<Chunk> {
    if (this.#held.length > 0) {
      const value = concat(this.#held);
      this.#held = [];
      return Promise.resolve({ done: false, value });
    }
    if (this.#isClosed) return Promise.resolve(END);
    return new Promise((resolve) => {
      this.#asking = resolve;
      this.#socket.resume();
    });
  }

  return(): Promise<Chunk> {
    this.#hasEnded = true;
    return Promise.resolve(END);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.send(bytes, { binary: true }, (error) => {
        if (error) reject(error);
        else resolve();
      })
    );
  }

  /** A WebSocket cannot be half open: the other end is asked to close, and what it says is read. */
  closeWrite(): Promise<void> {
    this.#socket.close(NORMAL);
    return Promise.resolve();
  }

  close(): void {
    this.#socket.terminate();
    this.#end();
  }

  /** A short message is as much work as another: who sends too many, is cut. */
  #count(bytes: number): void {
    if (bytes >= WEB_SOCKET_SHORT_BYTES) return;
    const now = this.#clock.monotonic();
    const isLittle = bytes < WEB_SOCKET_LITTLE_BYTES;
    const isTooMuch = !this.#short.take(1, now) ||
      isLittle && !this.#little.take(1, now);
    if (!isTooMuch || this.#hasEnded) return;
    this.#hasEnded = true;
    this.#socket.close(POLICY_VIOLATION, "too many short messages");
    this.close();
  }

  #take(data: Uint8Array): void {
    if (data.length === 0 || this.#hasEnded) return;
    const asking = this.#asking;
    if (asking !== undefined) {
      this.#asking = undefined;
      this.#socket.pause();
      return asking({ done: false, value: data });
    }
    this.#held.push(data);
    if (this.#held.length > HELD_PIECES) this.#held = [concat(this.#held)];
  }

  /** What comes now is only read to its end, which the other end is asked for. */
  #refuse(): void {
    this.#hasEnded = true;
    this.#socket.close(UNSUPPORTED_DATA, "binary messages only");
  }

  #end(): void {
    this.#hasEnded = this.#isClosed = true;
    this.#asking?.(END);
    this.#asking = undefined;
  }
}
