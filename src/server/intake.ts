/**
 * Reads what a client says and brings it to the hub, one after the other: paid for, judged, and
 * never more than the client has answers for.
 */
import { type Clock, momentOf } from "../base/clock.ts";
import { ConfabError, FrameError, ProtocolError } from "../base/errors.ts";
import type { Once } from "../base/once.ts";
import {
  COST_CHAT,
  COST_SIGN_SHARED,
  SLOWED_MS,
  UNANSWERED_MAX,
} from "../base/limits.ts";
import { type Cost, costOf } from "../chat/cost.ts";
import type { Budgets, Payer } from "./budgets.ts";
import type { ConnectionId, Refusal } from "../chat/input.ts";
import type { Sink } from "../delivery/sink.ts";
import type { Codec, Heard } from "../gateway/codec.ts";
import type { Outbox } from "../net/outbox.ts";
import type { Transport } from "../net/transport.ts";
import type { ClientMessage, Hello } from "../wire/client.ts";
import { decodeStream, type PushParser } from "../wire/decode_stream.ts";
import type { Tap } from "./tap.ts";
import { notStoredEither, type TurnLoop } from "./turn_loop.ts";

/** What is no message, and a refusal, cost this, else those who say nothing keep it busy. */
const SMALL: Cost = {
  tokens: COST_CHAT,
  shared: COST_SIGN_SHARED,
  isRequest: false,
};
const FREE: Cost = { tokens: 0, isRequest: false };

/** What a client says by itself, whether anybody is there or not. */
const SIGNS: ReadonlySet<ClientMessage["type"]> = new Set(
  ["read", "watch"] as const,
);

/** What the intakes of a server share. */
export interface IntakeHost {
  readonly clock: Clock;
  readonly turns: Pick<TurnLoop, "put" | "done">;
  readonly tap: Pick<Tap, "counters" | "failed" | "tell">;
  /** What is paid from. */
  readonly budgets: Budgets;
}

/** The session whose client is heard. */
export interface Hearing extends Pick<Sink, "push" | "send" | "flush"> {
  readonly id: ConnectionId;
  /** Who pays for what is said. */
  readonly account: Payer;
  readonly transport: Transport;
  readonly codec: Codec;
  readonly outbox: Pick<Outbox, "spaceBytes" | "whenSpace">;
  /** Nothing more is looked at; what comes is read all the same. */
  readonly isOver: boolean;
  /** Aborts when it is over. */
  readonly signal: AbortSignal;
  /** Bytes came, or the silence was this side's. */
  moved(): void;
  /** Waits; that time is not the client's. */
  wait(ms: number): Promise<void>;
  /** It is told that it has to wait for what it says. */
  slowed(waitMs: number): void;
  /** Gives the hub what it must have before something with an id is said, if there is anything. */
  recall(): Promise<void> | undefined;
  /** Why a `hello` must not reach the hub. */
  judge(hello: Hello): Promise<ProtocolError | undefined>;
  /** Resolves with the answer to the `hello` that comes next: let in, asked again, or the end. */
  entered(): Promise<void>;
}

export class Intake implements PushParser<Heard> {
  readonly #session: Hearing;
  readonly #host: IntakeHost;
  readonly #chunks: AsyncIterator<Uint8Array, undefined>;
  /** The client has said goodbye: nothing comes after that. */
  hasLeft = false;
  /** When it last said something, signs of life not counted: monotonic milliseconds. */
  saidAt: number;
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
    this.saidAt = host.clock.monotonic();
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
    if (heard.kind === "unsaid") return await this.#answer(heard.id);
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
      // What a greeted client says next is not even decoded before this is answered.
      const isAlone = session.codec.entry === "itself";
      const answered = isAlone ? undefined : session.entered();
      const refusal = await session.judge(message);
      if (session.isOver) return;
      if (refusal !== undefined) await this.#refuse(refusal);
      else this.#say(message);
      await answered;
    } else {
      if (id !== undefined && this.#hasGreeted && isSaid(message)) {
        await session.recall();
        if (session.isOver) return;
      }
      const refusal = this.#isFailing ? notStoredEither(message) : undefined;
      if (refusal !== undefined) return await this.#refuse(refusal);
      this.#say(message);
    }
    await this.#count();
  }

  #costOf(message: ClientMessage): Cost {
    if (message.type === "bye") return FREE;
    const cost = costOf(message);
    if (message.type !== "hello") return cost;
    // The first costs what its rooms do, so that all who enter may say the same at once.
    const tokens = cost.tokens + (this.#hasGreeted ? COST_CHAT : 0);
    this.#hasGreeted = true;
    return { ...cost, tokens };
  }

  /**
   * Pays, waiting until that is possible. A request does not wait for its person's tokens: the
   * result says in how many milliseconds it could be paid for, and its refusal is paid for, as
   * everything that is answered; else those who ask most would be the ones that are never waited
   * for.
   */
  async #pay(cost: Cost): Promise<number> {
    const session = this.#session;
    const { account } = session;
    const { budgets } = this.#host;
    if (this.#refusalMs(cost) > 0) {
      await this.#pay(SMALL);
      return Math.max(1, this.#refusalMs(cost));
    }
    const waitMs = budgets.pay(account, cost);
    if (waitMs >= SLOWED_MS) session.slowed(waitMs);
    await this.#wait(waitMs);
    if (waitMs > 0 && session.isOver) budgets.giveBack(account, cost);
    while (cost.inDebt === "waits" && !session.isOver) {
      const debtMs = budgets.debtMs(account);
      if (debtMs === 0) break;
      await this.#wait(debtMs);
    }
    return 0;
  }

  /** In how many milliseconds something would not be refused; 0 for what is not now. */
  #refusalMs(cost: Cost): number {
    const { account } = this.#session;
    const { budgets } = this.#host;
    const debtMs = cost.inDebt === "refused" ? budgets.debtMs(account) : 0;
    return cost.isRequest
      ? Math.max(debtMs, budgets.refusalMs(account, cost))
      : debtMs;
  }

  async #wait(ms: number): Promise<void> {
    const session = this.#session;
    if (ms === 0 || session.isOver) return;
    await session.wait(ms);
    session.moved();
  }

  #say(message: ClientMessage): void {
    const { id: connection } = this.#session;
    const { turns, clock } = this.#host;
    const at = momentOf(clock);
    if (!SIGNS.has(message.type)) this.saidAt = at.monotonic;
    turns.put({ kind: "message", connection, at, message });
  }

  #answer(id: string) {
    const { id: connection } = this.#session;
    const { turns, clock } = this.#host;
    const at = momentOf(clock);
    this.saidAt = at.monotonic;
    turns.put({ kind: "answer", connection, at, message: { type: "ack", id } });
    return this.#count();
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

/** What may be stored with its id. */
function isSaid({ type }: ClientMessage): boolean {
  return type === "chat" || type === "command";
}

function tooOften(id: string | undefined, retryAfterMs: number): Refusal {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const message = `this is asked too often: try again in ${seconds} s`;
  return { code: "rate-limited", message, id, retryAfterMs };
}
