/**
 * Reads what a client says and brings it to the hub, one after the other: paid for, judged, and
 * never more than the client has answers for.
 */
import { type Clock, delay, momentOf } from "../base/clock.ts";
import { ConfabError, FrameError, ProtocolError } from "../base/errors.ts";
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

/** A connection that has a session. */
export interface Connected {
  readonly id: ConnectionId;
  readonly transport: Transport;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly turns: Pick<TurnLoop, "put" | "done">;
  readonly tap: Pick<Tap, "counters" | "failed">;
  /** What its person may still say, if that is limited. */
  readonly bucket: () => TokenBucket | undefined;
}

interface IntakeOptions extends Connected {
  /** Nothing more is looked at; what comes is read all the same. */
  readonly signal: AbortSignal;
  /** Bytes came, or the silence was this side's. */
  readonly onMoved: () => void;
  readonly outbox: Pick<Outbox, "spaceBytes" | "whenSpace">;
  /** Gets what is answered at once. */
  readonly sink: Pick<Sink, "push" | "send" | "flush">;
  /** Why a `hello` must not reach the hub. */
  readonly judgeHello: (hello: Hello) => Promise<ProtocolError | undefined>;
  /** Resolves with the `welcome`, or the end. */
  readonly entered: Promise<void>;
}

export class Intake {
  readonly #options: IntakeOptions;
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

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#chunks = options.transport[Symbol.asyncIterator]();
  }

  /**
   * Messages of this connection were not stored: those that it has under way are not stored either,
   * so that no order is broken.
   */
  failUnderWay(): void {
    this.#isFailing = this.#isHandling;
  }

  /**
   * Reads to the end of the input. Never rejects.
   *
   * @returns the fault that ended it before, where the client is to be told of one.
   */
  async run(): Promise<ConfabError | undefined> {
    const { outbox, tap, id } = this.#options;
    const source = { [Symbol.asyncIterator]: () => this.#chunks };
    try {
      for await (const batch of decodeStream(source, this.#parser())) {
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

  /** The codec, for as long as anybody listens. */
  #parser(): PushParser<Heard> {
    const { codec, signal, onMoved } = this.#options;
    const isDeaf = () => signal.aborted || this.hasLeft;
    return {
      push: (chunk) => {
        onMoved();
        if (!isDeaf()) codec.push(chunk);
      },
      next: () => isDeaf() ? undefined : codec.next(),
      end: () => isDeaf() ? undefined : codec.end(),
    };
  }

  /** Handles what one read brought; gives how much that was. */
  async #handleAll(batch: Iterable<Heard>): Promise<number> {
    const { outbox, signal } = this.#options;
    let count = 0;
    for (const heard of batch) {
      count++;
      // Who does not read is not listened to, however much of what was said is here already:
      // answers are larger than what asks for them.
      if (outbox.spaceBytes <= 0) await outbox.whenSpace();
      if (signal.aborted) break;
      if (heard.kind === "message") await this.#hear(heard.message);
      else await this.#handle(heard);
    }
    return count;
  }

  async #handle(heard: Exclude<Heard, { kind: "message" }>): Promise<void> {
    const { sink, signal } = this.#options;
    if (heard.kind === "goodbye") {
      this.hasLeft = true;
      return this.#say({ type: "bye" });
    }
    await this.#pay(SMALL);
    if (signal.aborted) return;
    if (heard.kind === "fault") return await this.#refuse(heard.error);
    sink.push(heard.bytes);
    sink.flush();
  }

  async #hear(message: ClientMessage): Promise<void> {
    const { codec, sink, signal, judgeHello, entered } = this.#options;
    const retryAfterMs = await this.#pay(this.#costOf(message));
    if (signal.aborted) return;
    const id = "id" in message ? message.id : undefined;
    if (retryAfterMs > 0) return await this.#refuse(tooOften(id, retryAfterMs));
    if (message.type === "pong") return;
    if (message.type === "ping") {
      sink.send({ type: "pong", t: message.t });
      return sink.flush();
    }
    if (message.type === "hello") {
      const refusal = await judgeHello(message);
      if (signal.aborted) return;
      if (refusal !== undefined) await this.#refuse(refusal);
      else this.#say(message);
      // What a greeted client says next is not even decoded before it is let in.
      if (codec.entry === "greeted") await entered;
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
    const { bucket, clock, signal, onMoved } = this.#options;
    for (;;) {
      const tokens = bucket();
      if (tokens?.take(cost.tokens, clock.monotonic()) ?? true) return 0;
      if (cost.isRequest) await this.#pay(SMALL);
      const waitMs = bucket()?.waitMs(cost.tokens, clock.monotonic()) ?? 0;
      if (cost.isRequest) return Math.max(1, waitMs);
      if (signal.aborted) return 0;
      await delay(clock, Math.max(1, waitMs), signal);
      onMoved();
    }
  }

  #say(message: ClientMessage): void {
    const { id: connection, turns, clock } = this.#options;
    turns.put({ kind: "message", connection, at: momentOf(clock), message });
  }

  #refuse({ code, message, id, retryAfterMs }: Refusal) {
    const { id: connection, turns, clock } = this.#options;
    // Data: an error that crosses to another process would lose what is its own.
    const refusal = { code, message, id, retryAfterMs };
    turns.put({ kind: "refuse", connection, at: momentOf(clock), refusal });
    return this.#count();
  }

  /** So many without an answer: the turn must end before more is handled. */
  #count(): Promise<void> | undefined {
    if (++this.#inTurn < UNANSWERED_MAX) return undefined;
    this.#inTurn = 0;
    return this.#options.turns.done();
  }
}

function tooOften(id: string | undefined, retryAfterMs: number): Refusal {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const message = `this is asked too often: try again in ${seconds} s`;
  return { code: "rate-limited", message, id, retryAfterMs };
}
