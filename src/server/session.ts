/**
 * One connection's state machine: hello, ready, closing. It owns transport, codec, outbox,
 * heartbeat and deadlines, and knows nothing of rooms.
 */
import type { ConfabError, ProtocolError } from "../base/errors.ts";
import { delay } from "../base/clock.ts";
import { given } from "../base/given.ts";
import { CLOSE_FLUSH_MS } from "../base/limits.ts";
import { Once } from "../base/once.ts";
import type { ConnectionEnd, ConnectionId } from "../chat/input.ts";
import type { SharedEncoder, Sink, Why } from "../delivery/sink.ts";
import { plainAddress } from "../net/address.ts";
import { Heartbeat } from "../net/heartbeat.ts";
import { Outbox, type OutboxOptions, type Pace } from "../net/outbox.ts";
import type { Transport } from "../net/transport.ts";
import type { Codec } from "../gateway/codec.ts";
import type { Hello } from "../wire/client.ts";
import { judgeName } from "../wire/names.ts";
import type { ByeCode, ServerMessage } from "../wire/server.ts";
import { Account } from "./account.ts";
import type { Payer } from "./budgets.ts";
import { type Hearing, Intake } from "./intake.ts";
import type { SessionHost } from "./session_host.ts";

/**
 * In `hello` the `welcome` is yet to come; in `closing` what is queued is the last, and what comes
 * is not looked at.
 */
type SessionState = "hello" | "ready" | "closing" | "closed";

/** A connection that has a session. */
export interface SessionOptions {
  readonly id: ConnectionId;
  readonly payer: Payer;
  readonly transport: Transport;
  readonly codec: Codec;
  /** When `hello` must have been said, in monotonic milliseconds. */
  readonly helloBy: number;
}

/** There may be very many: what they share is theirs together, and what few need is made then. */
export class Session implements Sink, Hearing, OutboxOptions {
  readonly id: ConnectionId;
  readonly account: Account;
  readonly transport: Transport;
  readonly codec: Codec;
  readonly outbox: Outbox;
  readonly #host: SessionHost;
  readonly #heartbeat: Heartbeat;
  readonly #intake: Intake;
  #state: SessionState = "hello";
  #name: string | undefined;
  /** The name that a `hello` asked for, where it could be one. */
  #asked: string | undefined;
  /** When `hello` must have been said, when closing must be over: monotonic milliseconds. */
  #helloBy: number;
  #closeBy = Infinity;
  /** The hub knows it; its `hello` has its answer. Both come also with the end. */
  readonly #opened = new Once();
  #entered = new Once();
  /** Whether what comes is not looked at any more. */
  #isOver = false;
  /** Whose last messages with an id the hub must be given before another is said. */
  #recalls: string | undefined;
  /** Ends what the session waits for, if it does. */
  #ending: AbortController | undefined;

  constructor(
    { id, payer, transport, codec, helloBy }: SessionOptions,
    host: SessionHost,
  ) {
    this.id = id;
    this.account = new Account(payer, host.budgets, host.clock);
    this.transport = transport;
    this.codec = codec;
    this.#host = host;
    this.#helloBy = helloBy;
    this.#heartbeat = new Heartbeat(host.clock.monotonic());
    this.outbox = new Outbox(this);
    this.#intake = new Intake(this, host);
  }

