// The other end of the sealed wire, just enough to try the client on: it notes what comes and sends
// what it is told.

import {
  concat,
  frame,
  FrameDecoder,
  messageFrame,
  Opener,
  Sealer,
  text,
} from "./_frames.ts";
import { Inbox } from "./_inbox.ts";
import { generateKey, type KeyPair } from "./_keys.ts";
import type { Message } from "./_messages.ts";
import { HandshakeXX } from "./_noise.ts";
import { ByteSocket } from "./_sockets.ts";

const VERSION_BYTES = 8;

export class Responder implements AsyncDisposable {
  readonly key: KeyPair = generateKey();
  readonly messages = new Inbox<Message>((message) => JSON.stringify(message));
  /** The number of data bytes in each record that came. */
  readonly records: number[] = [];
  /** The first thing that was wrong with what came. */
  fault: Error | undefined;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #outer = new FrameDecoder();
  readonly #inner = new FrameDecoder();
  readonly #accepted: Promise<void>;
  #socket: ByteSocket | undefined;
  #handshake: HandshakeXX | undefined;
  #sealer: Sealer | undefined;
  #opener: Opener | undefined;

  constructor() {
    this.#accepted = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** The person at the other end. */
  get remoteStatic(): Uint8Array {
    if (this.#handshake === undefined) throw new Error("no handshake yet");
    return this.#handshake.remoteStatic;
  }

  /** Sends each message in a record of its own, all in one write. */
  send(messages: Message[]): Promise<void> {
    const sealer = this.#sealer as Sealer;
    const records = messages.map((one) => sealer.seal(messageFrame(one)));
    return (this.#socket as ByteSocket).write(concat(records));
  }

  /** Sends a record with exactly this plaintext. */
  sendPlaintext(plaintext: Uint8Array): Promise<void> {
    const record = (this.#sealer as Sealer).sealPlaintext(plaintext);
    return (this.#socket as ByteSocket).write(record);
  }

  hangUp(): void {
    this.#socket?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepted;
    await this.#socket?.[Symbol.asyncDispose]();
  }

  async #accept(): Promise<void> {
    try {
      const conn = await this.#listener.accept();
      this.#socket = new ByteSocket(conn, (bytes) => this.#onBytes(bytes));
    } catch {
      // closed before anyone came
    }
  }

  #onBytes(bytes: Uint8Array): void {
    try {
      for (const payload of this.#outer.push(bytes)) this.#onFrame(payload);
    } catch (error) {
      this.fault ??= error as Error;
      this.hangUp();
    }
  }

  #onFrame(payload: Uint8Array): void {
    if (this.#handshake === undefined) this.#onMessage1(payload);
    else if (this.#opener === undefined) this.#onMessage3(payload);
    else {
      const data = this.#opener.open(payload);
      this.records.push(data.length);
      for (const inner of this.#inner.push(data)) {
        this.messages.push(JSON.parse(text(inner)));
      }
    }
  }

  #onMessage1(payload: Uint8Array): void {
    const prologue = payload.slice(0, VERSION_BYTES);
    this.#handshake = new HandshakeXX({
      role: "responder",
      prologue,
      s: this.key,
    });
    const empty = this.#handshake.readMessage(payload.slice(VERSION_BYTES));
    if (empty.length > 0) throw new Error("message 1 has a payload");
    const message2 = this.#handshake.writeMessage(new Uint8Array());
    this.#socket?.write(frame(message2));
  }

  #onMessage3(payload: Uint8Array): void {
    const handshake = this.#handshake as HandshakeXX;
    const empty = handshake.readMessage(payload);
    if (empty.length > 0) throw new Error("message 3 has a payload");
    const { send, receive } = handshake.split();
    this.#sealer = new Sealer(send);
    this.#opener = new Opener(receive);
  }
}
