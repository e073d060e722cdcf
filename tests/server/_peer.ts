/** One connection of a {@linkcode World}: what it says, and what it was told. */
import type { ConnectionId, Input } from "../../src/chat/input.ts";
import { readClientObject } from "../../src/wire/client.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { type SinkOptions, TestSink } from "./_sink.ts";
import type { World } from "./_world.ts";

export type Message = ServerMessage | { readonly type: "unknown" };

export class Peer {
  readonly id: ConnectionId;
  readonly key: string | undefined;
  readonly sink: TestSink;
  isGone = false;
  readonly #world: World;
  #taken = 0;
  /** What it says before it is open. */
  #early: Input[] | undefined = [];

  constructor(
    world: World,
    id: ConnectionId,
    key: string | undefined,
    options: SinkOptions,
  ) {
    this.#world = world;
    this.id = id;
    this.key = key;
    this.sink = new TestSink({
      onDrained: () => world.delivery.drained(id),
      onOpened: (recall) => void this.#open(recall),
      onEnd: () => queueMicrotask(() => this.#leave("closed")),
      ...options,
    });
  }

  /** Sends a message, as JSON has it; what comes before the connection is open waits. */
  send(fields: Record<string, unknown>): void {
    const input: Input = {
      kind: "message",
      at: this.#world.now,
      connection: this.id,
      message: readClientObject(fields),
    };
    if (this.#early === undefined) this.#world.put(input);
    else this.#early.push(input);
  }

  async #open(recall: string | undefined): Promise<void> {
    if (recall !== undefined) {
      const entries = await this.#world.store.recentOf(recall, 1_024);
      const { now: at } = this.#world;
      this.#world.put({ kind: "recalled", at, connection: this.id, entries });
    }
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const input of early) this.#world.put(input);
  }

  say(txt: string, more: Record<string, unknown> = {}): void {
    this.send({ type: "chat", txt, ...more });
  }

  command(name: string, args = "", id?: string): void {
    const withId = id === undefined ? {} : { id };
    this.send({ type: "command", name, args, ...withId });
  }

  /** The connection ends without a goodbye. */
  cut(): void {
    this.sink.isEnded = true;
    this.#leave("cut");
  }

  /** What was received since the last call. */
  take(): Message[] {
    const all = this.sink.received().map(({ message }) => message);
    const fresh = all.slice(this.#taken);
    this.#taken = all.length;
    return fresh;
  }

  /** As {@linkcode take}, what is of one type. */
  takeOf<T extends ServerMessage["type"]>(
    type: T,
  ): Extract<ServerMessage, { type: T }>[] {
    return this.take().filter((
      message,
    ): message is Extract<ServerMessage, { type: T }> => message.type === type);
  }

  #leave(how: "closed" | "cut"): void {
    if (this.isGone) return;
    this.isGone = true;
    const { delivery, now: at } = this.#world;
    delivery.remove(this.id);
    this.#world.put({ kind: "close", at, connection: this.id, how });
  }
}
