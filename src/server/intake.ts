/**
 * Reads what a client says and brings it to the hub, one after the other: paid for, judged, and
 * never more than the client has answers for.
 */
import { type Clock, delay, momentOf } from "../base/clock.ts";
import { ConfabError, FrameError, ProtocolError } from "../base/errors.ts";
import type { Once } from "../base/once.ts";
import { COST_CHAT, UNANSWERED_MAX } from "../base/limits.ts";
import { type Cost, costOf } from "../chat/cost.ts";
import type { ConnectionId, Refusal } from "../chat/input.ts";
import type { Sink } from "../delivery/sink.ts";
import type { Codec, Heard } from "../gateway/codec.ts";
import type { Outbox } from "../net/outbox.ts";
import type { Transport } from "../net/transport.ts";
import type { ClientMessage, Hello } from "../wire/client.ts";
import { decodeStream, type PushParser } from "../wire/decode_stream.ts";
import type { TokenBucket } from "./rate.ts";
import type { Tap } from "./tap.ts";
import { notStoredEither, type TurnLoop } from "./turn_loop.ts";

/** What the hub sets no price on costs this, else those who only ping keep the server busy. */
const SMALL: Cost = { tokens: COST_CHAT, isRequest: false };
const FREE: Cost = { tokens: 0, isRequest: false };

/** What the intakes of a server share. */
export interface IntakeHost {
  readonly clock: Clock;
  readonly turns: Pick<TurnLoop, "put" | "done">;
  readonly tap: Pick<Tap, "counters" | "failed">;
  /** What the person of a connection may still say, if that is limited. */
  readonly bucket: (
    id: ConnectionId,
    key: string | undefined,
  ) => TokenBucket | undefined;
}

/** The session whose client is heard. */
export interface Hearing extends Pick<Sink, "push" | "send" | "flush"> {
  readonly id: ConnectionId;
  readonly transport: Transport;
  readonly codec: Codec;
  readonly outbox: Pick<Outbox, "spaceBytes" | "whenSpace">;
  /** Nothing more is looked at; what comes is read all the same. */
  readonly isOver: boolean;
  /** Aborts when it is over. */
  readonly signal: AbortSignal;
  /** Bytes came, or the silence was this side's. */
  moved(): void;
  /** Why a `hello` must not reach the hub. */
  judge(hello: Hello): Promise<ProtocolError | undefined>;
  /** Resolves with the `welcome`, or the end. */
  entered(): Promise<void>;
}

export class Intake implements PushParser<Heard> {
  readonly #session: Hearing;
  readonly #host: IntakeHost;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  /** The client has said goodbye: nothing comes after that. */
  hasLeft = false;
  #hasGreeted = false;
  /** Handled in the present turn. */
  #inTurn = 0;
  /** What one read brought is being handled. */
  #isHandling = false;
  /** What was read and not handled when a turn failed fails, too. */
  #isFailing = false;

  constructor(session: Hearing, host: IntakeHost) {
    this.#session = session;
    this.#host = host;
    this.#chunks = session.transport[Symbol.asyncIterator]();
  }

  /**
   * Messages of this connection were not stored: those that it has under way are not stored either,
   * so that no order is broken.
   */
  failUnderWay(): void {
    this.#isFailing = this.#isHandling;
  }

