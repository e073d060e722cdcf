/**
 * The client core: connects, seals, says hello, comes back after a cut and resumes where it was. It is an async iterator of events, and
 * free of `Deno.*`: a terminal, a pipe and a page stand on it.
 */
import { type Clock, delay } from "../base/clock.ts";
import { ConfabError, describeError, type ErrorCode } from "../base/errors.ts";
import {
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
  UNANSWERED_MAX,
} from "../base/limits.ts";
import type {
  History,
  ServerMessage,
  Stored,
  Unknown,
  Welcome,
} from "../wire/server.ts";
import { EventQueue } from "./event_queue.ts";
import { type HelloFields, Link, type LinkOptions } from "./link.ts";
import { Places } from "./places.ts";

export interface ClientOptions extends LinkOptions {
  readonly clock: Clock;
  readonly hello?: Omit<HelloFields, "resume">;
  /** From 0 up to 1: spreads the moments at which clients come back. */
  readonly random: () => number;
  /** Makes the id of a message: unique among this person's. */
  readonly newId: () => string;
}

export type ClientEvent =
  /** There is a connection, the first or another. */
  | {
    readonly kind: "connected";
    readonly welcome: Welcome;
    readonly isFirst: boolean;
  }
  /** The server says something; a stored message comes once, whether live or replayed. */
  | { readonly kind: "message"; readonly message: ServerMessage }
  /** A page of history, with those of its messages that are new here. `isReplay`: it fills a gap after a reconnect. */
  | {
    readonly kind: "history";
    readonly history: History;
    readonly fresh: readonly Stored[];
    readonly isReplay: boolean;
  }
  /** There is no connection; another is tried after some time. */
  | {
    readonly kind: "disconnected";
    readonly reason: string;
    readonly retryInMs: number;
  }
  /** It is over: with an error, or without one after `close`. */
  | { readonly kind: "ended"; readonly error: ConfabError | undefined };

/** What can be asked of the server and is answered with the same id, which is made here where none is given. */
export type Request =
  | { type: "chat"; txt: string; room?: string; to?: string; id?: string }
  | { type: "command"; name: string; args?: string; id?: string }
  | {
    type: "history";
    room: string;
    before?: number;
    after?: number;
    limit?: number;
    id?: string;
  };

interface Pending {
  readonly message: Request & { readonly id: string };
  readonly resolve: (answer: ServerMessage) => void;
  readonly reject: (error: ConfabError) => void;
}

/** Events that wait for whoever iterates; the server is not read from while there are more. */
const QUEUED_EVENTS = 1_000;
/** The same while an answer is awaited, perhaps by that one: a server that never gives it must not fill the memory. */
const QUEUED_EVENTS_ASKED = 10_000;

export class Client implements AsyncIterable<ClientEvent>, AsyncDisposable {
  readonly #options: ClientOptions;
  readonly #events = new EventQueue<ClientEvent>(QUEUED_EVENTS);
  readonly #places = new Places();
  /** Without an answer, in the order they were said. */
  readonly #pending = new Map<string, Pending>();
  readonly #closing = new AbortController();
  #link: Link | undefined;
  #waiting: (() => void)[] = [];
  #running: Promise<void> = Promise.resolve();

  private constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * Connects for the first time.
   *
   * @throws {ConfabError} what {@linkcode Link.open} throws: a first connection is not tried again.
   */
  static async connect(options: ClientOptions): Promise<Client> {
    const client = new Client(options);
    const { signal } = client.#closing;
    const link = await Link.open(options, options.hello ?? {}, signal);
    client.#running = client.#run(link);
    return client;
  }

  /** The room where one's words go; empty when there is none. */
  get current(): string {
    return this.#places.current;
  }

  /** One's own name. */
  get name(): string {
    return this.#places.name;
  }

