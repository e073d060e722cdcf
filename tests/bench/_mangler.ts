/** A relay between people who speak framed JSON and their server, which changes what they get. */
import { FrameDecoder } from "../../src/wire/frame.ts";
import { encodeFrame } from "../../src/wire/frame.ts";

/** What becomes of a message to a person: the messages that go on in its place. */
export type Mangle = (
  person: string,
  message: Record<string, unknown>,
) => Record<string, unknown>[];

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class Mangler implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: number;
  readonly #mangle: Mangle;
  readonly #conns: Deno.Conn[] = [];
  readonly #working: Promise<void>[] = [];

  constructor(target: number, mangle: Mangle) {
    this.#target = target;
    this.#mangle = mangle;
    this.#working.push(this.#accept());
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#conns) close(conn);
    await Promise.all(this.#working);
  }

  async #accept(): Promise<void> {
    try {
      for (;;) this.#working.push(this.#relay(await this.#listener.accept()));
    } catch {
      // It was closed.
    }
  }

  async #relay(near: Deno.Conn): Promise<void> {
    this.#conns.push(near);
    const far = await Deno.connect({ port: this.#target });
    this.#conns.push(far);
    let person = "";
    const out = pump(near, far, (message) => {
      if (message.type === "hello") person = String(message.name);
      return [message];
    });
    const back = pump(far, near, (message) => this.#mangle(person, message));
    await Promise.all([out, back]);
  }
}

/** Carries messages one way until either end is gone, then closes both. */
async function pump(
  from: Deno.Conn,
  to: Deno.Conn,
  change: (message: Record<string, unknown>) => Record<string, unknown>[],
): Promise<void> {
  const frames = new FrameDecoder();
  const buffer = new Uint8Array(65_536);
  try {
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) break;
      frames.push(buffer.subarray(0, count));
      let payload: Uint8Array | null;
      while ((payload = frames.next()) !== null) {
        for (const message of change(JSON.parse(decoder.decode(payload)))) {
          await send(to, encodeFrame(encoder.encode(JSON.stringify(message))));
        }
      }
    }
  } catch {
    // One end is gone.
  }
  close(from);
  close(to);
}

async function send(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await to.write(bytes.subarray(sent));
  }
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // The other direction has closed it.
  }
}
