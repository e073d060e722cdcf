/** One connection's state machine: hello, ready, closing. It owns deadlines, heartbeat, rate and outbox, and knows nothing of rooms. */
import type { ConnectionId } from "../chat/effects.ts";
import { ConfabError, FrameError, ProtocolError } from "../base/errors.ts";
import {
  CLOSE_FLUSH_MS,
  COST_CHAT,
  DEAD_AFTER_MS,
  PING_AFTER_IDLE_MS,
  UNANSWERED_MAX,
} from "../base/limits.ts";
import type { Transport } from "../net/transport.ts";
import {
  type ChatSend,
  type ClientMessage,
  type CommandSend,
  type Hello,
  readClientMessage,
} from "../wire/client.ts";
import { FrameDecoder, frameStream } from "../wire/frame.ts";
import {
  type ByeCode,
  encodeMessage,
  type ServerMessage,
} from "../wire/server.ts";
import { type Clock, delay } from "../base/clock.ts";
import type { Outlet } from "../delivery/cursor.ts";
import { Outbox } from "../net/outbox.ts";
import type { TokenBucket } from "./rate.ts";

export const SessionState = {
  /** The `welcome` is yet to come. */
  Hello: "hello",
  Ready: "ready",
  /** What is queued is the last; what comes is not looked at. */
  Closing: "closing",
  Closed: "closed",
} as const;
export type SessionState = typeof SessionState[keyof typeof SessionState];

/** What a message costs of the rate; over it a request is refused, and anything else waits. */
export interface Cost {
  readonly tokens: number;
  readonly isRequest: boolean;
}

const SMALL: Cost = { tokens: COST_CHAT, isRequest: false };

/** What a session asks of the rest of the server. */
export interface SessionHost {
  /** Calls the hub within the present turn. */
  message(id: ConnectionId, message: ClientMessage): void;
  refuse(id: ConnectionId, error: ProtocolError, requestId?: string): void;
  /** Resolves when the present turn is delivered. */
  turnDone(): Promise<void>;
  /** Resolves when the present turn is delivered and all that was asked is answered. */
  answered(id: ConnectionId): Promise<void>;
  drained(id: ConnectionId): void;
  ready(id: ConnectionId): void;
  /** Something went wrong that is no fault of the peer's. */
  failed(id: ConnectionId, error: unknown): void;
  /** Why a `hello` must not reach the hub: the password. It may take its time to say so. */
  refuseHello(
    id: ConnectionId,
    hello: Hello,
    signal: AbortSignal,
  ): Promise<ProtocolError | undefined> | undefined;
  /** What a message costs of the rate, if anything. */
  costOf(message: ClientMessage): Cost | undefined;
}

export interface SessionOptions {
  readonly id: ConnectionId;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly host: SessionHost;
  /** What its person may still say, if that is limited. */
  readonly bucket: () => TokenBucket | undefined;
  /** When `hello` must have been said, in monotonic milliseconds. */
  readonly helloBy: number;
}

/** How a connection ended: with a goodbye, or without. */
export type SessionEnd = "closed" | "cut";

export class Session implements Outlet {
  readonly id: ConnectionId;
  readonly #options: SessionOptions;
  readonly #outbox: Outbox;
  #state: SessionState = SessionState.Hello;
  /** When `hello` must have been said: monotonic milliseconds. */
  #helloBy: number;
  #hasGreeted = false;
  /** When a byte last moved, when a ping was last sent, when closing must be over: monotonic milliseconds. */
  #movedAt: number;
  #pingedAt = -Infinity;
  #closeBy = Infinity;
  /** Handled in the present turn. */
  #inTurn = 0;
  /** What was read and not handled when a turn failed fails, too. */
  #isFailing = false;
  /** What one read brought is being handled. */
  #isHandling = false;
  /** Ends what the session waits for. */
  readonly #ending = new AbortController();

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#helloBy = options.helloBy;
    this.#movedAt = options.clock.monotonic();
    this.#outbox = new Outbox({
      write: (bytes) => options.transport.write(bytes),
      onDrained: () => options.host.drained(this.id),
      onFault: () => this.abort(),
      onProgress: () => this.#movedAt = options.clock.monotonic(),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  // ---- The outlet ----

  get spaceBytes(): number {
    return this.#outbox.spaceBytes;
  }

