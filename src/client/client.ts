/**
 * The client core: connects, seals, says hello, comes back after a cut and resumes where it was.
 * A terminal, a pipe and a page stand on it, so it is free of `Deno.*`.
 */
import { delay } from "../base/clock.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import { EVENTS_MAX_BYTES } from "../base/limits.ts";
import type { ClientMessage } from "../wire/client.ts";
import { serverWords } from "../wire/foreign_words.ts";
import type { Bye, History, ServerMessage, Unknown } from "../wire/server.ts";
import { type Ending, isFinal } from "./ending.ts";
import type { ClientEvent } from "./event.ts";
import { EventQueue } from "./event_queue.ts";
import { type HelloFields, Link, type LinkOptions } from "./link.ts";
import type { Asked, Request, RequestOptions } from "./request_table.ts";
import { commandOf, RequestTable } from "./request_table.ts";
import { Pauses } from "./pauses.ts";
import { RoomState } from "./room_state.ts";

export type { ClientEvent } from "./event.ts";
export type { Asked, Request, RequestOptions } from "./request_table.ts";

export interface ClientOptions extends LinkOptions {
  readonly hello?: Omit<HelloFields, "resume"> & {
    /** Rooms to enter besides, as one was in them before this client was started. */
    readonly rooms?: readonly string[];
  };
  /** From 0 up to 1: spreads the moments at which clients come back. */
  readonly random: () => number;
  /** Makes the id of a message: unique among this person's. */
  readonly newId: () => string;
}

/** What waits for whoever iterates; while there is more, the server is not read from. */
const QUEUED = { events: 1_000, bytes: EVENTS_MAX_BYTES / 4 };
/** The same where that one cannot be waited for: they must not fill the memory all the same. */
const QUEUED_EVENTS_MAX = 10_000;
/** What a server announces of its key on one connection; more is not taken. */
const ANNOUNCEMENTS_MAX = 8;

export class Client implements AsyncIterable<ClientEvent>, AsyncDisposable {
  readonly #options: ClientOptions;
  readonly #events = new EventQueue<ClientEvent>(QUEUED);
  readonly #rooms = new RoomState();
  readonly #requests = new RequestTable();
  readonly #closing = new AbortController();
  #link: Link | undefined;
  #running = Promise.resolve();
  readonly #pauses: Pauses;
  /** The server wants to be left alone for so long. */
  #askedPauseMs = 0;
  /** Why there is no connection, for a person. */
  #reason = "";
  #endPause = () => {};

