/** A transport over the WebSocket of a browser. */
import { ConfabError } from "../base/errors.ts";
import { WEB_UNREAD_MAX_BYTES } from "../base/limits.ts";
import type { Transport } from "../net/transport.ts";

/** While more than this waits to be sent, `write` does not resolve. */
const UNSENT_BYTES = 256 * 1_024;
/** A browser does not tell when that is sent: it is looked at so often. */
const LOOK_MS = 20;
/** What a message takes besides its bytes; there are empty ones. */
const MESSAGE_BYTES = 256;
/** RFC 6455, section 7.4.1: all is said. */
const NORMAL = 1_000;

const CUT = "the connection was cut";

/**
 * Connects to the server that the page comes from.
 *
 * @throws {ConfabError} `connection` when it cannot, or the signal aborts.
 */
export function dialWebSocket(
  url: string,
  signal: AbortSignal,
): Promise<Transport> {
  const unreachable = () =>
    new ConfabError("connection", "the server cannot be reached");
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(unreachable());
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch {
      return reject(unreachable());
    }
    socket.binaryType = "arraybuffer";
    const dialled = new AbortController();
    const fail = () => {
      dialled.abort();
      socket.close();
      reject(unreachable());
    };
    const until = { signal: dialled.signal };
    signal.addEventListener("abort", fail, until);
    socket.addEventListener("error", fail, until);
    socket.addEventListener("close", fail, until);
    socket.addEventListener("open", () => {
      dialled.abort();
      resolve(new WebSocketTransport(socket, new URL(url).hostname));
    }, until);
  });
}

/** It is its own iterator: there is only one. */
class WebSocketTransport
  implements Transport, AsyncIterator<Uint8Array, undefined> {
  readonly peer;
  readonly isEncrypted: boolean;
  readonly isLocal = false;
  readonly #socket: WebSocket;
  #chunks: Uint8Array[] = [];
  #unreadBytes = 0;
  #isEnded = false;
  #wake = () => {};

  constructor(socket: WebSocket, hostname: string) {
    this.#socket = socket;
    this.peer = { hostname, port: 0 };
    this.isEncrypted = socket.url.startsWith("wss:");
    socket.addEventListener("message", ({ data }) => this.#take(data));
    // Whatever its code says, how a conversation ends is said inside the channel.
    socket.addEventListener("close", () => this.#end());
    socket.addEventListener("error", () => this.#end());
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#chunks.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const value = this.#chunks.shift();
    if (value === undefined) return { done: true, value: undefined };
    this.#unreadBytes -= value.length + MESSAGE_BYTES;
    return { done: false, value };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  async write(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) {
      throw new ConfabError("connection", CUT);
    }
    socket.send(bytes as Uint8Array<ArrayBuffer>);
    while (socket.bufferedAmount > UNSENT_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (socket.readyState !== WebSocket.OPEN) {
        throw new ConfabError("connection", CUT);
      }
    }
  }

  /** A WebSocket has no half: what was sent goes out before it closes. */
  closeWrite(): Promise<void> {
    this.#socket.close(NORMAL);
    return Promise.resolve();
  }

  close(): void {
    this.#socket.close(NORMAL);
    this.#chunks = [];
    this.#end();
  }

  /** A browser reads on, whoever takes it: at the bound the connection ends, and is resumed. */
  #take(data: unknown): void {
    if (this.#isEnded) return;
    if (!(data instanceof ArrayBuffer)) return this.close();
    this.#chunks.push(new Uint8Array(data));
    this.#unreadBytes += data.byteLength + MESSAGE_BYTES;
    if (this.#unreadBytes > WEB_UNREAD_MAX_BYTES) return this.close();
    this.#wake();
  }

  #end(): void {
    this.#isEnded = true;
    this.#wake();
  }
}
