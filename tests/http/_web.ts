/** A server with HTTP, on a socket of this machine, and those who ask it something. */
import { createHttp, type HttpOptions } from "../../src/http/opener.ts";
import { PAGE_FILES } from "../../src/http/page/files.ts";
import type { Transport, TransportFacts } from "../../src/net/transport.ts";
import { Server, type ServerOptions } from "../../src/server/server.ts";
import { utf8 } from "../_chunks.ts";
import { MemoryStore } from "../_memory_store.ts";
import { factsOf, standIn } from "../_memory_transport.ts";
import { TcpTransport } from "../../src/net/tcp.ts";
import { IDENTITY } from "../server/_served.ts";

export { NO_WEB } from "../_testing.ts";

type Line = [event: string, fields: Record<string, unknown> | undefined];

export class Web implements AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  /** Lines of the log. */
  readonly log: Line[];
  readonly #listener: Deno.TcpListener;
  readonly #accepting: Promise<void>;

  private constructor(
    server: Server,
    log: Line[],
    facts: Partial<TransportFacts>,
  ) {
    this.server = server;
    this.log = log;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#accepting = this.#accept(facts);
  }

  /** `facts`: what those who come are said to be. */
  static async start(
    { http = {}, facts = {}, ...options }: Partial<ServerOptions> & {
      http?: Partial<HttpOptions>;
      facts?: Partial<TransportFacts>;
    } = {},
  ): Promise<Web> {
    const lines: Line[] = [];
    const note = (event: string, fields?: Record<string, unknown>) =>
      void lines.push([event, fields]);
    const { clock } = options;
    const server = await Server.create({
      identity: IDENTITY,
      store: new MemoryStore(),
      log: { debug: () => {}, info: note, warn: note, error: note },
      version: "1",
      openers: {
        http: createHttp({
          files: PAGE_FILES,
          ...clock === undefined ? {} : { clock },
          ...http,
        }),
      },
      ...options,
    });
    return new Web(server, lines, facts);
  }

  async #accept(facts: Partial<TransportFacts>): Promise<void> {
    for await (const conn of this.#listener) {
      const transport = new TcpTransport(conn);
      const known = { ...factsOf(transport), ...facts };
      void this.server.serve({ ...standIn(transport), ...known } as Transport);
    }
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Why connections were refused, and how often. */
  get refused(): Record<string, number> {
    return Object.fromEntries(this.server.tap.counters.refused);
  }

  async call(): Promise<Caller> {
    return new Caller(
      await Deno.connect({ hostname: "127.0.0.1", port: this.port }),
    );
  }

  /** All that is answered to this, until the server ends. */
  async ask(text: string): Promise<string> {
    using caller = await this.call();
    await caller.say(text);
    return await caller.rest();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    await this.server.stop();
  }
}

/** The other end of a socket. */
export class Caller implements Disposable {
  readonly conn: Deno.TcpConn;
  #held = "";

  constructor(conn: Deno.TcpConn) {
    this.conn = conn;
  }

  async say(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string" ? utf8(text) : text;
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.conn.write(bytes.subarray(sent));
    }
  }

  /** What comes, a character a byte, until it has this in it, or to the end. */
  async until(word: string): Promise<string> {
    const buffer = new Uint8Array(65_536);
    while (!this.#held.includes(word)) {
      const count = await this.conn.read(buffer).catch(() => null);
      if (count === null) return this.#take(this.#held.length);
      this.#held += String.fromCharCode(...buffer.subarray(0, count));
    }
    return this.#take(this.#held.indexOf(word) + word.length);
  }

  rest(): Promise<string> {
    return this.until("\0\0nothing has this\0\0");
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }

  [Symbol.dispose](): void {
    this.conn.close();
  }
}

/** A request without content. */
export function get(
  target: string,
  headers: Record<string, string> = {},
  method = "GET",
): string {
  const lines = Object.entries({ Host: "localhost", ...headers })
    .map((header) => header.join(": "));
  return [`${method} ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

/** The status of each answer in a text. */
export function statuses(text: string): number[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, code]) => +code!);
}
