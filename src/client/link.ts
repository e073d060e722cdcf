/** One connection of the client, from dialling to its end: sealed, greeted, and alive. */
import { abortable } from "@std/async/abortable";
import type { Clock } from "../base/clock.ts";
import { ConfabError, peerCode } from "../base/errors.ts";
import {
  CLOSE_FLUSH_MS,
  CONNECT_MS,
  PROBE_MS,
  SWEEP_INTERVAL_MS,
} from "../base/limits.ts";
import { Heartbeat } from "../net/heartbeat.ts";
import { Outbox } from "../net/outbox.ts";
import type { Transport } from "../net/transport.ts";
import { initiate, type InitiateOptions } from "../secure/handshake.ts";
import { serverWords } from "../wire/foreign_words.ts";
import { frameStream } from "../wire/frame.ts";
import type { ClientMessage, Hello } from "../wire/client.ts";
import { encodeMessage, readServerMessage } from "../wire/server.ts";
import type { ServerMessage, Unknown, Welcome } from "../wire/server.ts";

export interface LinkOptions {
  /** Connects to the server. After the signal nobody waits for it; what still comes is closed. */
  readonly dial: (signal: AbortSignal) => Promise<Transport>;
  readonly seal: InitiateOptions;
  readonly clock: Clock;
  /**
   * Takes the fingerprint of the key that the server announces to show next, or that it announces
   * none, and gives what the person is to be told of that. Never rejects.
   */
  readonly learn?: (next: string | undefined) => Promise<string | undefined>;
}

/** What a client says first; its `resume` as JSON has it. */
export type HelloFields = Omit<Hello, "type" | "resume"> & {
  resume?: Record<string, { seq: number; at?: number }>;
};

/** A message, and as how many bytes it came. */
interface Read {
  readonly message: ServerMessage | Unknown;
  readonly bytes: number;
}
type Messages = AsyncGenerator<Read, undefined>;

export class Link {
  readonly welcome: Welcome;
  /** What the person is to be told of the server's key. */
  readonly note: string | undefined;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #messages: Messages;
  readonly #heartbeat: Heartbeat;
  /** Bytes of the message that came last. */
  messageBytes = 0;
  #isReading = false;
  #isFlushing = false;
  #cancelSweep: () => void = () => {};
  #cancelBye: () => void = () => {};
  /** While a sign of life is waited for. */
  #cancelProbe: (() => void) | undefined;

