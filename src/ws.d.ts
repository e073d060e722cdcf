// Types of what confab uses of the npm package `ws`, which has none of its own.

declare module "ws" {
  import type { IncomingMessage } from "node:http";
  import type { Duplex } from "node:stream";

  interface Options {
    readonly noServer: true;
    readonly perMessageDeflate?: boolean;
    readonly maxPayload?: number;
    readonly clientTracking?: boolean;
    readonly skipUTF8Validation?: boolean;
    readonly maxBufferedChunks?: number;
    readonly maxFragments?: number;
    readonly maxPendingAutoPongs?: number;
    readonly closeTimeout?: number;
  }

  class WebSocketServer {
    constructor(options: Options);
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Uint8Array,
      callback: (socket: WebSocket) => void,
    ): void;
  }

  class WebSocket {
    readonly bufferedAmount: number;
    on(
      event: "message",
      listener: (data: Uint8Array, isBinary: boolean) => void,
    ): this;
    on(event: "ping" | "pong", listener: (data: Uint8Array) => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    on(event: "close", listener: () => void): this;
    pause(): void;
    resume(): void;
    pong(data?: Uint8Array, mask?: boolean, done?: () => void): void;
    send(
      data: Uint8Array,
      options: { binary: true },
      done?: (error?: Error) => void,
    ): void;
    close(code?: number, reason?: string): void;
    terminate(): void;
  }
}
