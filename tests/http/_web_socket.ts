/** The client's end of a WebSocket as a transport, over the one that a browser has; for tests. */
import type { Transport } from "../../src/net/transport.ts";

/** As much as a message may have. */
const MESSAGE_BYTES = 65_539;

/** Connects, and resolves when the WebSocket is open. */
export async function dialWebSocket(
  address: string,
): Promise<Transport & { readonly socket: WebSocket }> {
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const chunks: Uint8Array[] = [];
  let isOver = false;
  let wake = () => {};
  socket.onmessage = ({ data }) => {
    chunks.push(new Uint8Array(data));
    wake();
  };
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = (event) => {
    event.preventDefault();
    opened.reject(new Error(`${address} did not open`));
  };
  socket.onclose = () => {
    isOver = true;
    wake();
  };
  await opened.promise;
  return {
    socket,
    peer: { hostname: "server", port: 0 },
    isEncrypted: false,
    isLocal: true,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) yield chunk;
        else if (isOver) return undefined;
        else await new Promise<void>((resolve) => wake = resolve);
      }
    },
    write(bytes) {
      for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) {
        socket.send(bytes.slice(at, at + MESSAGE_BYTES));
      }
      return Promise.resolve();
    },
    closeWrite: () => Promise.resolve(),
    close: () => socket.close(),
  };
}

/** A frame of a client (RFC 6455, section 5.2), masked with zeros unless it is not to be. */
export function frame(
  opcode: number,
  payload: Uint8Array,
  { isLast = true, isMasked = true, length = payload.length } = {},
): Uint8Array {
  const mask = isMasked ? 0x80 : 0;
  const lengthBytes = length < 126
    ? [mask | length]
    : length < 65_536
    ? [mask | 126, length >> 8, length & 255]
    : [
      mask | 127,
      0,
      0,
      0,
      0,
      length >>> 24,
      length >> 16 & 255,
      length >> 8 & 255,
      length & 255,
    ];
  return Uint8Array.of(
    (isLast ? 0x80 : 0) | opcode,
    ...lengthBytes,
    ...isMasked ? [0, 0, 0, 0] : [],
    ...payload,
  );
}

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** What a browser says to open a WebSocket; the key is that of RFC 6455, section 1.3. */
export const UPGRADE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};
