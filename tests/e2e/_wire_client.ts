// A client of the wire, version 1, written from its page alone: sealed or plain, exact or
// deliberately wrong.

import {
  concat,
  flipBit,
  frame,
  FrameDecoder,
  MAX_RECORD_DATA_BYTES,
  messageFrame,
  Opener,
  pieces,
  Sealer,
  text,
  utf8,
} from "./_frames.ts";
import { Inbox } from "./_inbox.ts";
import { fingerprint, generateKey, type KeyPair } from "./_keys.ts";
import { describe, matches, type Message, type Pattern } from "./_messages.ts";
import { HandshakeXX } from "./_noise.ts";
import { within } from "./_scenario.ts";
import { ByteSocket, dial } from "./_sockets.ts";

export const PROLOGUE = utf8("confab/1");
const HEADER_BITS = 32;
const TAG_BITS = 128;

export interface ConnectOptions {
  port: number;
  sealed: boolean;
  /** The person; by default a new one. */
  key?: KeyPair;
  /** The server must have this key. */
  fingerprint?: string;
  /** Writes every byte by itself, the handshake's too. */
  bytewise?: boolean;
  /** Sealed and written together with the handshake's last message. */
  first?: Message[];
  /** What no client does: an ephemeral key of one's own making, payloads in the handshake. */
  hostile?: { e?: KeyPair; payload1?: Uint8Array; payload3?: Uint8Array };
}

export type Part = "header" | "ciphertext" | "tag";

/**
 * Connects; with `sealed`, resolves when the handshake is done. Rejects if the server ends it
 * before that.
 */
