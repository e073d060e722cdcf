/** A transport over the WebSocket of a browser. */
import { ConfabError } from "../base/errors.ts";
import type { Transport } from "../net/transport.ts";

/** A browser reads on by itself: what nobody takes is bounded, and the connection resumed. */
const UNREAD_MAX_BYTES = 32 * 1_024 * 1_024;
/** While more than this waits to be sent, `write` does not resolve. */
const UNSENT_BYTES = 256 * 1_024;
/** A browser does not tell when that is sent: it is looked at so often. */
const LOOK_MS = 20;

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
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const fail = () => {
      socket.close();
      reject(new ConfabError("connection", "the server cannot be reached"));
    };
    signal.addEventListener("abort", fail, { once: true });
    socket.addEventListener("error", fail, { once: true });
    socket.addEventListener("open", () => {
      signal.removeEventListener("abort", fail);
      socket.removeEventListener("error", fail);
      resolve(new WebSocketTransport(socket, new URL(url).hostname));
    }, { once: true });
  });
}

class WebSocketTransport
  implements Transport, AsyncIterator<Uint8Array, undefined> {
  readonly peer;
  readonly isEncrypted: boolean;
  readonly isLocal = false;
  readonly #socket: WebSocket;
  readonly #chunks: Uint8Array[] = [];
  #unreadBytes = 0;
  #isEnded = false;
  #wake = () => {};

  constructor(socket: WebSocket, hostname: string) {
    this.#socket = socket;
    this.peer = { hostname, port: 0 };
    this.isEncrypted = socket.url.startsWith("wss:");
    socket.addEventListener("message", ({ data }) => this.#take(data));
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
    this.#unreadBytes -= value.length;
    return { done: false, value };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
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
    this.#socket.close();
    return Promise.resolve();
  }

  close(): void {
    this.#socket.close();
    this.#end();
  }

  #take(data: unknown): void {
    if (!(data instanceof ArrayBuffer) || this.#isEnded) return;
    this.#chunks.push(new Uint8Array(data));
    this.#unreadBytes += data.byteLength;
    if (this.#unreadBytes > UNREAD_MAX_BYTES) this.close();
    this.#wake();
  }

  #end(): void {
    this.#isEnded = true;
    this.#wake();
  }
}
