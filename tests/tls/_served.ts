/** A server whose connections come by TLS over sockets, as if from another machine. */
import { assert } from "@std/assert";
import type { Log, LogFields } from "../../src/base/log.ts";
import { NO_LOG } from "../../src/base/log.ts";
import { TcpTransport } from "../../src/net/tcp.ts";
import { type Transport, withFirstBytes } from "../../src/net/transport.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import type { Opener } from "../../src/server/open.ts";
import { Server } from "../../src/server/server.ts";
import type { Certificate } from "../../src/tls/certificate.ts";
import { tlsOpener } from "../../src/tls/opener.ts";
import { FakeClock } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { type Made, made, read } from "./_certificate.ts";

const LOOPBACK = "127.0.0.1";
const FAR = {
  peer: { hostname: "192.0.2.7", port: 7 },
  isLocal: false,
  isEncrypted: false,
};

interface TlsServedOptions {
  readonly openers?: Readonly<Record<string, Opener>>;
}

export class TlsServed implements AsyncDisposable {
  readonly clock = new FakeClock();
  /** Events of the log and their fields. */
  readonly logged: [event: string, fields: LogFields | undefined][] = [];
  server!: Server;
  made!: Made;
  certificate!: Certificate;
  readonly #clients: Client[] = [];
  readonly #listener = Deno.listen({ hostname: LOOPBACK, port: 0 });

  static async start({ openers }: TlsServedOptions = {}): Promise<TlsServed> {
    const served = new TlsServed();
    const { clock } = served;
    const log: Log = { ...NO_LOG };
    for (const level of ["debug", "info", "warn", "error"] as const) {
      Object.assign(log, {
        [level]: (event: string, fields?: LogFields) =>
          void served.logged.push([event, fields]),
      });
    }
    await served.show(await made());
    const context = () => served.certificate.context;
    served.server = await Server.create({
      identity: await generateKeyPair(),
      store: new MemoryStore(),
      ...{ log, clock, version: "1" },
      openers: { ...openers, tls: tlsOpener({ clock, context }) },
    });
    return served;
  }

  /** Shows another certificate from now on. */
  show(certificate: Made): Promise<void> {
    this.made = certificate;
    this.certificate = read(certificate);
    return Promise.resolve();
  }

  /** Somebody connects, from far away or not, and has said nothing yet. */
  async dial(from: "far" | "here" = "far"): Promise<Client> {
    const { port } = this.#listener.addr as Deno.NetAddr;
    const conn = await Deno.connect({ hostname: LOOPBACK, port });
    const tcp = new TcpTransport(await this.#listener.accept());
    const cut = Promise.withResolvers<IteratorReturnResult<undefined>>();
    const chunks = {
      next: () => Promise.race([tcp.next(), cut.promise]),
    };
    const facts = from === "far" ? FAR : tcp;
    const serving = this.server.serve(
      withFirstBytes(new Uint8Array(0), chunks, tcp, facts),
    );
    const client = new Client(
      conn,
      serving,
      () => cut.resolve({ done: true, value: undefined }),
    );
    this.#clients.push(client);
    return client;
  }

  /** Somebody connects by TLS. */
  async call(options: Partial<Deno.StartTlsOptions> = {}): Promise<Client> {
    const client = await this.dial();
    await client.startTls({
      hostname: "localhost",
      caCerts: [this.made.chain],
      ...options,
    });
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const client of this.#clients) client.close();
    await this.server.stop();
    for (const client of this.#clients) await client.serving;
  }
}

export class Client {
  /** Resolves when the server is done with it. */
  readonly serving: Promise<void>;
  /** The way to the server ends, without a word of this client. */
  readonly cut: () => void;
  #conn: Deno.Conn;
  #text = "";

  constructor(conn: Deno.TcpConn, serving: Promise<void>, cut: () => void) {
    this.#conn = conn;
    this.serving = serving;
    this.cut = cut;
  }

  async startTls(options: Deno.StartTlsOptions): Promise<void> {
    const conn = await Deno.startTls(this.#conn as Deno.TcpConn, options);
    this.#conn = conn;
    await conn.handshake();
  }

  async write(said: string | Uint8Array): Promise<void> {
    const bytes = typeof said === "string"
      ? new TextEncoder().encode(said)
      : said;
    for (let at = 0; at < bytes.length;) {
      at += await this.#conn.write(bytes.subarray(at));
    }
  }

  /** What comes next, in one piece. */
  async read(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(65_536);
    const count = await this.#conn.read(buffer);
    return count === null ? undefined : buffer.subarray(0, count);
  }

  /** What comes until there is this in it. */
  async until(part: string): Promise<string> {
    while (!this.#text.includes(part)) {
      const bytes = await this.read();
      assert(bytes, `no ${part} in ${this.#text}`);
      this.#text += new TextDecoder().decode(bytes);
    }
    const text = this.#text;
    this.#text = "";
    return text;
  }

  /** What comes until the server ends its side. */
  async rest(): Promise<Uint8Array> {
    const all: number[] = [];
    for (let bytes = await this.read(); bytes; bytes = await this.read()) {
      all.push(...bytes);
    }
    return Uint8Array.from(all);
  }

  endWriting(): Promise<void> {
    return this.#conn.closeWrite();
  }

  /** As who connects sees the connection. */
  get transport(): Transport {
    const client = this.#conn;
    return {
      ...FAR,
      write: (bytes) => this.write(bytes),
      closeWrite: () => client.closeWrite(),
      close: () => this.close(),
      async *[Symbol.asyncIterator]() {
        const buffer = new Uint8Array(65_536);
        for (;;) {
          const count = await client.read(buffer);
          if (count === null) return undefined;
          yield buffer.subarray(0, count);
        }
      },
    };
  }

  close(): void {
    try {
      this.#conn.close();
    } catch {
      // It is closed already.
    }
  }
}