  get pace(): Pace {
    return this.#host.pace;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The person's name, from the `welcome` on. */
  get name(): string | undefined {
    return this.#name;
  }

  /** For how long its client has said nothing but signs of life. */
  get idleMs(): number {
    return this.#host.clock.monotonic() - this.#intake.saidAt;
  }

  get queuedBytes(): number {
    return this.outbox.queuedBytes;
  }

  // ---- The sink ----

  get shared(): SharedEncoder {
    return this.codec.shared;
  }

  get spaceBytes(): number {
    return this.outbox.spaceBytes;
  }

  push(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#host.tap.counters.deliveries++;
    this.outbox.push(bytes);
  }

  send(message: ServerMessage, why: Why = "asked"): void {
    if (this.#isOver) return;
    const { codec } = this;
    const bytes = codec.encode(this.#completed(message), why);
    if (bytes !== undefined) {
      this.push(bytes);
      this.account.sent(message, bytes.length);
    }
    if (message.type !== "error") return;
    this.#host.tap.tell({ kind: "denied", ...this.#who, code: message.code });
    if (this.#state !== "hello") return;
    this.#host.onRefused(this.id, message.code);
    // The `hello` was the codec's: its client may know of no other try.
    if (codec.entry === "greeted") this.end();
    else if (codec.entry === "asked") this.#isAskedAgain();
  }

  #isAskedAgain(): void {
    const before = this.#entered;
    this.#entered = new Once();
    before.happen();
  }

  /** Who it is, for the log; who has no name yet may have asked for one. */
  get #who() {
    const { id, transport: { peer: { hostname } } } = this;
    const name = this.#name ?? this.#asked;
    return { id, peer: plainAddress(hostname), ...given({ name }) };
  }

  mayReplay(): boolean {
    return this.account.isSettled(() => this.onDrained());
  }

  /** Whom the key was proven to, learns in the `welcome` which one will be shown next. */
  #completed(message: ServerMessage): ServerMessage {
    if (message.type !== "welcome" || !this.isSealed) return message;
    return { ...message, ...given({ next: this.#host.nextKey(this.id) }) };
  }

  /** Whether what is said goes through a channel of the server's own key. */
  get isSealed(): boolean {
    return this.transport.key !== undefined;
  }

  flush(): void {
    this.outbox.flush();
  }

  opened(recall: string | undefined): void {
    this.#recalls = recall;
    this.#opened.happen();
  }

  ready(name: string): void {
    this.#name = name;
    if (this.#state !== "hello") return;
    this.#state = "ready";
    this.#entered.happen();
    this.#host.onReady(this.id);
  }

  named(name: string): void {
    this.#name = name;
  }

  /** Sends what is queued, then ends this side; it is over when the other side has ended, too. */
  end(): void {
    if (this.#isOver) return;
    const { clock } = this.#host;
    this.#state = "closing";
    this.#closeBy = clock.monotonic() + CLOSE_FLUSH_MS;
    this.#release();
    this.outbox.flushed().then(() => this.transport.closeWrite())
      .catch(() => this.abort());
  }

  // ---- The outbox ----

  write(bytes: Uint8Array): Promise<void> {
    return this.transport.write(bytes);
  }

  onDrained(): void {
    this.#host.delivery.drained(this.id);
  }

  onFault(): void {
    this.abort();
  }

  onProgress(): void {
    this.moved();
  }

  // ---- From the server ----

  /** Says goodbye and ends. */
  bye(code: ByeCode, text: string, reconnectAfterMs?: number): void {
    this.send({ type: "bye", code, text, ...given({ reconnectAfterMs }) });
    this.end();
  }

  /** Ends at once, whatever is queued. */
  abort(): void {
    this.#state = "closed";
    this.outbox.close();
    this.#release();
    this.transport.close();
  }

  /** See {@linkcode Intake.failUnderWay}. */
  failUnderWay(): void {
    this.#intake.failUnderWay();
  }

  #release(): void {
    this.#isOver = true;
    this.account.close();
    this.#ending?.abort();
    this.#opened.happen();
    this.#entered.happen();
  }

  // ---- Time ----

  /** Looks at the deadlines. */
  sweep(now: number): void {
    if (this.#state === "ready") this.#beat(now);
    else if (this.#isOver) {
      if (now >= this.#closeBy) this.abort();
    } else if (now >= this.#helloBy) {
      this.bye("idle", "nothing was said in time: say hello when you connect");
    }
  }

  #beat(now: number): void {
    const { clock } = this.#host;
    if (!this.codec.hasHeartbeat) return;
    const what = this.#heartbeat.look(now);
    if (what === "dead") this.abort();
    if (what !== "ping") return;
    this.send({ type: "ping", t: clock.wall() });
    this.flush();
  }

  /** Why a `hello` must not reach the hub. The time that this takes is not the peer's. */
  async judge(hello: Hello): Promise<ProtocolError | undefined> {
    const { judgeHello, meetOwner } = this.#host;
    this.#asked = nameAsked(hello);
    const meeting = this.transport.key === undefined ? undefined : meetOwner();
    if (meeting !== undefined) await this.#hold(meeting);
    if (!hello.password && hello.invite === undefined) return undefined;
    return await this.#hold(judgeHello(hello, this.signal, this.id));
  }

  /** The time that something takes does not count for the deadline of `hello`. */
  async #hold<T>(what: Promise<T>): Promise<T> {
    const { clock } = this.#host;
    const leftMs = this.#helloBy - clock.monotonic();
    this.#helloBy = Infinity;
    const result = await what;
    this.#helloBy = clock.monotonic() + leftMs;
    return result;
  }

  // ---- The intake ----

  get isOver(): boolean {
    return this.#isOver;
  }

  get signal(): AbortSignal {
    this.#ending ??= new AbortController();
    if (this.#isOver) this.#ending.abort();
    return this.#ending.signal;
  }

  moved(): void {
    this.#heartbeat.moved(this.#host.clock.monotonic());
  }

  entered(): Promise<void> {
    return this.#entered.happened();
  }

  wait(ms: number): Promise<void> {
    return this.#hold(delay(this.#host.clock, ms, this.signal));
  }

  slowed(waitMs: number): void {
    this.#host.tap.tell({ kind: "slowed", ...this.#who, waitMs });
  }

  recall(): Promise<void> | undefined {
    const person = this.#recalls;
    if (person === undefined) return undefined;
    this.#recalls = undefined;
    return this.#host.recall(person, this);
  }

  // ---- From the first message to the end ----

  /** Reads to the end of the connection. Never rejects. */
  run(): Promise<ConnectionEnd> {
    return this.#intake.run(this.#opened).then((fault) => this.#finish(fault));
  }

  async #finish(fault: ConfabError | undefined): Promise<ConnectionEnd> {
    if (fault !== undefined) {
      await this.#answered();
      this.push(this.codec.encodeFault(fault));
      this.end();
      await this.#intake.drain();
    }
    const wasClosing = this.#state === "closing";
    if (!wasClosing) await this.#answered();
    await this.#lastWords();
    this.abort();
    return wasClosing || this.#intake.hasLeft ? "closed" : "cut";
  }

  /** Resolves when all that came is answered. */
  async #answered(): Promise<void> {
    const { turns, delivery } = this.#host;
    await turns.done();
    await delivery.answered(this.id);
  }

  /** What is queued is sent, but nobody waits for it forever. */
  async #lastWords(): Promise<void> {
    if (this.#state === "closed") return;
    const { clock } = this.#host;
    const over = Promise.withResolvers<void>();
    const cancel = clock.after(CLOSE_FLUSH_MS, over.resolve);
    await Promise.race([this.outbox.flushed(), over.promise]);
    cancel();
  }
}

function nameAsked({ name }: Hello): string | undefined {
  try {
    if (name !== undefined) judgeName(name);
    return name;
  } catch {
    return undefined;
  }
}
