/**
 * A gateway: a transport on which the server's session talks framed JSON with a full client, while the client behind it speaks a dialect.
 * It holds no chat: it says `hello` for the client, answers `ping`, and has everything else translated.
 */
import { ConfabError } from "../base/errors.ts";
import type { PeerAddress, Transport } from "../net/transport.ts";
import { concat } from "@std/bytes/concat";
import { FrameDecoder } from "../wire/frame.ts";
import { type Bye, readServerMessage } from "../wire/server.ts";
import {
  type Decoder,
  type Dialect,
  type ForSession,
  frameOf,
} from "./dialect.ts";
import { Units } from "./units.ts";

const Stage = {
  /** The client has said nothing yet. */
  First: "first",
  /** `hello` is said and not answered: nothing else is read before that. */
  Opening: "opening",
  Open: "open",
  /** The client has said its last; `bye` is said for it when everything that it asked is answered. */
  Leaving: "leaving",
  Over: "over",
} as const;
type Stage = typeof Stage[keyof typeof Stage];

export interface GatewayOptions<In, Out> {
  readonly client: Transport;
  readonly dialect: Dialect<In, Out>;
  readonly decoder: Decoder<In>;
  readonly encode: (out: Out) => Uint8Array;
}

export class Gateway<In, Out> implements Transport {
  readonly peer: PeerAddress;
  readonly #options: GatewayOptions<In, Out>;
  readonly #units: Units<In>;
  /** Of what the session writes. */
  readonly #frames = new FrameDecoder();
  #stage: Stage = Stage.First;
  /** Frames that the session is to read next. */
  readonly #forSession: Uint8Array[] = [];
  /** What the client said along with its first unit. */
  #rest: In | undefined;
  /** Ids without a final answer. */
  readonly #unanswered = new Set<string>();
  /** What the client gets when its `bye` is answered. */
  #farewell: ((bye: Bye) => Out | undefined) | undefined;
  #wake = () => {};
  #writing: Promise<void> = Promise.resolve();

  constructor(options: GatewayOptions<In, Out>) {
    const { client, decoder } = options;
    this.#options = options;
    this.#units = new Units({ client, decoder, onRead: () => this.#wake() });
    this.peer = client.peer;
  }

  // ---- From the client to the session ----

  /** Reads from the client only when the session asks and nothing is left of what came before: so its backpressure reaches the client. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      const unit = this.#forSession.length > 0 ? undefined : this.#nextUnit();
      if (unit !== undefined) await this.#take(unit);
      if (this.#stage === Stage.Leaving && this.#unanswered.size === 0) {
        this.#stage = Stage.Over;
        this.#say({ type: "bye" });
      }
      const frame = this.#forSession.shift();
      if (frame !== undefined) yield frame;
      else if (this.#units.hasEnded && this.#stage === Stage.Over) return;
      else if (unit === undefined) await this.#change();
    }
  }

  #nextUnit(): In | undefined {
    const { dialect } = this.#options;
    if (this.#stage !== Stage.First && this.#stage !== Stage.Open) {
      return undefined;
    }
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) return rest;
    try {
      const unit = this.#units.next();
      if (unit === undefined && this.#units.hasEnded) {
        this.#leave(() => undefined);
      }
      return unit;
    } catch (error) {
      if (!(error instanceof ConfabError)) throw error;
      this.#leave(() => dialect.fault(error));
      return undefined;
    }
  }

  async #take(unit: In): Promise<void> {
    const { dialect, encode } = this.#options;
    if (this.#stage === Stage.First) return this.#open(unit);
    const { messages = [], answer, leaves } = dialect.receive(unit);
    for (const message of messages) this.#say(message);
    if (leaves) this.#leave((bye) => dialect.show(bye));
    // The other end may be gone; reading will tell.
    if (answer !== undefined) await this.#send(encode(answer)).catch(() => {});
  }

  #open(first: In): void {
    const opening = this.#options.dialect.open(first);
    if ("refusal" in opening) return this.#leave(() => opening.refusal);
    this.#stage = Stage.Opening;
    this.#rest = opening.rest;
    this.#say({ type: "hello", ...opening.hello });
  }

  /** Resolves when bytes came or the session said something. Nothing is read while `hello` is not answered. */
  #change(): Promise<void> {
    const changed = new Promise<void>((resolve) => this.#wake = resolve);
    if (this.#stage !== Stage.Opening) this.#units.read();
    return changed;
  }

  #say(message: ForSession): void {
    if ("id" in message) this.#unanswered.add(message.id as string);
    this.#forSession.push(frameOf(message));
  }

  /** The client has said its last; `farewell` makes its last words of the session's. */
  #leave(farewell: (bye: Bye) => Out | undefined): void {
    this.#stage = Stage.Leaving;
    this.#farewell = farewell;
    this.#units.discard();
  }

  // ---- From the session to the client ----

  async write(bytes: Uint8Array): Promise<void> {
    const parts: Uint8Array[] = [];
    this.#frames.push(bytes);
    for (
      let payload = this.#frames.next();
      payload !== null;
      payload = this.#frames.next()
    ) {
      const out = this.#translate(payload);
      if (out !== undefined) parts.push(this.#options.encode(out));
    }
    this.#wake();
    if (parts.length > 0) await this.#send(concat(parts));
  }

  #translate(payload: Uint8Array): Out | undefined {
    const message = readServerMessage(payload);
    if (message === undefined || message.type === "unknown") return undefined;
    if (message.type === "ping") {
      this.#say({ type: "pong", t: message.t });
      return undefined;
    }
    if (message.type === "bye" && this.#farewell !== undefined) {
      return this.#farewell(message);
    }
    if ("id" in message) this.#unanswered.delete(message.id!);
    const out = this.#options.dialect.show(message);
    if (this.#stage === Stage.Opening) {
      if (message.type === "welcome") this.#stage = Stage.Open;
      else if (message.type === "error") this.#leave(() => undefined);
    }
    return out;
  }

  /** One write at a time: the session's and the gateway's own do not mix. */
  #send(bytes: Uint8Array): Promise<void> {
    const { client } = this.#options;
    const sent = this.#writing.then(() => client.write(bytes));
    this.#writing = sent.catch(() => {});
    return sent;
  }

  async closeWrite(): Promise<void> {
    this.#end();
    await this.#writing;
    await this.#options.client.closeWrite();
  }

  close(): void {
    this.#end();
    this.#options.client.close();
  }

  #end(): void {
    this.#stage = Stage.Over;
    this.#units.discard();
    this.#wake();
  }
}
