/** A connection of somebody in a hub: what it says, and what it hears. */
import type {
  Effect,
  PageRequest,
  SearchRequest,
} from "../../src/chat/effects.ts";
import type { ConnectionId, Input, Moment } from "../../src/chat/input.ts";
import { readClientObject } from "../../src/wire/client.ts";
import type { ServerMessage } from "../../src/wire/server.ts";

export type Enter = Extract<Effect, { kind: "enter" }>;

/**
 * The one answer to a request; what the server would read from the store first stands here as what
 * it would read.
 */
export type Reply =
  | ServerMessage
  | ({ readonly type: "page" } & PageRequest)
  | ({ readonly type: "search" } & SearchRequest);

/** The fingerprint of somebody in these tests. */
export function keyOf(who: string): string {
  return `SHA256:${who}`;
}

/** What a visitor needs of the scene. */
export interface Stage {
  readonly now: Moment;
  put(input: Input): void;
  turn(): Promise<unknown>;
}

/** A connection of somebody. */
export class Visitor {
  readonly id: ConnectionId;
  readonly #stage: Stage;
  /** Everything that it gets, since it was last asked for. */
  inbox: ServerMessage[] = [];
  /** Where it entered: rooms and conversations that it hears, by key. */
  readonly hears = new Map<string, Enter>();
  readonly replies = new Map<string, Reply>();
  bye: ServerMessage | undefined;
  #requests = 0;

  constructor(id: ConnectionId, stage: Stage) {
    this.id = id;
    this.#stage = stage;
  }

  /** Puts a message in without ending the turn. */
  put(message: Record<string, unknown>): void {
    this.#stage.put({
      kind: "message",
      at: this.#stage.now,
      connection: this.id,
      message: readClientObject(message),
    });
  }

  async send(message: Record<string, unknown>): Promise<void> {
    this.put(message);
    await this.#stage.turn();
  }

  /** Sends a message with an id, and returns the answer to it. */
  async ask(message: Record<string, unknown>): Promise<Reply> {
    const id = `request-${this.id.split("/")[1]}-${++this.#requests}`;
    await this.send({ id, ...message });
    return this.replies.get(`${message.id ?? id}`)!;
  }

  /** Says a text, or does a command; returns the answer. */
  says(txt: string, place: Record<string, unknown> = {}): Promise<Reply> {
    return this.ask({ type: "chat", txt, ...place });
  }

  /** As {@linkcode says}; returns just the answer's type, or of an error the code. */
  async tries(
    txt: string,
    place: Record<string, unknown> = {},
  ): Promise<string> {
    return outcomeOf(await this.says(txt, place));
  }

  /** What it got since this was last asked. */
  take(): ServerMessage[] {
    const taken = this.inbox;
    this.inbox = [];
    return taken;
  }

  /** Of what it got those of one type. */
  takeOf<T extends ServerMessage["type"]>(
    type: T,
  ): Extract<ServerMessage, { type: T }>[] {
    return this.take().filter((
      one,
    ): one is Extract<ServerMessage, { type: T }> => one.type === type);
  }

  /** The connection ends. */
  async leaves(how: "closed" | "cut"): Promise<void> {
    const at = this.#stage.now;
    this.#stage.put({ kind: "close", at, connection: this.id, how });
    await this.#stage.turn();
  }
}

/** The type of an answer, or of an error the code. */
export function outcomeOf(reply: Reply | undefined): string {
  if (reply === undefined) return "nothing";
  return reply.type === "error" ? reply.code : reply.type;
}