  private constructor(options: ClientOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.random);
  }

  /**
   * Connects for the first time.
   *
   * @throws {ConfabError} what {@linkcode Link.open} throws: this is not tried again.
   */
  static async connect(options: ClientOptions): Promise<Client> {
    const client = new Client(options);
    const { signal } = client.#closing;
    const { rooms = [], ...hello } = options.hello ?? {};
    client.#rooms.expect(rooms);
    const { resume } = client.#rooms.resume();
    const first = rooms.length === 0 ? hello : { ...hello, resume };
    const link = await Link.open(options, first, signal);
    client.#running = client.#run(link);
    return client;
  }

  /** The room where one's words go, as the server said it last; empty when there is none. */
  get current(): string {
    return this.#rooms.current;
  }

  get name(): string {
    return this.#rooms.name;
  }

  /** The rooms one is in, in the order of entering. After a reconnect they come back one by one. */
  get rooms(): string[] {
    return this.#rooms.rooms;
  }

  /** The requests that have no answer yet, in the order in which they were made. */
  get waiting(): readonly Asked[] {
    return this.#requests.waiting;
  }

  /** When the server was asked for a sign of life that has not come; monotonic milliseconds. */
  get pingedAt(): number | undefined {
    return this.#link?.pingedAt;
  }

  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#events;
  }

  /**
   * Asks something of the server, and resolves with its answer: an `ack`, or what else answers the
   * request, or what was said itself where that comes first. A chat survives a cut: it is sent
   * again, under the same id, until it is answered. What is too much at once is sent later.
   *
   * @throws {ConfabError} what {@linkcode RequestTable.ask} throws.
   */
  request(
    request: Request,
    { settles = "at-once", ...booking }: RequestOptions = {},
  ): Promise<ServerMessage> {
    const { current: room } = this;
    // It is meant for where one is now, wherever that is when it is sent.
    const isPlaced = request.type === "watch" ||
      request.room !== undefined || room === "" ||
      request.type === "chat" && request.to !== undefined;
    const id = request.id ?? this.#options.newId();
    const asked = isPlaced ? { ...request, id } : { ...request, room, id };
    const answer = this.#requests.ask(
      asked,
      settles === "at-once" ? booking : {
        ...booking,
        settle: (callback) => this.#events.whenTaken(callback),
      },
    );
    this.#events.wake();
    return answer;
  }

  /** Resolves when everything that was asked is answered, or will not be. */
  settled(): Promise<void> {
    return this.#requests.settled();
  }

  /** Sends something that has no answer. Without a connection it is dropped. */
  tell(message: Extract<ClientMessage, { type: "typing" | "read" }>): void {
    this.#link?.send(message);
  }

  /**
   * The network is there again, or the person: the next try comes at once, unless the server wants
   * to be left alone. A connection that there seems to be is asked for a sign of life.
   */
  hasten(): void {
    this.#link?.probe();
    this.#endPause();
  }

  /** Says goodbye and ends, whether its events are taken or not. May be called again. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#events.wake();
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
    let next: Link | Ending = first;
    for (let isFirst = true; next instanceof Link; isFirst = false) {
      this.#link = next;
      const ending: Ending = await this.#converse(next, isFirst);
      this.#link = undefined;
      this.#requests.cut();
      next = ending ?? await this.#reconnect();
    }
    this.#closing.abort();
    const closed = new ConfabError("closed", "the client was closed");
    this.#requests.end(next ?? closed);
    this.#events.push({ kind: "ended", error: next });
    this.#events.end();
  }

  /** Lives with one connection until it ends. */
  async #converse(link: Link, isFirst: boolean): Promise<Ending> {
    const { welcome } = link;
    this.#rooms.welcome(welcome);
    this.#events.push({ kind: "connected", welcome, isFirst });
    this.#note(link.note);
    this.#requests.connected((asked) => link.send(asked));
    if (this.#closing.signal.aborted) link.bye();
    this.#askedPauseMs = 0;
    this.#reason = "";
    const since = this.#options.clock.monotonic();
    const ending = await this.#hear(link);
    const livedMs = this.#options.clock.monotonic() - since;
    this.#pauses.ended(livedMs, this.#askedPauseMs);
    return ending;
  }

  async #hear(link: Link): Promise<Ending> {
    let announcements = 0;
    for await (const message of link.messages()) {
      if (message.type === "bye") return this.#dismissed(message);
      if (message.type === "next") {
        // Each may be written to the disk.
        if (++announcements > ANNOUNCEMENTS_MAX) continue;
        this.#note(await this.#options.learn?.(message.key));
        continue;
      }
      this.#take(message, link.messageBytes);
      await this.#events.whenRoom(() => this.#mayWait(link));
    }
    return undefined;
  }

  /** The server ends the connection. */
  #dismissed({ code, text, reconnectAfterMs }: Bye): Ending {
    if (this.#closing.signal.aborted) return undefined;
    const words = serverWords(text);
    if (code !== "restart") return new ConfabError("closed", words);
    this.#reason = words;
    this.#askedPauseMs = reconnectAfterMs ?? 0;
    return undefined;
  }

  /** Who waits for an answer is not waited for, and when all is over nobody is. */
  #mayWait(link: Link): boolean {
    const isTooMuch = this.#events.length >= QUEUED_EVENTS_MAX ||
      this.#events.bytes >= EVENTS_MAX_BYTES;
    if (!this.#closing.signal.aborted) {
      return isTooMuch || !this.#requests.hasQuestion;
    }
    if (isTooMuch) link.abort();
    return false;
  }

  /** Tries until there is a connection, the client is closed, or trying is of no use. */
  async #reconnect(): Promise<Link | Ending> {
    const { clock, hello } = this.#options;
    const { signal } = this.#closing;
    let isAsked = this.#askedPauseMs > 0;
    while (!signal.aborted) {
      const retryInMs = this.#pauses.next();
      const reason = this.#reason;
      this.#events.push({ kind: "disconnected", reason, retryInMs });
      const pause = new AbortController();
      if (!isAsked) this.#endPause = () => pause.abort();
      isAsked = false;
      await delay(clock, retryInMs, AbortSignal.any([signal, pause.signal]));
      this.#endPause = () => {};
      if (signal.aborted) break;
      try {
        // The person keeps the name that it has by now.
        const { name: _name, rooms: _rooms, ...rest } = hello ?? {};
        const resumed = { ...rest, ...this.#rooms.resume() };
        return await Link.open(this.#options, resumed, signal);
      } catch (error) {
        if (isFinal(error)) return error;
        this.#reason = describeError(error);
      }
    }
    return undefined;
  }

  #note(text: string | undefined): void {
    if (text !== undefined) this.#events.push({ kind: "note", text });
  }

  // ---- What the server says ----

  #take(message: Exclude<ServerMessage, Bye> | Unknown, bytes: number): void {
    if (message.type === "history" && message.id === undefined) {
      return this.#replay(message, bytes);
    }
    const isNew = this.#rooms.note(message);
    if (message.type === "unknown") return;
    const isSaid = message.type === "chat" || message.type === "private";
    if (!isSaid && "id" in message && message.id !== undefined) {
      return this.#answer(message.id, message);
    }
    if (isNew) this.#events.push({ kind: "message", message }, bytes);
    if (isSaid) this.#requests.acknowledge(message);
  }

  #replay(history: History, bytes: number): void {
    const noted = this.#rooms.noteHistory(history);
    this.#events.push({ kind: "history", history, ...noted }, bytes);
    for (const message of noted.fresh) this.#requests.acknowledge(message);
  }

  #answer(id: string, answer: ServerMessage): void {
    const asked = this.#requests.answer(id, answer);
    if (asked?.room !== undefined && this.#leadsOut(asked, answer)) {
      this.#rooms.leave(asked.room);
    }
  }

  /** Whether one is not (any more) in the room that something was meant for. */
  #leadsOut(asked: Asked, answer: ServerMessage): boolean {
    if (answer.type === "error") return answer.code === "no-room";
    const { name, args } = commandOf(asked) ?? { name: "", args: "" };
    // Where one is by now, the server has said before it answers.
    return answer.type === "ack" &&
      (/^(leave|part)$/i.test(name) ||
        /^join$/i.test(name) && !args.startsWith("+") &&
          asked.room !== this.current);
  }
}