  push(frames: Uint8Array): void {
    if (this.#state !== SessionState.Closing) this.#outbox.push(frames);
  }

  flush(): void {
    this.#outbox.flush();
  }

  ready(): void {
    if (this.#state !== SessionState.Hello) return;
    this.#state = SessionState.Ready;
    this.#options.host.ready(this.id);
  }

  /** Sends what is queued, then ends this side; the connection is over when the other side has ended, too. */
  end(): void {
    if (
      this.#state === SessionState.Closing ||
      this.#state === SessionState.Closed
    ) return;
    this.#state = SessionState.Closing;
    this.#closeBy = this.#options.clock.monotonic() + CLOSE_FLUSH_MS;
    this.#ending.abort();
    this.#outbox.flushed().then(() => this.#options.transport.closeWrite())
      .catch(() => this.abort());
  }

  /** Says goodbye and ends. */
  bye(code: ByeCode, text: string, reconnectAfterMs?: number): void {
    this.push(
      encodeMessage({
        type: "bye",
        code,
        text,
        ...(reconnectAfterMs === undefined ? {} : { reconnectAfterMs }),
      }),
    );
    this.end();
  }

  /** Ends at once, whatever is queued. */
  abort(): void {
    this.#state = SessionState.Closed;
    this.#outbox.close();
    this.#ending.abort();
    this.#options.transport.close();
  }

  /** Messages of this connection were not stored: those that it has under way are not stored either, so that no order is broken. */
  failUnderWay(): void {
    this.#isFailing = this.#isHandling;
  }

  // ---- Time ----

  /** Looks at the deadlines. */
  sweep(now: number): void {
    if (this.#state === SessionState.Hello) {
      if (now >= this.#helloBy) {
        this.bye(
          "idle",
          "nothing was said in time: say hello when you connect",
        );
      }
    } else if (this.#state === SessionState.Ready) {
      if (now >= this.#movedAt + DEAD_AFTER_MS) this.abort();
      else if (
        now >= Math.max(this.#movedAt, this.#pingedAt) + PING_AFTER_IDLE_MS
      ) this.#ping(now);
    } else if (now >= this.#closeBy) {
      this.abort();
    }
  }

  #ping(now: number): void {
    this.#pingedAt = now;
    this.push(encodeMessage({ type: "ping", t: this.#options.clock.wall() }));
    this.flush();
  }

  // ---- Reading ----

  /** Reads to the end of the connection. Never rejects. */
  async run(): Promise<SessionEnd> {
    const { transport, clock } = this.#options;
    try {
      for await (const payloads of frameStream(transport, new FrameDecoder())) {
        this.#movedAt = clock.monotonic();
        if (this.#state === SessionState.Closing) continue;
        this.#isHandling = true;
        await this.#handleAll(payloads);
        this.#isHandling = this.#isFailing = false;
        await this.#outbox.whenSpace();
      }
    } catch (error) {
      await this.#fault(error);
    }
    const wasClosing = this.#state === SessionState.Closing;
    if (!wasClosing) await this.#options.host.answered(this.id);
    await this.#lastWords();
    this.abort();
    return wasClosing ? "closed" : "cut";
  }

  async #handleAll(payloads: readonly Uint8Array[]): Promise<void> {
    for (const payload of payloads) {
      // Who does not read is not listened to, however much of what was said is here already: answers are larger than what asks for them.
      if (this.#outbox.spaceBytes <= 0) await this.#outbox.whenSpace();
      if (
        this.#state === SessionState.Closing ||
        this.#state === SessionState.Closed
      ) return;
      let message: ClientMessage;
      try {
        message = readClientMessage(payload);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        await this.#payFor(SMALL);
        this.#options.host.refuse(this.id, error);
        await this.#count();
        continue;
      }
      await this.#handle(message);
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    const { host } = this.#options;
    const cost = this.#costOf(message);
    const retryAfterMs = cost === undefined ? 0 : await this.#payFor(cost);
    if (retryAfterMs > 0) {
      const text = `this is asked too often: try again in ${
        Math.ceil(retryAfterMs / 1_000)
      } s`;
      host.refuse(
        this.id,
        new ProtocolError("rate-limited", text, { retryAfterMs }),
        "id" in message ? message.id : undefined,
      );
      return this.#count();
    }
    if (message.type === "pong") return;
    if (message.type === "ping") {
      this.push(
        encodeMessage({ type: "pong", t: message.t } satisfies ServerMessage),
      );
      this.flush();
      return;
    }
    if (message.type === "hello") {
      const refusal = await this.#judge(message);
      if (refusal !== undefined) {
        host.refuse(this.id, refusal);
        return this.#count();
      }
    }
    if (this.#isFailing && isSaying(message)) {
      host.refuse(this.id, notStoredEither(), message.id);
    } else {
      host.message(this.id, message);
    }
    await this.#count();
  }

  /**
   * What the hub sets no price on costs as much as a chat: without one, those who only ping keep the server busy. The first `hello` is
   * free, so that all who enter may say the same at once.
   */
  #costOf(message: ClientMessage): Cost | undefined {
    if (message.type === "bye") return undefined;
    if (message.type === "hello" && !this.#hasGreeted) {
      this.#hasGreeted = true;
      return undefined;
    }
    return this.#options.host.costOf(message) ?? SMALL;
  }

  /** Why a `hello` must not reach the hub. The time that the server takes to say so is not the peer's. */
  async #judge(hello: Hello): Promise<ProtocolError | undefined> {
    const { host, clock } = this.#options;
    const judging = host.refuseHello(this.id, hello, this.#ending.signal);
    if (judging === undefined) return undefined;
    const leftMs = this.#helloBy - clock.monotonic();
    this.#helloBy = Infinity;
    const refusal = await judging;
    this.#helloBy = clock.monotonic() + leftMs;
    return refusal;
  }

  /** So many without an answer: the turn must end before more is handled. */
  async #count(): Promise<void> {
    if (++this.#inTurn < UNANSWERED_MAX) return;
    this.#inTurn = 0;
    await this.#options.host.turnDone();
  }

  /**
   * Pays, waiting until it can; or for a request says after how many milliseconds it could. Then the refusal is paid for, as everything
   * that is answered: else those who ask most would be the ones that are never waited for.
   */
  async #payFor(cost: Cost): Promise<number> {
    const { clock } = this.#options;
    for (;;) {
      const bucket = this.#options.bucket();
      if (bucket === undefined || bucket.take(cost.tokens, clock.monotonic())) {
        return 0;
      }
      if (cost.isRequest) {
        await this.#payFor(SMALL);
        return Math.max(1, bucket.waitMs(cost.tokens, clock.monotonic()));
      }
      const waitMs = bucket.waitMs(cost.tokens, clock.monotonic());
      if (
        this.#state === SessionState.Closing ||
        this.#state === SessionState.Closed
      ) return 0;
      await delay(clock, Math.max(1, waitMs), this.#ending.signal);
      // The silence was this side's.
      this.#movedAt = clock.monotonic();
    }
  }

  /** A stream that cannot be followed any further: the peer is told why, where there is a reason to tell. */
  async #fault(error: unknown): Promise<void> {
    if (!(error instanceof FrameError)) {
      if (!isPeerFault(error)) this.#options.host.failed(this.id, error);
      return;
    }
    await this.#options.host.turnDone();
    const code = error.lengthBytes === 0 ? "bad-message" : "too-large";
    this.push(encodeMessage({ type: "error", code, text: error.message }));
    this.bye("refused", "the stream of frames was broken");
    try {
      // To the end, unread: a connection that is closed with bytes unread takes back what was sent last.
      for await (const _ of this.#options.transport);
    } catch {
      // It ends anyway.
    }
  }

  /** What is queued is sent, but nobody waits for it forever. */
  async #lastWords(): Promise<void> {
    if (this.#state === SessionState.Closed) return;
    const { clock } = this.#options;
    let cancel = () => {};
    const deadline = new Promise<void>((resolve) =>
      cancel = clock.after(CLOSE_FLUSH_MS, resolve)
    );
    await Promise.race([this.#outbox.flushed(), deadline]);
    cancel();
  }
}

/** Whether a message has an answer that may say that it is stored. */
export function isSaying(
  message: ClientMessage,
): message is ChatSend | CommandSend {
  return message.type === "chat" || message.type === "command";
}

/** What is said to a message that was under way when one before it was not stored. */
export function notStoredEither(): ProtocolError {
  return new ProtocolError(
    "not-stored",
    "a message before this one was not stored, so this one was not either: try again later",
  );
}

/** Whether an error only says that the other end is gone, or broke the channel. */
function isPeerFault(error: unknown): boolean {
  return error instanceof ConfabError ||
    (error instanceof Error && error.name in GONE);
}

/** Names of the runtime's errors for a connection that ended. */
const GONE = {
  ConnectionReset: true,
  ConnectionAborted: true,
  BrokenPipe: true,
  BadResource: true,
  Interrupted: true,
  NotConnected: true,
  TimedOut: true,
} as const;
