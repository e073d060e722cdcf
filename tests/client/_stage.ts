/** A client in memory, and its server: each connection is an end that a test plays by hand. */
import { assert, assertEquals } from "@std/assert";
import { Client, type ClientEvent } from "../../src/client/client.ts";
import type { ClientOptions } from "../../src/client/client.ts";
import type { Transport } from "../../src/net/transport.ts";
import type { SecureChannel } from "../../src/secure/channel.ts";
import { respond } from "../../src/secure/handshake.ts";
import { encodeFrame, frameStream } from "../../src/wire/frame.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { FakeClock } from "../_fake_clock.ts";
import { memoryPair } from "../_memory_transport.ts";
import { CLIENT, SERVER } from "../secure/_sealed.ts";

/** A message as JSON has it. */
export type Message = Record<string, unknown>;

/** The server's end of one connection. */
export class Peer {
  readonly #channel: SecureChannel;
  readonly #messages: AsyncIterator<Message, undefined>;

  private constructor(channel: SecureChannel) {
    this.#channel = channel;
    this.#messages = readMessages(channel);
  }

  static async accept(transport: Transport): Promise<Peer> {
    const options = { identity: SERVER };
    return new Peer(await respond(transport, options));
  }

  /** What the client says next; `undefined` when it has ended the connection. */
  async next(): Promise<Message | undefined> {
    return (await this.#messages.next()).value;
  }

  /** What the client says next must have these fields; gives all of it. */
  async expect(fields: Message): Promise<Message> {
    const message = await this.next();
    assert(message !== undefined, `no ${JSON.stringify(fields)} came`);
    const keys = Object.keys(fields);
    const picked = keys.map((key) => [key, message[key]]);
    assertEquals(Object.fromEntries(picked), fields, JSON.stringify(message));
    return message;
  }

  async send(...messages: Message[]): Promise<void> {
    for (const message of messages) {
      await this.#channel.write(encodeMessage(message));
    }
  }

  /** JSON as it stands. */
  async sendJson(json: string): Promise<void> {
    await this.#channel.write(encodeFrame(new TextEncoder().encode(json)));
  }

  /** Welcomes the client into rooms where nothing was said yet; the first is current. */
  async welcome(...rooms: string[]): Promise<void> {
    const [room = ""] = rooms;
    const server = { server: "test", version: "0" };
    await this.send({ type: "welcome", name: "ann", room, ...server });
    await this.send({ type: "here", room });
    for (const name of rooms) await this.send(users(name), history(name, []));
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#channel.close();
  }
}

/** What a client connects to. */
export class Stage {
  readonly clock = new FakeClock();
  /** Dialling fails with this, once. */
  dialError: Error | undefined;
  readonly #dialled: Transport[] = [];
  #wake: (() => void) | undefined;
  #ids = 0;

  readonly options: ClientOptions = {
    dial: () => {
      const error = this.dialError;
      this.dialError = undefined;
      if (error !== undefined) return Promise.reject(error);
      const [near, far] = memoryPair();
      this.#dialled.push(far);
      this.#wake?.();
      return Promise.resolve(near);
    },
    seal: { identity: CLIENT, judgeServer: () => {} },
    clock: this.clock,
    random: () => 0.5,
    newId: () => `id-${++this.#ids}`,
  };

  /** The other end of the next connection, sealed. */
  async accept(): Promise<Peer> {
    for (;;) {
      const transport = this.#dialled.shift();
      if (transport !== undefined) return await Peer.accept(transport);
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** A client that is connected, and in these rooms. */
  async enter(...rooms: string[]): Promise<Visit> {
    const connecting = Client.connect(this.options);
    const peer = await this.accept();
    await peer.expect({ type: "hello" });
    await peer.welcome(...rooms);
    const client = await connecting;
    const events = new Events(client);
    await events.next("connected");
    await events.next("message", { type: "here" });
    for (const room of rooms) {
      await events.next("message", { type: "users", room });
      await events.next("history");
    }
    return { client, peer, events };
  }

  /** The client connects again: gives the new end and what `hello` said. */
  async reenter(
    { events }: Visit,
    ...rooms: string[]
  ): Promise<{ peer: Peer; hello: Message }> {
    const { retryInMs } = await events.next("disconnected");
    this.clock.advance(retryInMs);
    const peer = await this.accept();
    const hello = await peer.expect({ type: "hello" });
    await peer.welcome(...rooms);
    await events.next("connected");
    return { peer, hello };
  }
}

export interface Visit {
  readonly client: Client;
  readonly peer: Peer;
  readonly events: Events;
}

type Kind = ClientEvent["kind"];
type EventOf<K extends Kind> = Extract<ClientEvent, { kind: K }>;

/** The events of a client, taken one by one. */
export class Events {
  readonly #events: AsyncIterator<ClientEvent, undefined>;

  constructor(client: Client) {
    this.#events = client[Symbol.asyncIterator]();
  }

  /** The next event, which must be of this kind, a message with these fields. */
  async next<K extends Kind>(
    kind: K,
    fields: Message = {},
  ): Promise<EventOf<K>> {
    const { value } = await this.#events.next();
    assertEquals(value?.kind, kind, JSON.stringify(value));
    const message = value as unknown as { message?: Message };
    for (const [key, wanted] of Object.entries(fields)) {
      assertEquals(message.message?.[key], wanted, JSON.stringify(value));
    }
    return value as EventOf<K>;
  }

  /** Passes over events up to one of this kind. */
  async until<K extends Kind>(kind: K): Promise<EventOf<K>> {
    for (;;) {
      const { value, done } = await this.#events.next();
      assert(!done, `the events ended without ${kind}`);
      if (value.kind === kind) return value as EventOf<K>;
    }
  }
}

/** Closes a client whose other end answers as it should. */
export async function goodbye({ client, peer }: Visit): Promise<void> {
  const closing = client.close();
  while ((await peer.next())?.type !== "bye");
  await peer.send({ type: "bye", code: "closed", text: "goodbye" });
  await closing;
}

export function users(room: string): Message {
  return { type: "users", room, users: [{ name: "ann", key: "SHA256:a" }] };
}

export function history(
  room: string,
  messages: Message[],
  fields: Message = {},
): Message {
  return { type: "history", room, messages, more: false, ...fields };
}

/** Something that was said; its time tells its seq. */
export function chat(seq: number, fields: Message = {}): Message {
  const said = { room: "lobby", from: "bob", txt: `text ${seq}`, seq };
  return { type: "chat", ...said, at: 1_000 + seq, ...fields };
}

async function* readMessages(
  channel: SecureChannel,
): AsyncGenerator<Message, undefined> {
  try {
    for await (const payloads of frameStream(channel)) {
      for (const payload of payloads) {
        yield JSON.parse(new TextDecoder().decode(payload));
      }
    }
  } catch {
    // It was cut.
  }
}
