/** A client without a server: a test says what arrives, and sees what was asked. */
import type { ClientEvent, Request } from "../../src/client/client.ts";
import { EventQueue } from "../../src/client/event_queue.ts";
import { ConfabError } from "../../src/base/errors.ts";
import type { ServerMessage } from "../../src/wire/server.ts";

type Message = Extract<ClientEvent, { kind: "message" }>["message"];

export class FakeClient implements AsyncIterable<ClientEvent> {
  name = "ann";
  current = "lobby";
  rooms = ["lobby"];
  readonly asked: (Request & { id?: string })[] = [];
  readonly told: unknown[] = [];
  readonly #events = new EventQueue<ClientEvent>(100_000);
  readonly #waiting = new Map<
    string,
    { resolve(answer: ServerMessage): void; reject(error: ConfabError): void }
  >();
  #seq = 0;

  request(request: Request): Promise<ServerMessage> {
    this.asked.push(request);
    return new Promise((resolve, reject) =>
      this.#waiting.set(request.id ?? "", { resolve, reject })
    );
  }

  tell(message: unknown): void {
    this.told.push(message);
  }

  close(): Promise<void> {
    for (const { reject } of this.#waiting.values()) {
      reject(new ConfabError("closed", "the client was closed"));
    }
    this.#events.push({ kind: "ended", error: undefined });
    this.#events.end();
    return Promise.resolve();
  }

  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#events;
  }

  // ---- The server ----

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
    this.hear({ type: "chat", room, from, txt, seq: ++this.#seq, at });
  }

  /** Answers what was asked under an id. */
  answer(id: string, message: ServerMessage): void {
    this.hear(message);
    this.#waiting.get(id)?.resolve(message);
    this.#waiting.delete(id);
  }

  /** Acknowledges the oldest chat that has no ack yet. */
  ack(at: number): void {
    const chat = this.asked.find((one) =>
      one.type === "chat" && this.#waiting.has(one.id ?? "")
    );
    if (chat?.type !== "chat") return;
    const place = chat.to === undefined
      ? { room: chat.room ?? "lobby" }
      : { to: chat.to };
    const seq = ++this.#seq;
    this.answer(chat.id!, { type: "ack", id: chat.id!, ...place, seq, at });
  }

  refuse(id: string, error: ConfabError): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }
}