  /** The rooms one is in, in the order of entering. */
  get rooms(): string[] {
    return this.#places.rooms;
  }

  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#events;
  }

  /**
   * Asks something of the server, and resolves with its answer: an `ack`, or what answers the request. A chat survives a cut: it is sent
   * again, under the same id, until it is answered. Waits while too many are without an answer.
   *
   * @throws {ConfabError} with the server's code; `closed` when the client ends first, or a cut comes between and it is no chat.
   */
  async request(request: Request): Promise<ServerMessage> {
    await this.mayAsk();
    if (this.#closing.signal.aborted) throw closedError();
    // What is said goes where it was meant to go, wherever one is when it is sent again.
    const place = request.type === "chat" && request.room === undefined &&
        request.to === undefined && this.current !== ""
      ? { room: this.current }
      : {};
    const id = request.id ?? this.#options.newId();
    const message = { ...request, ...place, id };
    const answer = new Promise<ServerMessage>((resolve, reject) =>
      this.#pending.set(id, { message, resolve, reject })
    );
    this.#link?.send(message);
    return await answer;
  }

  /** Resolves when another request may be made at once. */
  async mayAsk(): Promise<void> {
    while (
      this.#pending.size >= UNANSWERED_MAX && !this.#closing.signal.aborted
    ) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Sends something that has no answer. Without a connection it is dropped. */
  tell(
    message: { type: "typing"; room?: string; to?: string } | {
      type: "read";
      room: string;
      seq: number;
    },
  ): void {
    this.#link?.send(message);
  }

  /** Resolves when everything that was asked is answered. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0 && !this.#closing.signal.aborted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Says goodbye and ends. May be called any number of times. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#link?.bye();
    }
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#events.end();
    return this.close();
  }

  // ---- The connection, and the next ----

  async #run(first: Link): Promise<void> {
    let error: ConfabError | undefined;
    let link: Link | undefined = first;
    let isFirst = true;
    while (link !== undefined && error === undefined) {
      error = await this.#converse(link, isFirst);
      isFirst = false;
      this.#link = undefined;
      this.#failRequests();
      if (error !== undefined || this.#closing.signal.aborted) break;
      const next: Link | ConfabError | undefined = await this.#reconnect();
      if (next instanceof ConfabError) error = next;
      link = next instanceof ConfabError ? undefined : next;
    }
    this.#closing.abort();
    const failure = error ?? closedError();
    for (const pending of this.#pending.values()) pending.reject(failure);
    this.#pending.clear();
    this.#release();
    this.#events.push({ kind: "ended", error });
    this.#events.end();
  }

  #retryAfterMs = RECONNECT_MIN_MS;
  /** Why there is no connection, for a person. */
  #reason = "";

  /** Lives with one connection until it ends; an error says that there must be no other. */
  async #converse(
    link: Link,
    isFirst: boolean,
  ): Promise<ConfabError | undefined> {
    this.#link = link;
    this.#places.welcome(link.welcome);
    this.#retryAfterMs = RECONNECT_MIN_MS;
    this.#events.push({ kind: "connected", welcome: link.welcome, isFirst });
    for (const { message } of this.#pending.values()) link.send(message);
    if (this.#closing.signal.aborted) link.bye();
    for await (const message of link.messages()) {
      if (message.type === "bye") {
        const mayReturn = message.code === "restart";
        this.#reason = message.text;
        if (mayReturn) {
          this.#retryAfterMs = message.reconnectAfterMs ?? RECONNECT_MIN_MS;
        }
        link.abort();
        return mayReturn || this.#closing.signal.aborted
          ? undefined
          : new ConfabError("closed", message.text);
      }
      this.#take(message, isFirst);
      // A reader that waits for an answer cannot be waited for.
      if (!this.#isAsked()) await this.#events.whenRoom();
    }
    return undefined;
  }

  /** Whether something other than a chat has no answer yet. */
  #isAsked(): boolean {
    return this.#events.isFull &&
      this.#events.length < QUEUED_EVENTS_ASKED &&
      this.#pending.values().some(({ message }) => message.type !== "chat");
  }

  /** Tries until there is a connection, the client is closed, or trying again is of no use. */
  async #reconnect(): Promise<Link | ConfabError | undefined> {
    for (
      let waitMs = this.#retryAfterMs;;
      waitMs = Math.min(2 * waitMs, RECONNECT_MAX_MS)
    ) {
      const retryInMs = Math.round(waitMs * (0.5 + this.#options.random()));
      this.#events.push({
        kind: "disconnected",
        reason: this.#reason,
        retryInMs,
      });
      await delay(this.#options.clock, retryInMs, this.#closing.signal);
      if (this.#closing.signal.aborted) return undefined;
      try {
        // The person keeps the name that it has by now.
        const { name: _, ...hello } = this.#options.hello ?? {};
        return await Link.open(this.#options, {
          ...hello,
          ...this.#places.resume(),
        }, this.#closing.signal);
      } catch (error) {
        if (error instanceof ConfabError && !MAY_PASS.has(error.code)) {
          return error;
        }
        this.#reason = describeError(error);
      }
    }
  }

  /** What is no chat is not asked again: its answer would come out of turn. */
  #failRequests(): void {
    for (const [id, pending] of this.#pending) {
      if (
        pending.message.type === "chat" && !isCommand(pending.message.txt)
      ) continue;
      this.#pending.delete(id);
      pending.reject(
        new ConfabError(
          "closed",
          "the connection was cut before the answer came",
        ),
      );
    }
    this.#release();
  }

  // ---- What the server says ----

  #take(
    message: Exclude<ServerMessage, { type: "bye" }> | Unknown,
    isFirst: boolean,
  ): void {
    const id = "id" in message ? message.id : undefined;
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (message.type === "unknown") return void this.#places.note(message);
    const isNew = this.#places.note(message);
    if (message.type === "history") {
      this.#takeHistory(message, isFirst, pending !== undefined);
    } else if (isNew) this.#events.push({ kind: "message", message });
    if (
      pending !== undefined && message.type !== "chat" &&
      message.type !== "private"
    ) this.#answer(pending, message);
  }

  #takeHistory(history: History, isFirst: boolean, isAnswer: boolean): void {
    if (isAnswer) {
      return this.#events.push({
        kind: "history",
        history,
        fresh: [],
        isReplay: false,
      });
    }
    const { fresh, isReplay } = this.#places.noteHistory(history);
    this.#events.push({
      kind: "history",
      history,
      fresh,
      isReplay: isReplay && !isFirst,
    });
  }

  /** Where one is after a command that went well. */
  #follow({ name, args = "" }: Extract<Request, { type: "command" }>): void {
    if (name === "leave" || name === "part") this.#places.leave(this.current);
    else if (name === "join") this.#places.join(args);
  }

  #answer(pending: Pending, answer: ServerMessage): void {
    this.#pending.delete(pending.message.id);
    if (answer.type === "ack" && pending.message.type === "command") {
      this.#follow(pending.message);
    }
    if (answer.type === "error") {
      pending.reject(new ConfabError(answer.code as ErrorCode, answer.text));
    } else pending.resolve(answer);
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Reasons that may be gone at the next try. Everything else would only be refused again. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "connection",
  "channel",
  "busy",
  "not-stored",
  "rate-limited",
]);

/** Text that the server takes for a command. */
function isCommand(txt: string): boolean {
  return txt.startsWith("/") && !txt.startsWith("//");
}

function closedError(): ConfabError {
  return new ConfabError("closed", "the client was closed");
}