export async function connect(options: ConnectOptions): Promise<WireClient> {
  const client = await WireClient.open(options);
  try {
    await client.ready();
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

export class WireClient implements AsyncDisposable {
  readonly key: KeyPair;
  readonly inbox = new Inbox<Message>((message) => JSON.stringify(message));
  /** How the stream ended: after a `bye` of the server, or without one. */
  readonly closed: Promise<"bye" | "cut">;
  /** What of the server's bytes was against the page. */
  fault: Error | undefined;
  readonly #options: ConnectOptions;
  readonly #socket: ByteSocket;
  readonly #handshake: HandshakeXX;
  readonly #handshaken = Promise.withResolvers<void>();
  readonly #outer = new FrameDecoder();
  readonly #inner = new FrameDecoder();
  #sealer: Sealer | undefined;
  #opener: Opener | undefined;
  #heardBye = false;
  #ended = false;
  #flip: { part: Part; bit: number } | undefined;

  private constructor(options: ConnectOptions, conn: Deno.TcpConn) {
    this.#options = options;
    this.#socket = new ByteSocket(conn, (bytes) => this.#onBytes(bytes));
    this.key = options.key ?? generateKey();
    const e = options.hostile?.e;
    this.#handshake = new HandshakeXX({
      role: "initiator",
      prologue: PROLOGUE,
      s: this.key,
      ...(e === undefined ? {} : { e }),
    });
    this.#handshaken.promise.catch(() => {}); // ready() tells; a plain connection never asks
    this.closed = this.#socket.ended.then(() => {
      this.#ended = true;
      const how = this.#heardBye ? "bye" : "cut";
      const why = this.fault?.message ?? `the connection has ended (${how})`;
      this.#handshaken.reject(new Error(why));
      this.inbox.end(why);
      return how;
    });
  }

  static async open(options: ConnectOptions): Promise<WireClient> {
    const client = new WireClient(options, await dial(options.port));
    if (options.sealed) client.#begin();
    else client.#handshaken.resolve();
    return client;
  }

  /** Resolves when messages may be sent. */
  ready(): Promise<void> {
    return within(this.#handshaken.promise, () => "the end of the handshake");
  }

  /** The fingerprint of the server's key, after a sealed handshake. */
  get serverFingerprint(): string {
    return fingerprint(this.#handshake.remoteStatic);
  }

  /** The person's fingerprint. */
  get fingerprint(): string {
    return fingerprint(this.key.publicKey);
  }

  /** How many records this client has sent. */
  get recordsSent(): number {
    return this.#sealer?.count ?? 0;
  }

  /** How many records the server has sent. */
  get recordsReceived(): number {
    return this.#opener?.count ?? 0;
  }

  // Sending

  /** Sends a message: a frame, sealed in as few records as hold it. */
  send(message: Message): Promise<void> {
    return this.sendStream(messageFrame(message));
  }

  /** Sends messages in one write: each in its record, or all together in one. */
  sendMany(
    messages: Message[],
    options: { oneRecord?: true } = {},
  ): Promise<void> {
    const frames = messages.map(messageFrame);
    if (!options.oneRecord) {
      return this.#write(concat(frames.map((one) => this.#seal(one))));
    }
    const data = concat(frames);
    if (data.length > MAX_RECORD_DATA_BYTES) {
      throw new Error(`${data.length} bytes do not fit one record`);
    }
    return this.#write(this.#seal(data));
  }

  /** Sends messages in one write, in full records. */
  sendPacked(messages: Message[]): Promise<void> {
    return this.sendStream(concat(messages.map(messageFrame)));
  }

  /**
   * Sends one message with `size` bytes of its frame in each record (or write, on a plain
   * connection).
   */
  async sendSpread(message: Message, size: number): Promise<void> {
    const parts = pieces(messageFrame(message), size);
    if (!this.#options.sealed) {
      for (const part of parts) await this.#write(part);
      return;
    }
    await this.#write(concat(parts.map((part) => this.#seal(part))));
  }

  /** Sends any payload as a well-formed frame. */
  sendPayload(payload: Uint8Array): Promise<void> {
    return this.sendStream(frame(payload));
  }

  /** Sends bytes of the stream of frames as they are, well-formed or not. */
  sendStream(bytes: Uint8Array): Promise<void> {
    return this.#write(this.#sealAll(bytes));
  }

  /** Seals exactly this plaintext, whatever its lengths and padding. */
  sendPlaintext(plaintext: Uint8Array): Promise<void> {
    return this.#write(this.sealPlaintext(plaintext));
  }

  /**
   * The frame of a record with this plaintext, for writing when the test likes. It takes its
   * counter now.
   */
  sealPlaintext(plaintext: Uint8Array): Uint8Array {
    if (this.#sealer === undefined) throw new Error("a plain connection");
    return this.#sealer.sealPlaintext(plaintext);
  }

  /** Turns over one bit of the next record sent: `bit` counts in its part, from the first. */
  corruptNext(part: Part, bit: number): void {
    this.#flip = { part, bit };
  }

  /** Bytes to the socket, past frames and records. */
  writeRaw(bytes: Uint8Array): Promise<void> {
    return this.#socket.write(bytes);
  }

  // Receiving

  /** Takes the first message that matches, of those not yet taken or of those to come. */
  next(pattern: Pattern): Promise<Message> {
    return this.inbox.next(
      (message) => matches(message, pattern),
      describe(pattern),
    );
  }

  /** Like `next`, but the end of the connection is an answer too: undefined. */
  nextOrEnd(pattern: Pattern): Promise<Message | undefined> {
    return this.next(pattern).catch((error) => {
      if (this.#ended && this.fault === undefined) return undefined;
      throw error;
    });
  }

  stopReading(): void {
    this.#socket.stopReading();
  }

  resumeReading(): void {
    this.#socket.resumeReading();
  }

  /** Waits for the end of the connection; fails if it was this client that could not go on. */
  async finished(after: string): Promise<"bye" | "cut"> {
    const how = await within(
      this.closed,
      () => `the end of the connection after ${after}; ${this.inbox.listing()}`,
    );
    if (this.fault !== undefined) throw this.fault;
    return how;
  }

  /** Ends the connection without `bye`. */
  async cut(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  /** Says `bye` and waits for the answer and the end. */
  async bye(): Promise<void> {
    await this.send({ type: "bye" });
    const how = await this.finished("bye");
    if (how !== "bye") throw new Error("the server did not answer bye");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.resumeReading();
    await this.#socket[Symbol.asyncDispose]();
    await this.closed;
  }

  #begin(): void {
    const message1 = this.#handshake.writeMessage(
      this.#options.hostile?.payload1 ?? new Uint8Array(),
    );
    this.#write(frame(concat([PROLOGUE, message1])));
  }

  /** Answers message 2 with message 3, and with it what the test wants to say at once. */
  #finish(message2: Uint8Array): void {
    const payload = this.#handshake.readMessage(message2);
    if (payload.length > 0) throw new Error("message 2 has a payload");
    const expected = this.#options.fingerprint;
    if (expected !== undefined && expected !== this.serverFingerprint) {
      throw new Error(`the server is ${this.serverFingerprint}`);
    }
    const message3 = this.#handshake.writeMessage(
      this.#options.hostile?.payload3 ?? new Uint8Array(),
    );
    const { send, receive } = this.#handshake.split();
    this.#sealer = new Sealer(send);
    this.#opener = new Opener(receive);
    const first = concat((this.#options.first ?? []).map(messageFrame));
    this.#write(concat([frame(message3), this.#sealAll(first)]));
    this.#handshaken.resolve();
  }

  #sealAll(stream: Uint8Array): Uint8Array {
    const parts = pieces(stream, MAX_RECORD_DATA_BYTES);
    return concat(parts.map((part) => this.#seal(part)));
  }

  #seal(data: Uint8Array): Uint8Array {
    if (!this.#options.sealed) return data;
    if (this.#sealer === undefined) throw new Error("not ready yet");
    const record = this.#sealer.seal(data);
    if (this.#flip === undefined) return record;
    const { part, bit } = this.#flip;
    this.#flip = undefined;
    const from = part === "header"
      ? 0
      : part === "ciphertext"
      ? HEADER_BITS
      : record.length * 8 - TAG_BITS;
    return flipBit(record, from + bit);
  }

  #write(bytes: Uint8Array): Promise<void> {
    return this.#options.bytewise
      ? this.#socket.writeBytewise(bytes)
      : this.#socket.write(bytes);
  }

  #onBytes(bytes: Uint8Array): void {
    try {
      for (const payload of this.#outer.push(bytes)) this.#onFrame(payload);
    } catch (error) {
      this.fault = error as Error;
      this.#socket.close();
    }
  }

  #onFrame(payload: Uint8Array): void {
    if (!this.#options.sealed) this.#onMessage(payload);
    else if (this.#opener === undefined) this.#finish(payload);
    else {
      const data = this.#opener.open(payload);
      for (const inner of this.#inner.push(data)) this.#onMessage(inner);
    }
  }

  #onMessage(payload: Uint8Array): void {
    const message = JSON.parse(text(payload)) as Message;
    if (typeof message?.type !== "string") {
      throw new Error(`the server sent no message: ${text(payload)}`);
    }
    if (message.type === "ping") this.send({ type: "pong", t: message.t });
    if (message.type === "bye") this.#heardBye = true;
    this.inbox.push(message);
  }
}
