/**
 * One connection's state machine: hello, ready, closing. It owns transport, codec, outbox,
 * heartbeat and deadlines, and knows nothing of rooms.
 */
import type { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { CLOSE_FLUSH_MS } from "../base/limits.ts";
import type { ConnectionEnd } from "../chat/input.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { SharedEncoder, Sink, Why } from "../delivery/sink.ts";
import { Heartbeat } from "../net/heartbeat.ts";
import { Outbox, type Pace } from "../net/outbox.ts";
import type { Hello } from "../wire/client.ts";
import type { ByeCode, ServerMessage } from "../wire/server.ts";
import { type Connected, Intake } from "./intake.ts";

/**
 * In `hello` the `welcome` is yet to come; in `closing` what is queued is the last, and what comes
 * is not looked at.
 */
type SessionState = "hello" | "ready" | "closing" | "closed";

export interface SessionOptions extends Connected {
  /** When `hello` must have been said, in monotonic milliseconds. */
  readonly helloBy: number;
  readonly delivery: Pick<Delivery, "drained" | "answered">;
  /** Lets its writes begin. */
  readonly pace: Pace;
  /** Gives the hub what it must recall of a person; never rejects. */
  readonly recall: (person: string) => Promise<void>;
  /** Why a `hello` must not reach the hub; it may take its time to say so. */
  readonly judgeHello: (
    hello: Hello,
    signal: AbortSignal,
  ) => Promise<ProtocolError | undefined>;
  /** It has its `welcome`. */
  readonly onReady: () => void;
}

export class Session implements Sink {
  readonly #options: SessionOptions;
  readonly #outbox: Outbox;
  readonly #heartbeat: Heartbeat;
  readonly #intake: Intake;
  #state: SessionState = "hello";
  #name: string | undefined;
  /** When `hello` must have been said, when closing must be over: monotonic milliseconds. */
  #helloBy: number;
  #closeBy = Infinity;
  /** The hub knows it; it has its `welcome`. Both come also with the end. */
  readonly #opened = Promise.withResolvers<void>();
  readonly #entered = Promise.withResolvers<void>();
  /** Ends what the session waits for. */
  readonly #ending = new AbortController();

  constructor(options: SessionOptions) {
    const { id, clock, transport, helloBy } = options;
    this.#options = options;
    this.#helloBy = helloBy;
    this.#heartbeat = new Heartbeat(clock.monotonic());
    const moved = () => this.#heartbeat.moved(clock.monotonic());
    this.#outbox = new Outbox({
      write: (bytes) => transport.write(bytes),
      onDrained: () => options.delivery.drained(id),
      onFault: () => this.abort(),
      onProgress: moved,
      pace: options.pace,
    });
    this.#intake = new Intake({
      ...options,
      outbox: this.#outbox,
      sink: this,
      signal: this.#ending.signal,
      judgeHello: (hello) => this.#judge(hello),
      entered: this.#entered.promise,
      onMoved: moved,
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The person's name, from the `welcome` on. */
  get name(): string | undefined {
    return this.#name;
  }

  get queuedBytes(): number {
    return this.#outbox.queuedBytes;
  }

  /** Whether what comes is not looked at any more. */
  get #isOver(): boolean {
    return this.#ending.signal.aborted;
  }

  // ---- The sink ----

  get shared(): SharedEncoder {
    return this.#options.codec.shared;
  }

  get spaceBytes(): number {
    return this.#outbox.spaceBytes;
  }

  push(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#options.tap.counters.deliveries++;
    this.#outbox.push(bytes);
  }

  send(message: ServerMessage, why: Why = "asked"): void {
    if (this.#isOver) return;
    const { codec } = this.#options;
    const bytes = codec.encode(message, why);
    if (bytes !== undefined) this.push(bytes);
    const isRefusal = message.type === "error" &&
      this.#state === "hello" && codec.entry === "greeted";
    // The `hello` was the codec's: its client knows of no other try.
    if (isRefusal) this.end();
  }

  flush(): void {
    this.#outbox.flush();
  }

  opened(recall: string | undefined): void {
    if (recall === undefined) this.#opened.resolve();
    else this.#options.recall(recall).then(this.#opened.resolve);
  }

  ready(name: string): void {
    this.#name = name;
    if (this.#state !== "hello") return;
    this.#state = "ready";
    this.#entered.resolve();
    this.#options.onReady();
  }

  named(name: string): void {
    this.#name = name;
  }

  /** Sends what is queued, then ends this side; it is over when the other side has ended, too. */
  end(): void {
    if (this.#isOver) return;
    const { clock, transport } = this.#options;
    this.#state = "closing";
    this.#closeBy = clock.monotonic() + CLOSE_FLUSH_MS;
    this.#release();
    this.#outbox.flushed().then(() => transport.closeWrite())
      .catch(() => this.abort());
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
    this.#outbox.close();
    this.#release();
    this.#options.transport.close();
  }

  /** See {@linkcode Intake.failUnderWay}. */
  failUnderWay(): void {
    this.#intake.failUnderWay();
  }

  #release(): void {
    this.#ending.abort();
    this.#opened.resolve();
    this.#entered.resolve();
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
    const { codec, clock } = this.#options;
    if (!codec.hasHeartbeat) return;
    const what = this.#heartbeat.look(now);
    if (what === "dead") this.abort();
    if (what !== "ping") return;
    this.send({ type: "ping", t: clock.wall() });
    this.flush();
  }

  /** Why a `hello` must not reach the hub. The time that this takes is not the peer's. */
  async #judge(hello: Hello): Promise<ProtocolError | undefined> {
    const { clock, judgeHello } = this.#options;
    const leftMs = this.#helloBy - clock.monotonic();
    this.#helloBy = Infinity;
    const refusal = await judgeHello(hello, this.#ending.signal);
    this.#helloBy = clock.monotonic() + leftMs;
    return refusal;
  }

  // ---- From the first message to the end ----

  /** Reads to the end of the connection. Never rejects. */
  async run(): Promise<ConnectionEnd> {
    await this.#opened.promise;
    const fault = await this.#intake.run();
    if (fault !== undefined) {
      await this.#answered();
      this.push(this.#options.codec.encodeFault(fault));
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
    const { turns, delivery, id } = this.#options;
    await turns.done();
    await delivery.answered(id);
  }

  /** What is queued is sent, but nobody waits for it forever. */
  async #lastWords(): Promise<void> {
    if (this.#state === "closed") return;
    const { clock } = this.#options;
    const over = Promise.withResolvers<void>();
    const cancel = clock.after(CLOSE_FLUSH_MS, over.resolve);
    await Promise.race([this.#outbox.flushed(), over.promise]);
    cancel();
  }
}
