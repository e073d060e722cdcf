/** What the hostile do who speak HTTP: each kind after it has connected, until it is cut. */
import { PAGE_FILES } from "../src/http/page/files.ts";
import { sleep } from "./_stranger.ts";

type Act = (conn: Deno.Conn) => Promise<unknown>;

const text = (words: string) => new TextEncoder().encode(words);
/** The largest there is to ask for. */
const LARGEST =
  PAGE_FILES.toSorted((a, b) => b.brotli.length - a.brotli.length)[0]!.path;
const HEADERS = "Host: localhost\r\nAccept-Encoding: br\r\n";
const ASK = text(`GET ${LARGEST} HTTP/1.1\r\n${HEADERS}\r\n`);
const ASK_NOTHING = text(`GET /nothing HTTP/1.1\r\n${HEADERS}\r\n`);
const UPGRADE = text(
  `GET /ws HTTP/1.1\r\n${HEADERS}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
    "Sec-WebSocket-Version: 13\r\n\r\n",
);
/** Frames (RFC 6455, section 5.2), masked with zeros: first their first byte. */
const frame = (first: number, payload = "") =>
  Uint8Array.of(first, 0x80 | payload.length, 0, 0, 0, 0, ...text(payload));
const [BINARY, PING, PONG] = [0x82, 0x89, 0x8a];
const HELLO = frame(BINARY, '{"type":"hello"}\n');
const HELP = frame(BINARY, '{"type":"chat","txt":"/help"}\n');

const times = (count: number, bytes: Uint8Array) =>
  new Uint8Array(
    Array.from({ length: count }, () => Array.from(bytes)).flat(),
  );

async function write(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await conn.write(bytes.subarray(sent));
  }
}

async function drain(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  while (await conn.read(buffer) !== null);
}

/** So many at a time, as fast as they are taken, reading what comes. */
function floods(bytes: Uint8Array, ...before: Uint8Array[]): Act {
  const many = times(Math.ceil(65_536 / bytes.length), bytes);
  return async (conn) => {
    for (const first of before) await write(conn, first);
    const draining = drain(conn);
    for (;;) await Promise.race([write(conn, many), draining.then(over)]);
  };
}

function over(): never {
  throw new Error("over");
}

const deaf = async (conn: Deno.Conn, ...said: Uint8Array[]) => {
  for (const bytes of said) await write(conn, bytes);
  await sleep(3_600_000);
};

export const HTTP_KINDS: Readonly<Record<string, Act>> = {
  "a byte a second": async (conn) => {
    for (const byte of ASK) {
      await conn.write(Uint8Array.of(byte));
      await sleep(1_000);
    }
  },
  "asks again and again": floods(ASK),
  "asks for nothing": floods(ASK_NOTHING),
  "reads no answer": (conn) => deaf(conn, times(100, ASK)),
  "half an upgrade": (conn) => write(conn, UPGRADE.subarray(0, -2)),
  "silent WebSocket": (conn) => write(conn, UPGRADE),
  "deaf WebSocket": (conn) => deaf(conn, UPGRADE, HELLO, times(1_000, HELP)),
  "pings": floods(frame(PING), UPGRADE),
  "pongs": floods(frame(PONG), UPGRADE, HELLO),
  "empty frames": floods(frame(BINARY), UPGRADE, HELLO),
  "tiny frames": floods(frame(BINARY, "\n"), UPGRADE, HELLO),
};
