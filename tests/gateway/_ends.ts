/** A gateway between two ends that a test holds: the client's bytes on one side, the session's messages on the other. */
import type { Transport } from "../../src/net/transport.ts";
import { memoryPair } from "../_memory_transport.ts";
import { translated } from "../../src/gateway/translate.ts";
import type { Protocol } from "../../src/net/sniff.ts";
import { join, utf8 } from "../_chunks.ts";

type Message = Record<string, unknown>;

/** A frame written by hand: the length as four bytes, then the message. */
export function frame(message: string | Message): Uint8Array<ArrayBuffer> {
  const payload = utf8(
    typeof message === "string" ? message : JSON.stringify(message),
  );
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, payload.length);
  return join([header, payload]);
}

/** The messages of whole frames. */
export function messagesOf(bytes: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    const payload = bytes.subarray(at + 4, at += 4 + length);
    messages.push(JSON.parse(new TextDecoder().decode(payload)));
  }
  return messages;
}

/** The session's end: reads and writes messages, one after the other. */
export class SessionEnd {
  readonly transport: Transport;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  readonly #messages: Message[] = [];

  constructor(transport: Transport) {
    this.transport = transport;
    this.#chunks = transport[Symbol.asyncIterator]();
  }

  /** The next message, or `undefined` at the end. */
  async next(): Promise<Message | undefined> {
    while (this.#messages.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return undefined;
      this.#messages.push(...messagesOf(value));
    }
    return this.#messages.shift();
  }

  say(...messages: (string | Message)[]): Promise<void> {
    return this.transport.write(join(messages.map(frame)));
  }

  /** Takes `hello` and answers it. */
  async welcome(name = "guest-1"): Promise<Message | undefined> {
    const hello = await this.next();
    const welcome = { server: "confab", version: "1", room: "lobby" };
    await this.say({ type: "welcome", name, ...welcome });
    return hello;
  }

  /** Takes `bye`, answers it, and ends this side. */
  async bye(): Promise<Message | undefined> {
    const bye = await this.next();
    await this.say({ type: "bye", code: "closed", text: "goodbye" });
    await this.transport.closeWrite();
    return bye;
  }
}

/** The client's end. */
export class ClientEnd {
  readonly transport: Transport;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;

  constructor(transport: Transport) {
    this.transport = transport;
    this.#chunks = transport[Symbol.asyncIterator]();
  }

  say(text: string | Uint8Array): Promise<void> {
    return this.transport.write(typeof text === "string" ? utf8(text) : text);
  }

  /** What one write of the gateway brought; an empty string at the end. */
  async read(): Promise<string> {
    return new TextDecoder().decode((await this.#chunks.next()).value);
  }

  async readMessages(): Promise<Message[]> {
    return messagesOf((await this.#chunks.next()).value ?? new Uint8Array(0));
  }
}

/** A gateway for a client of `protocol`, who has said `first` already. */
export async function gatewayFor(
  protocol: Protocol,
  first: string | Uint8Array,
): Promise<{ client: ClientEnd; session: SessionEnd }> {
  const [near, far] = memoryPair();
  const client = new ClientEnd(near);
  await client.say(first);
  const transport = await translated(protocol, far);
  if (transport === undefined) throw new Error("the client has ended");
  return { client, session: new SessionEnd(transport) };
}
