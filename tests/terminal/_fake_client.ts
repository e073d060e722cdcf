/** A client without a server: a test says what arrives, and sees what was asked. */
import type {
  Asked,
  ClientEvent,
  Request,
  RequestOptions,
} from "../../src/client/client.ts";
import { EventQueue } from "../../src/client/event_queue.ts";
import { RequestTable } from "../../src/client/request_table.ts";
import { ConfabError } from "../../src/base/errors.ts";
import type { ServerMessage, Stored } from "../../src/wire/server.ts";

type Message = Extract<ClientEvent, { kind: "message" }>["message"];

export class FakeClient implements AsyncIterable<ClientEvent> {
  name = "ann";
  current = "lobby";
  rooms = ["lobby"];
  /** Requests with their ids, which are `id-1`, `id-2`, … */
  readonly asked: Asked[] = [];
  /** The same as they were put on connections, some more than once. */
  readonly sent: Asked[] = [];
  readonly told: unknown[] = [];
  /** How often the next try was to come at once. */
  hastened = 0;
  pingedAt: number | undefined;
  readonly #events = new EventQueue<ClientEvent>({
    events: 100_000,
    bytes: Infinity,
  });
  readonly #requests = new RequestTable();
  /** Of the last message in each place. */
  readonly #seqs = new Map<string, number>();

  constructor() {
    this.reconnect();
  }

  get waiting(): readonly Asked[] {
    return this.#requests.waiting;
  }

  request(
    request: Request,
    { settles, ...booking }: RequestOptions = {},
  ): Promise<ServerMessage> {
    const asked = { ...request, id: `id-${this.asked.length + 1}` };
    this.asked.push(asked);
    return settles === "after-events"
      ? this.#requests.ask(asked, {
        ...booking,
        settle: (callback) => this.#events.whenTaken(callback),
      })
      : this.#requests.ask(asked, booking);
  }

  tell(message: unknown): void {
    this.told.push(message);
  }

  hasten(): void {
    this.hastened++;
  }

  close(): Promise<void> {
    this.#requests.end(new ConfabError("closed", "the client was closed"));
    this.#events.push({ kind: "ended", error: undefined });
    this.#events.end();
    return Promise.resolve();
  }

  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#events;
  }

  /** Events that wait to be taken. */
  get untaken(): number {
    return this.#events.length;
  }

  // ---- The server ----

  /** The connection ends: nothing is sent until there is another. */
  cut(): void {
    this.#requests.cut();
  }

  reconnect(): void {
    this.#requests.connected((asked) => this.sent.push(asked));
  }

  push(event: ClientEvent): void {
    this.#events.push(event);
  }

  /** There is a connection. */
  connect(isFirst: boolean): void {
    const { name, current: room } = this;
    this.push({
      kind: "connected",
      isFirst,
      welcome: { type: "welcome", name, server: "test", version: "0", room },
    });
  }

  hear(message: Message): void {
    this.push({ kind: "message", message });
  }

  /** Somebody says something in a room. */
  say(from: string, txt: string, at: number, room = "lobby"): void {
    this.hear({ type: "chat", room, from, txt, seq: this.#next(room), at });
  }

  /** The seq of the next message in a place. */
  #next(place: string): number {
    const seq = (this.#seqs.get(place) ?? 0) + 1;
    this.#seqs.set(place, seq);
    return seq;
  }

  /** A page of a replay. */
  replay(
    messages: readonly Stored[],
    { isReplay = true, room = "lobby" } = {},
  ): void {
    const history = { type: "history", room, more: false } as const;
    this.push({
      kind: "history",
      history: { ...history, messages: [...messages] },
      fresh: messages,
      isReplay,
    });
    for (const message of messages) this.#requests.acknowledge(message);
  }

  /** Answers what was asked under an id. */
  answer(id: string, message: ServerMessage): void {
    this.#requests.answer(id, message);
  }

  /** Acknowledges the oldest chat that has no ack yet. */
  ack(at: number): void {
    const chat = this.waiting.find(({ type }) => type === "chat");
    if (chat?.type !== "chat") return;
    const place = chat.to === undefined
      ? { room: chat.room ?? "lobby" }
      : { to: chat.to };
    const seq = this.#next(chat.to === undefined ? place.room! : `@${chat.to}`);
    this.answer(chat.id, { type: "ack", id: chat.id, ...place, seq, at });
  }

  refuse(id: string, { code, message: text }: ConfabError): void {
    this.answer(id, { type: "error", code, text, id });
  }
}