  private constructor(
    transport: Transport,
    clock: Clock,
    messages: Messages,
    { welcome, note }: Pick<Link, "welcome" | "note">,
  ) {
    this.welcome = welcome;
    this.note = note;
    this.#transport = transport;
    this.#clock = clock;
    this.#messages = messages;
    this.#heartbeat = new Heartbeat(clock.monotonic());
    this.#outbox = new Outbox({
      write: (bytes) => transport.write(bytes),
      onDrained: () => {},
      onProgress: () => {},
      onFault: () => this.abort(),
    });
    this.#watch();
  }

  /**
   * Connects, seals and says hello, unless the signal comes first.
   *
   * @throws {ConfabError} with the server's code when it refuses the hello; `connection` when it
   * ends or takes too long; what dialling and judging the server's key throw.
   */
  static async open(
    { dial, seal, clock, learn }: LinkOptions,
    hello: HelloFields,
    signal: AbortSignal,
  ): Promise<Link> {
    const late = new AbortController();
    const cancel = clock.after(CONNECT_MS, () => late.abort());
    const end = AbortSignal.any([signal, late.signal]);
    const dialling = dial(end);
    // Also what is there only later.
    const close = () => void dialling.then((one) => one.close(), () => {});
    end.addEventListener("abort", close);
    let channel: Transport | undefined;
    try {
      const transport = await abortable(dialling, end);
      channel = await initiate(transport, seal);
      await channel.write(encodeMessage({ type: "hello", ...hello }));
      const messages = readMessages(channel);
      const welcome = await welcomed(messages);
      const note = await learn?.(welcome.next);
      return new Link(channel, clock, messages, { welcome, note });
    } catch (error) {
      close();
      // The carrier is closed by that, its keys are overwritten by this.
      channel?.close();
      if (!late.signal.aborted) throw error;
      throw failed(
        `the server did not answer within ${CONNECT_MS / 1_000} seconds`,
      );
    } finally {
      cancel();
      end.removeEventListener("abort", close);
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

  /** What the server says, to the end of the connection. Heartbeats are dealt with here. */
  async *messages(): AsyncGenerator<
    Exclude<ServerMessage, { type: "ping" | "pong" }> | Unknown,
    undefined
  > {
    try {
      for (;;) {
        this.#isReading = true;
        const { done, value } = await this.#messages.next();
        this.#isReading = false;
        if (done) return;
        this.#heartbeat.moved(this.#clock.monotonic());
        this.#endProbe();
        const { message } = value;
        this.messageBytes = value.bytes;
        if (message.type === "ping") {
          // One that asks and does not read is not answered without end.
          if (this.#outbox.spaceBytes > 0) {
            this.send({ type: "pong", t: message.t });
          }
        } else if (message.type !== "pong") yield message;
      }
    } catch {
      // A connection that breaks has ended; the client connects again.
    } finally {
      this.abort();
    }
  }

  /** When a sign of life was asked for that has not come; monotonic milliseconds. */
  get pingedAt(): number | undefined {
    return this.#heartbeat.pingedAt;
  }

  /** Says goodbye; the server answers and ends, or the connection is ended here after some time. */
  bye(): void {
    this.send({ type: "bye" });
    this.#cancelBye = this.#clock.after(CLOSE_FLUSH_MS, () => this.abort());
  }

  /** Asks for a sign of life now, as after a sleep of the machine: the end may have been missed. */
  probe(): void {
    if (this.#cancelProbe !== undefined) return;
    this.send({ type: "ping", t: this.#clock.wall() });
    this.#cancelProbe = this.#clock.after(PROBE_MS, () => {
      this.#cancelProbe = undefined;
      // Where nobody listens, the silence is this side's.
      if (this.#isReading) this.abort();
    });
  }

  #endProbe(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }

  /** Ends at once. */
  abort(): void {
    this.#cancelSweep();
    this.#cancelBye();
    this.#endProbe();
    this.#outbox.close();
    this.#transport.close();
  }

  /** A server that says nothing is asked for a sign of life, then given up. */
  #watch(): void {
    const sweep = () => {
      const now = this.#clock.monotonic();
      // Nobody listens at the moment: the silence is this side's.
      if (!this.#isReading) this.#heartbeat.moved(now);
      const due = this.#heartbeat.look(now);
      if (due === "dead") return this.abort();
      if (due === "ping") this.send({ type: "ping", t: this.#clock.wall() });
      this.#cancelSweep = this.#clock.after(SWEEP_INTERVAL_MS, sweep);
    };
    this.#cancelSweep = this.#clock.after(SWEEP_INTERVAL_MS, sweep);
  }
}

async function* readMessages(transport: Transport): Messages {
  for await (const payloads of frameStream(transport)) {
    for (const payload of payloads) {
      const message = readServerMessage(payload);
      if (message === undefined) {
        throw failed("the server sent something that is no message");
      }
      yield { message, bytes: payload.length };
    }
  }
}

async function welcomed(messages: Messages): Promise<Welcome> {
  for (;;) {
    const { done, value } = await messages.next();
    if (done) throw failed("the server ended the connection");
    const { message } = value;
    if (message.type === "welcome") return message;
    if (message.type === "bye") throw failed(serverWords(message.text));
    if (message.type === "error") {
      const words = serverWords(message.text);
      throw new ConfabError(peerCode(message.code), words);
    }
  }
}

function failed(text: string): ConfabError {
  return new ConfabError("connection", text);
}
