/** Of the measurements: connections that do as they like, and a server to try them on. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { TcpTransport } from "../src/net/tcp.ts";
import type { Transport } from "../src/net/transport.ts";
import { initiate } from "../src/secure/handshake.ts";
import { generateKeyPair, type KeyPair } from "../src/secure/x25519.ts";
import { FrameDecoder } from "../src/wire/frame.ts";
import {
  encodeMessage,
  readServerMessage,
  type ServerMessage,
} from "../src/wire/server.ts";

/** A sealed connection with a key, new unless it is given. */
export class Stranger {
  /** Bytes of what the server said. */
  bytesIn = 0;
  /** How many messages of each type came. */
  readonly counts = new Map<string, number>();
  onMessage: (message: ServerMessage) => void = () => {};
  /** Whether the connection has ended. */
  isOver = false;
  readonly #transport: Transport;

  private constructor(transport: Transport) {
    this.#transport = transport;
    this.#read().catch(() => {}).finally(() => {
      this.isOver = true;
      transport.close();
    });
  }

  /** @throws what connecting and the handshake throw. */
  static async connect(
    hostname: string,
    port: number,
    identity?: KeyPair,
  ): Promise<Stranger> {
    const conn = await Deno.connect({ hostname, port });
    identity ??= await generateKeyPair();
    const carrier = new TcpTransport(conn);
    return new Stranger(
      await initiate(carrier, { identity, judgeServer() {} }),
    );
  }

  /** Resolves when it is sent: who is not read from waits. */
  async send(...messages: readonly object[]): Promise<void> {
    for (const message of messages) {
      await this.#transport.write(encodeMessage(message));
    }
  }

  /** Resolves with the next message of a type, or `undefined` after some time. */
  next(type: string, ms = 10_000): Promise<ServerMessage | undefined> {
    return new Promise((resolve) => {
      const before = this.onMessage;
      const end = (message?: ServerMessage) => {
        clearTimeout(timer);
        this.onMessage = before;
        resolve(message);
      };
      const timer = setTimeout(end, ms);
      this.onMessage = (message) => {
        before(message);
        if (message.type === type) end(message);
      };
    });
  }

  async hello(hello: object): Promise<ServerMessage | undefined> {
    const welcome = this.next("welcome");
    await this.send({ type: "hello", ...hello });
    return await welcome;
  }

  close(): void {
    this.#transport.close();
  }

  async #read(): Promise<void> {
    const decoder = new FrameDecoder();
    for await (const chunk of this.#transport) {
      this.bytesIn += chunk.length;
      decoder.push(chunk);
      let payload: Uint8Array | null;
      while ((payload = decoder.next()) !== null) {
        const message = readServerMessage(payload);
        if (message === undefined || message.type === "unknown") continue;
        const { type } = message;
        this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
        if (type === "ping") await this.send({ type: "pong", t: message.t });
        this.onMessage(message);
      }
    }
  }
}

/** Somebody who only asks how long the server takes to answer. */
export class Bystander {
  readonly #stranger: Stranger;
  readonly #ms: number[] = [];
  #isOver = false;
  readonly #running: Promise<void>;

  constructor(stranger: Stranger) {
    this.#stranger = stranger;
    this.#running = this.#run();
  }

  /** Ends, and says how long answers took: `p50 / p99 / longest` in ms. */
  async end(): Promise<string> {
    this.#isOver = true;
    await this.#running;
    const sorted = this.#ms.toSorted((a, b) => a - b);
    const at = (part: number) =>
      (sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(1);
    return `${at(0.5)} / ${at(0.99)} / ${at(1)}`;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const began = performance.now();
      const pong = this.#stranger.next("pong", 20_000);
      await this.#stranger.send({ type: "ping", t: 1 });
      await pong;
      this.#ms.push(performance.now() - began);
      // Below the rate that a person has.
      await sleep(Math.max(0, 110 - (performance.now() - began)));
    }
  }
}

/** A server of a program, as a process of its own. */
export class Program implements AsyncDisposable {
  readonly port: number;
  readonly data: string;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, port: number, data: string) {
    this.#child = child;
    this.port = port;
    this.data = data;
  }

  /** `root`: the directory of the program's `main.ts`. */
  static async start(
    root: string,
    data: string,
    ...flags: readonly string[]
  ): Promise<Program> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", `${root}/main.ts`, "serve", "--host", "0.0.0.0"],
        ...["--port", "0", "--data", data, ...flags],
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const port = /:(\d+) SHA256/.exec(line)?.[1];
      if (port !== undefined) return new Program(child, Number(port), data);
    }
    throw new Error(`${root}: the server does not start`);
  }

  /** What it holds of memory, in MiB. */
  memoryMib(): number {
    const status = Deno.readTextFileSync(`/proc/${this.#child.pid}/status`);
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024;
  }

  /** What its files take, in MiB. */
  diskMib(): number {
    let bytes = 0;
    for (const { name, isFile } of Deno.readDirSync(this.data)) {
      if (isFile) bytes += Deno.statSync(`${this.data}/${name}`).size;
    }
    return bytes / 1_048_576;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