  /**
   * Reads to the end of the input, once the hub knows the connection. Never rejects.
   *
   * @returns the fault that ended it before, where the client is to be told of one.
   */
  async run(opened: Once): Promise<ConfabError | undefined> {
    await opened.happened();
    const { outbox, id } = this.#session;
    const { tap } = this.#host;
    try {
      for await (const batch of decodeStream(this.#chunks, this)) {
        this.#isHandling = true;
        const count = await this.#handleAll(batch);
        this.#isHandling = this.#isFailing = false;
        tap.counters.messagesIn += count;
        await outbox.whenSpace();
      }
    } catch (error) {
      if (error instanceof FrameError || error instanceof ProtocolError) {
        return error;
      }
      // Any other of ours says that the other end is gone, or broke the channel.
      if (!(error instanceof ConfabError)) {
        tap.failed("a connection failed", error, id);
      }
    }
    return undefined;
  }

  /**
   * Reads to the end without a look: a connection that is closed with bytes unread takes back what
   * was sent last. Never rejects.
   */
  async drain(): Promise<void> {
    try {
      while (!(await this.#chunks.next()).done);
    } catch {
      // It ends anyway.
    }
  }

  // ---- The codec, for as long as anybody listens ----

  push(chunk: Uint8Array): void {
    this.#session.moved();
    if (!this.#isDeaf) this.#session.codec.push(chunk);
  }

  next(): Heard | undefined {
    return this.#isDeaf ? undefined : this.#session.codec.next();
  }

  end(): Heard | undefined {
    return this.#isDeaf ? undefined : this.#session.codec.end();
  }

  get #isDeaf(): boolean {
    return this.hasLeft || this.#session.isOver;
  }

  // ---- What was heard ----

  /** Handles what one read brought; gives how much that was. */
  async #handleAll(batch: Iterable<Heard>): Promise<number> {
    const session = this.#session;
    const { outbox } = session;
    let count = 0;
    for (const heard of batch) {
      count++;
      // Who does not read is not listened to, however much of what was said is here already:
      // answers are larger than what asks for them.
      if (outbox.spaceBytes <= 0) await outbox.whenSpace();
      if (session.isOver) break;
      if (heard.kind === "message") await this.#hear(heard.message);
      else await this.#handle(heard);
    }
    return count;
  }

  async #handle(heard: Exclude<Heard, { kind: "message" }>): Promise<void> {
    const session = this.#session;
    if (heard.kind === "goodbye") {
      this.hasLeft = true;
      return this.#say({ type: "bye" });
    }
    await this.#pay(SMALL);
    if (session.isOver) return;
    if (heard.kind === "fault") return await this.#refuse(heard.error);
    session.push(heard.bytes);
    session.flush();
  }

  async #hear(message: ClientMessage): Promise<void> {
    const session = this.#session;
    const retryAfterMs = await this.#pay(this.#costOf(message));
    if (session.isOver) return;
    const id = "id" in message ? message.id : undefined;
    if (retryAfterMs > 0) return await this.#refuse(tooOften(id, retryAfterMs));
    if (message.type === "pong") return;
    if (message.type === "ping") {
      session.send({ type: "pong", t: message.t });
      return session.flush();
    }
    if (message.type === "hello") {
      const refusal = await session.judge(message);
      if (session.isOver) return;
      if (refusal !== undefined) await this.#refuse(refusal);
      else this.#say(message);
      // What a greeted client says next is not even decoded before it is let in.
      if (session.codec.entry === "greeted") await session.entered();
    } else {
      const refusal = this.#isFailing ? notStoredEither(message) : undefined;
      if (refusal !== undefined) return await this.#refuse(refusal);
      this.#say(message);
    }
    await this.#count();
  }

  #costOf(message: ClientMessage): Cost {
    if (message.type === "bye") return FREE;
    if (message.type !== "hello") return costOf(message) ?? SMALL;
    // The first is free, so that all who enter may say the same at once.
    const cost = this.#hasGreeted ? SMALL : FREE;
    this.#hasGreeted = true;
    return cost;
  }

  /**
   * Pays, waiting until that is possible. A request does not wait: the result says in how many
   * milliseconds it could be paid for, and its refusal is paid for, as everything that is answered;
   * else those who ask most would be the ones that are never waited for.
   */
  async #pay(cost: Cost): Promise<number> {
    const { id, transport } = this.#session;
    const { bucket, clock } = this.#host;
    for (;;) {
      const tokens = bucket(id, transport.key);
      if (tokens?.take(cost.tokens, clock.monotonic()) ?? true) return 0;
      if (cost.isRequest) await this.#pay(SMALL);
      const waitMs = bucket(id, transport.key)
        ?.waitMs(cost.tokens, clock.monotonic()) ?? 0;
      if (cost.isRequest) return Math.max(1, waitMs);
      if (this.#session.isOver) return 0;
      await delay(clock, Math.max(1, waitMs), this.#session.signal);
      this.#session.moved();
    }
  }

  #say(message: ClientMessage): void {
    const { id: connection } = this.#session;
    const { turns, clock } = this.#host;
    turns.put({ kind: "message", connection, at: momentOf(clock), message });
  }

  #refuse({ code, message, id, retryAfterMs }: Refusal) {
    const { id: connection } = this.#session;
    const { turns, clock } = this.#host;
    // Data: an error that crosses to another process would lose what is its own.
    const refusal = { code, message, id, retryAfterMs };
    turns.put({ kind: "refuse", connection, at: momentOf(clock), refusal });
    return this.#count();
  }

  /** So many without an answer: the turn must end before more is handled. */
  #count(): Promise<void> | undefined {
    if (++this.#inTurn < UNANSWERED_MAX) return undefined;
    this.#inTurn = 0;
    return this.#host.turns.done();
  }
}

function tooOften(id: string | undefined, retryAfterMs: number): Refusal {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const message = `this is asked too often: try again in ${seconds} s`;
  return { code: "rate-limited", message, id, retryAfterMs };
}
