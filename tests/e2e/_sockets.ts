// A TCP connection as a test wants it: writes in order, reading that can really stop, and the end
// as a promise.

import { FrameDecoder, text, utf8 } from "./_frames.ts";
import { Inbox } from "./_inbox.ts";
import { within } from "./_scenario.ts";

const READ_BYTES = 64 * 1024;
const LOOPBACK = "127.0.0.1";

export function dial(port: number): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: LOOPBACK, port });
}

export class ByteSocket implements AsyncDisposable {
  /** Resolves when the stream has ended, from either side and in whatever way. */
  readonly ended: Promise<void>;
  readonly #conn: Deno.TcpConn;
  #writes: Promise<void> = Promise.resolve();
  #mayRead = Promise.withResolvers<void>();
  #closed = false;

  /** `onBytes` is first called after the constructor's turn. */
  constructor(
    conn: Deno.TcpConn,
    onBytes: (bytes: Uint8Array) => void,
  ) {
    this.#conn = conn;
    conn.setNoDelay(true);
    this.#mayRead.resolve();
    this.ended = this.#pump(onBytes);
  }

  /** Writes after all earlier writes. A connection that is gone swallows it: `ended` says so. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#queue(bytes, bytes.length);
  }

  /** A write for every byte. */
  writeBytewise(bytes: Uint8Array): Promise<void> {
    return this.#queue(bytes, 1);
  }

  /** No further read is begun: what the peer writes fills the kernel's buffers, then the peer's. */
  stopReading(): void {
    this.#mayRead = Promise.withResolvers<void>();
  }

  resumeReading(): void {
    this.#mayRead.resolve();
  }

  /** Ends the own direction only, after what is being written. */
  async endWriting(): Promise<void> {
    await this.#writes;
    try {
      await this.#conn.closeWrite();
    } catch {
      // closed meanwhile
    }
  }

  /** Closes without a word. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#mayRead.resolve();
    this.#conn.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.ended;
    await this.#writes;
  }

  #queue(bytes: Uint8Array, atMost: number): Promise<void> {
    this.#writes = this.#writes.then(async () => {
      try {
        for (let at = 0; at < bytes.length && !this.#closed;) {
          at += await this.#conn.write(bytes.subarray(at, at + atMost));
        }
      } catch {
        // reset or closed meanwhile
      }
    });
    return this.#writes;
  }

  async #pump(onBytes: (bytes: Uint8Array) => void): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      while (true) {
        await this.#mayRead.promise;
        if (this.#closed) break;
        const read = await this.#conn.read(buffer);
        if (read === null) break;
        onBytes(buffer.slice(0, read));
      }
    } catch {
      // reset, closed here, or bytes that the reader could not take
    }
    this.close();
  }
}

/** Raw bytes out, whole frames in: for first bytes and handshakes that no client would send. */
export class RawSocket implements AsyncDisposable {
  readonly frames: Inbox<Uint8Array>;
  readonly #socket: ByteSocket;

  private constructor(socket: ByteSocket, frames: Inbox<Uint8Array>) {
    this.#socket = socket;
    this.frames = frames;
    socket.ended.then(() => frames.end("the connection has ended"));
  }

  static async open(port: number): Promise<RawSocket> {
    const frames = new Inbox<Uint8Array>(lossy);
    const decoder = new FrameDecoder();
    let framed = true; // a refusal in another protocol's words is no frame
    const socket = new ByteSocket(await dial(port), (bytes) => {
      if (!framed) return;
      try {
        decoder.push(bytes).forEach((payload) => frames.push(payload));
      } catch {
        framed = false;
      }
    });
    return new RawSocket(socket, frames);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#socket.write(bytes);
  }

  /** Waits for the server to end the connection. */
  closed(what: string): Promise<void> {
    return within(
      this.#socket.ended,
      () => `the end of the connection after ${what}; ${this.frames.listing()}`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#socket[Symbol.asyncDispose]();
  }
}

/** Lines out, lines in: `nc`, and the dialects that are spoken in lines. */
export class LineSocket implements AsyncDisposable {
  readonly lines: Inbox<string>;
  readonly #socket: ByteSocket;

  private constructor(socket: ByteSocket, lines: Inbox<string>) {
    this.#socket = socket;
    this.lines = lines;
    socket.ended.then(() => lines.end("the connection has ended"));
  }

  static async open(port: number): Promise<LineSocket> {
    const lines = new Inbox<string>((line) => line);
    const decoder = new TextDecoder();
    let rest = "";
    const socket = new ByteSocket(await dial(port), (bytes) => {
      const cut = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = cut.pop() ?? "";
      for (const line of cut) lines.push(line.replace(/\r$/, ""));
    });
    return new LineSocket(socket, lines);
  }

  /** Writes one line, with its end. */
  send(line: string): Promise<void> {
    return this.#socket.write(utf8(`${line}\n`));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#socket.write(bytes);
  }

  /** The end of input, as `nc` has it when its standard input ends. */
  endWriting(): Promise<void> {
    return this.#socket.endWriting();
  }

  next(test: (line: string) => boolean, what: string): Promise<string> {
    return this.lines.next(test, what);
  }

  /** Waits for the server to end the connection. */
  closed(what: string): Promise<void> {
    return within(
      this.#socket.ended,
      () => `the end of the connection after ${what}; ${this.lines.listing()}`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#socket[Symbol.asyncDispose]();
  }
}

function lossy(payload: Uint8Array): string {
  try {
    return text(payload);
  } catch {
    return `${payload.length} bytes that are no text`;
  }
}
