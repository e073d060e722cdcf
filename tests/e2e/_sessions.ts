/** Whole sessions of old clients as bytes: what one writes, and all that it gets. */
import { assertEquals } from "@std/assert";
import { concat } from "./_frames.ts";
import { within } from "./_scenario.ts";
import { ByteSocket, dial } from "./_sockets.ts";

/** How the bytes of a session come: in how large pieces, each a write of its own. */
export const CUTS = {
  "in one write": Infinity,
  "a byte at a time": 1,
  "three bytes at a time": 3,
} as const;
export type Cut = keyof typeof CUTS;

/** A connection as bytes. */
export class RawClient implements AsyncDisposable {
  #got: Uint8Array = new Uint8Array(0);
  #waiting: { readonly bytes: number; readonly enough: () => void } | undefined;
  readonly #socket: ByteSocket;

  private constructor(conn: Deno.TcpConn) {
    this.#socket = new ByteSocket(conn, (bytes) => {
      this.#got = concat([this.#got, bytes]);
      if (this.#got.length >= (this.#waiting?.bytes ?? Infinity)) {
        this.#waiting!.enough();
      }
    });
  }

  static async open(port: number): Promise<RawClient> {
    return new RawClient(await dial(port));
  }

  async write(bytes: Uint8Array, cut: Cut = "in one write"): Promise<void> {
    const size = Math.min(CUTS[cut], bytes.length);
    for (let at = 0; at < bytes.length; at += size) {
      await this.#socket.write(bytes.subarray(at, at + size));
    }
  }

  endWriting(): Promise<void> {
    return this.#socket.endWriting();
  }

  /** The next bytes that come, which must be these. */
  async gets(expected: Uint8Array): Promise<void> {
    const { promise, resolve: enough } = Promise.withResolvers<void>();
    this.#waiting = { bytes: expected.length, enough };
    if (this.#got.length >= expected.length) enough();
    await Promise.race([
      within(promise, () => `bytes after ${shown(this.#got)}`),
      this.#socket.ended,
    ]);
    assertEquals(shown(this.#got), shown(expected));
    this.#got = new Uint8Array(0);
  }

  /** All that comes to the end of the connection, which must be these bytes. */
  async endsWith(expected: Uint8Array): Promise<void> {
    const end = () => `the end after ${shown(this.#got)}`;
    await within(this.#socket.ended, end);
    assertEquals(shown(this.#got), shown(expected));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#socket[Symbol.asyncDispose]();
  }
}

/** Bytes as a test's failure shows them best: a character for each, the times of day left out. */
function shown(bytes: Uint8Array): string {
  const chars = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return chars.join("").replace(/\[\d\d:\d\d\]/g, "[hh:mm]");
}
