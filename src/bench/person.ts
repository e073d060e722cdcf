/** One simulated person: a connection that says and hears, and as little else as the wire allows. */
import { abortable } from "@std/async/abortable";
import { ConfabError } from "../base/errors.ts";
import { CONNECT_MS } from "../base/limits.ts";
import { Outbox } from "../net/outbox.ts";
import { TcpTransport } from "../net/tcp.ts";
import type { Transport } from "../net/transport.ts";
import { initiate } from "../secure/handshake.ts";
import { generateKeyPair } from "../secure/x25519.ts";
import type { ClientMessage } from "../wire/client.ts";
import { FrameDecoder } from "../wire/frame.ts";
import {
  encodeMessage,
  type ServerMessage,
  type Unknown,
} from "../wire/server.ts";

/** What a person does with what it hears. */
export interface Hearing {
  /** Reads a message of the server; members of a room get the same bytes, so this may remember. */
  read(payload: Uint8Array): ServerMessage | Unknown | undefined;
  chat(person: Person, seq: number, text: string): void;
  ack(person: Person, id: string, seq: number): void;
  /** The connection has ended, or the server refuses something, unasked for. */
  ended(person: Person, why: string): void;
}

export interface PersonOptions {
  readonly port: number;
  readonly isSealed: boolean;
  readonly name: string;
  readonly room: string;
  readonly hearing: Hearing;
  /** Ends the entering. */
  readonly signal: AbortSignal;
}

export class Person {
  readonly name: string;
  readonly room: string;
  /** Seq of the room's last message at the time of entering. */
  head = 0;
  readonly #hearing: Hearing;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #reading: Promise<void>;
  readonly #entered = Promise.withResolvers<void>();
  #isEntered = false;
  #isLeaving = false;

  /**
   * Connects and enters a room.
   *
   * @throws {ConfabError} `connection` when the server does not let it in, or not in time.
   * @throws {Deno.errors.NotFound} and what else connecting throws.
   */
  static async enter(options: PersonOptions): Promise<Person> {
    const late = AbortSignal.timeout(CONNECT_MS);
    const signal = AbortSignal.any([late, options.signal]);
    const hostname = "127.0.0.1";
    const conn = await Deno.connect({ hostname, port: options.port, signal });
    let transport: Transport = new TcpTransport(conn);
    try {
      if (options.isSealed) {
        transport = await abortable(seal(transport), signal);
      }
      const person = new Person(transport, options);
      await abortable(person.#entered.promise, signal);
      return person;
    } catch (error) {
      transport.close();
      if (!late.aborted) throw error;
      const seconds = CONNECT_MS / 1_000;
      const text = `the server let nobody in for ${seconds} seconds`;
      throw new ConfabError("connection", text);
    }
  }

  private constructor(transport: Transport, options: PersonOptions) {
    this.name = options.name;
    this.room = options.room;
    this.#hearing = options.hearing;
    this.#transport = transport;
    this.#outbox = new Outbox({
      write: (bytes) => transport.write(bytes),
      onDrained: () => {},
      onProgress: () => {},
      onFault: () => transport.close(),
    });
    this.#send({ type: "hello", name: this.name, room: this.room });
    this.#reading = this.#readAll();
  }

  say(txt: string, id: string): void {
    this.#send({ type: "chat", txt, id });
  }

  /** Says goodbye, and resolves when the connection has ended. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    this.#send({ type: "bye" });
    await this.#reading;
  }

  /** Ends at once. */
  abort(): void {
    this.#isLeaving = true;
    this.#transport.close();
  }

  #send(message: ClientMessage): void {
    this.#outbox.push(encodeMessage(message));
    this.#outbox.flush();
  }

  async #readAll(): Promise<void> {
    let why = "the connection was cut";
    try {
      const decoder = new FrameDecoder();
      for await (const chunk of this.#transport) {
        decoder.push(chunk);
        let payload: Uint8Array | null;
        while ((payload = decoder.next()) !== null) {
          const message = this.#hearing.read(payload);
          if (message === undefined) throw new Error("that is no message");
          const end = this.#take(message);
          if (end !== undefined) why = end;
        }
      }
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    this.#outbox.close();
    this.#transport.close();
    const ended = new ConfabError("connection", why);
    if (!this.#isEntered) this.#entered.reject(ended);
    else if (!this.#isLeaving) this.#hearing.ended(this, why);
  }

  /** Takes one message; gives why the connection ends when it says so. */
  #take(message: ServerMessage | Unknown): string | undefined {
    switch (message.type) {
      case "chat":
        this.#hearing.chat(this, message.seq, message.txt);
        break;
      case "ack":
        this.#hearing.ack(this, message.id, message.seq ?? 0);
        break;
      case "ping":
        this.#send({ type: "pong", t: message.t });
        break;
      case "history":
        this.head = Math.max(this.head, message.messages.at(-1)?.seq ?? 0);
        if (message.more) break;
        this.#isEntered = true;
        this.#entered.resolve();
        break;
      case "error":
        this.#transport.close();
        return message.text;
      case "bye":
        return message.text;
    }
    return undefined;
  }
}

/** The one place that knows how a connection is sealed. */
async function seal(transport: Transport): Promise<Transport> {
  return await initiate(transport, {
    identity: await generateKeyPair(),
    judgeServer() {},
  });
}
