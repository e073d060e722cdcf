/** A whole server without sockets: its connections are in memory, its clock is a test's. */
import { concat } from "@std/bytes/concat";
import type { LogFields } from "../../src/base/log.ts";
import type { Transport, TransportFacts } from "../../src/net/transport.ts";
import { initiate } from "../../src/secure/handshake.ts";
import { generateKeyPair, type KeyPair } from "../../src/secure/x25519.ts";
import { Server, type ServerOptions } from "../../src/server/server.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { utf8 } from "../_chunks.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { memoryPair } from "../_memory_transport.ts";

export const IDENTITY = await generateKeyPair();

/** Facts of one who comes from another machine. */
export const FAR: Partial<TransportFacts> = {
  peer: { hostname: "192.0.2.7", port: 7 },
  isLocal: false,
};

export type ServedOptions =
  & Partial<Omit<ServerOptions, "clock">>
  & { clock?: FakeClock };

type Line = [event: string, fields: LogFields | undefined];

export class Served implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly server: Server;
  /** Lines of the log that are no `info` and no `debug`. */
  readonly log: Line[];
  readonly #callers: Caller[] = [];

  private constructor(clock: FakeClock, server: Server, log: Line[]) {
    this.clock = clock;
    this.server = server;
    this.log = log;
  }

  static async start(
    { clock = new FakeClock(), ...options }: ServedOptions = {},
  ): Promise<Served> {
    const lines: Line[] = [];
    const note = (event: string, fields?: LogFields) =>
      void lines.push([event, fields]);
    const log = { debug: () => {}, info: () => {}, warn: note, error: note };
    const server = await Server.create({
      identity: IDENTITY,
      store: new MemoryStore(),
      log,
      version: "1",
      clock,
      ...options,
    });
    return new Served(clock, server, lines);
  }

  /** Somebody connects. */
  call(facts: Partial<TransportFacts> = {}): Caller {
    const [near, far] = memoryPair(facts);
    const caller = new Caller(far);
    this.#callers.push(caller);
    this.server.serve(near).then(() => caller.isServed = true);
    return caller;
  }

  /** Somebody connects with a key, and has a session. */
  async callSealed(
    identity: KeyPair,
    facts: Partial<TransportFacts> = {},
  ): Promise<Caller> {
    const [near, far] = memoryPair(facts);
    const { counters } = this.server.tap;
    const before = counters.connected;
    const serving = this.server.serve(near);
    const judgeServer = () => {};
    const caller = new Caller(
      await initiate(far, { identity, judgeServer }),
    );
    this.#callers.push(caller);
    serving.then(() => caller.isServed = true);
    // The server's part of the handshake ends aside from the event loop.
    while (counters.connected === before) await eventLoopTurn();
    return caller;
  }

  /** Time goes by, a second at a time. */
  pass(ms: number): Promise<void> {
    return this.clock.advanceSlowly(ms, 1_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const caller of this.#callers) caller.transport.close();
    await this.server.stop();
  }
}

/** The other end of a connection. */
export class Caller {
  readonly transport: Transport;
  /** Whether the server has ended its side. */
  isOver = false;
  /** Whether the server is done with it. */
  isServed = false;
  readonly #chunks: Uint8Array[] = [];

  constructor(transport: Transport) {
    this.transport = transport;
    this.#readAll();
  }

  async #readAll(): Promise<void> {
    for await (const chunk of this.transport) this.#chunks.push(chunk.slice());
    this.isOver = true;
  }

  /** Sends lines, or messages in frames; all that they set off has happened then. */
  async say(...said: (string | object)[]): Promise<void> {
    const bytes = said.map((one) =>
      typeof one === "string" ? utf8(`${one}\n`) : encodeMessage(one)
    );
    await this.transport.write(concat(bytes));
    for (let n = 0; n < 5; n++) await eventLoopTurn();
  }

  /** The text that came since the last call. */
  text(): string {
    return new TextDecoder().decode(concat(this.#chunks.splice(0)));
  }

  /** The messages that came since the last call. */
  messages(): Record<string, unknown>[] {
    const decoder = new FrameDecoder();
    decoder.push(concat(this.#chunks.splice(0)));
    const all: Record<string, unknown>[] = [];
    for (let next = decoder.next(); next !== null; next = decoder.next()) {
      all.push(JSON.parse(new TextDecoder().decode(next)));
    }
    return all;
  }

  /** Their types. */
  types(): unknown[] {
    return this.messages().map(({ type }) => type);
  }
}
