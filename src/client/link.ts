/** One connection of the client, from dialling to its end: sealed, greeted, and alive. */
import type { Clock } from "../base/clock.ts";
import { ConfabError, peerCode } from "../base/errors.ts";
import {
  CLOSE_FLUSH_MS,
  CONNECT_MS,
  DEAD_AFTER_MS,
  PING_AFTER_IDLE_MS,
  SWEEP_INTERVAL_MS,
} from "../base/limits.ts";
import { Outbox } from "../net/outbox.ts";
import type { Transport } from "../net/transport.ts";
import { initiate, type InitiateOptions } from "../secure/handshake.ts";
import { frameStream } from "../wire/frame.ts";
import type { ClientMessage, Hello } from "../wire/client.ts";
import {
  encodeMessage,
  readServerMessage,
  type ServerMessage,
  type Unknown,
  type Welcome,
} from "../wire/server.ts";

export interface LinkOptions {
  /** Connects to the server. */
  readonly dial: () => Promise<Transport>;
  readonly seal: InitiateOptions;
  readonly clock: Clock;
}

/** What a client says first; its `resume` as JSON has it. */
export type HelloFields = Omit<Hello, "type" | "resume"> & {
  resume?: Record<string, { seq: number; at?: number }>;
};

export class Link {
  readonly welcome: Welcome;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #messages: AsyncIterator<ServerMessage | Unknown, undefined>;
  #heardAt: number;
  #isFlushing = false;
  #cancelSweep: () => void = () => {};
  #cancelBye: () => void = () => {};

  private constructor(
    transport: Transport,
    clock: Clock,
    messages: AsyncIterator<ServerMessage | Unknown, undefined>,
    welcome: Welcome,
  ) {
    this.welcome = welcome;
    this.#transport = transport;
    this.#clock = clock;
    this.#messages = messages;
    this.#heardAt = clock.monotonic();
    this.#outbox = new Outbox({
      write: (bytes) => transport.write(bytes),
      onDrained: () => {},
      onProgress: () => {},
      onFault: () => this.abort(),
    });
    this.#watch();
  }

  /**
   * Connects, seals and says hello.
   *
   * @throws {ConfabError} with the server's code when it refuses the hello; `connection` when it ends or takes too long; what dialling
   * and judging the server's key throw.
   */
  static async open(options: LinkOptions, hello: HelloFields): Promise<Link> {
    const transport = await options.dial();
    let isLate = false;
    const cancel = options.clock.after(CONNECT_MS, () => {
      isLate = true;
      transport.close();
    });
    try {
      const channel = await initiate(transport, options.seal);
      await channel.write(encodeMessage({ type: "hello", ...hello }));
      const messages = readMessages(channel);
      return new Link(
        channel,
        options.clock,
        messages,
        await welcomed(messages),
      );
    } catch (error) {
      transport.close();
      if (isLate) {
        throw new ConfabError(
          "connection",
          `the server did not answer within ${CONNECT_MS / 1_000} s`,
        );
      }
      throw error;
    } finally {
      cancel();
    }
  }

  /** Sends a message with those that are sent at the same moment. */
  send(message: ClientMessage | Record<string, unknown>): void {
    this.#outbox.push(encodeMessage(message));
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#outbox.flush();
    });
  }

  /** Resolves when more may be sent. */
  async whenSpace(): Promise<void> {
    await this.#outbox.whenSpace();
  }

  /** What the server says, to the end of the connection. Heartbeats are dealt with here. */
  async *messages(): AsyncGenerator<
    Exclude<ServerMessage, { type: "ping" | "pong" }> | Unknown,
    undefined
  > {
    try {
      for (;;) {
        const { done, value } = await this.#messages.next();
        if (done) return;
        this.#heardAt = this.#clock.monotonic();
        if (value.type === "ping") this.send({ type: "pong", t: value.t });
        else if (value.type !== "pong") yield value;
      }
    } catch {
      // A connection that breaks has ended; the client connects again.
    } finally {
      this.abort();
    }
  }

  /** Says goodbye; the server answers and ends the connection, or it is ended here after some time. */
  bye(): void {
    this.send({ type: "bye" });
    this.#cancelBye = this.#clock.after(CLOSE_FLUSH_MS, () => this.abort());
  }

  /** Ends at once. */
  abort(): void {
    this.#cancelSweep();
    this.#cancelBye();
    this.#outbox.close();
    this.#transport.close();
  }

  /** A server that says nothing is asked for a sign of life, then given up. */
  #watch(): void {
    let pingedAt = this.#heardAt;
    const sweep = () => {
      const now = this.#clock.monotonic();
      if (now >= this.#heardAt + DEAD_AFTER_MS) return this.abort();
      if (now >= Math.max(this.#heardAt, pingedAt) + PING_AFTER_IDLE_MS) {
        pingedAt = now;
        this.send({ type: "ping", t: this.#clock.wall() });
      }
      this.#cancelSweep = this.#clock.after(SWEEP_INTERVAL_MS, sweep);
    };
    this.#cancelSweep = this.#clock.after(SWEEP_INTERVAL_MS, sweep);
  }
}

async function* readMessages(
  transport: Transport,
): AsyncGenerator<ServerMessage | Unknown, undefined> {
  for await (const payloads of frameStream(transport)) {
    for (const payload of payloads) {
      const message = readServerMessage(payload);
      if (message === undefined) {
        throw new ConfabError(
          "connection",
          "the server sent something that is no message",
        );
      }
      yield message;
    }
  }
}

async function welcomed(
  messages: AsyncIterator<ServerMessage | Unknown, undefined>,
): Promise<Welcome> {
  for (;;) {
    const { done, value } = await messages.next();
    if (done) {
      throw new ConfabError("connection", "the server ended the connection");
    }
    if (value.type === "welcome") return value;
    if (value.type === "error") {
      throw new ConfabError(peerCode(value.code), value.text);
    }
    if (value.type === "bye") throw new ConfabError("connection", value.text);
  }
}
