/** One connection of a {@linkcode World}: what it says, and what it was told. */
import type { ConnectionId } from "../../src/chat/effects.ts";
import { readClientObject } from "../../src/wire/client.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { type OutletOptions, TestOutlet } from "./_outlet.ts";
import type { World } from "./_world.ts";

export type Message = ServerMessage | { readonly type: "unknown" };

export class Peer {
  readonly id: ConnectionId;
  readonly key: string | undefined;
  readonly outlet: TestOutlet;
  isGone = false;
  readonly #world: World;
  #taken = 0;

  constructor(
    world: World,
    id: ConnectionId,
    key: string | undefined,
    options: Partial<OutletOptions>,
  ) {
    this.#world = world;
    this.id = id;
    this.key = key;
    this.outlet = new TestOutlet({
      onDrained: () => world.delivery.drained(id),
      onEnd: () => queueMicrotask(() => this.#leave("closed")),
      ...options,
    });
  }

  /** Sends a message, as JSON has it. */
  send(fields: Record<string, unknown>): void {
    const message = readClientObject(fields);
    this.#world.turns.input(() => this.#world.hub.message(this.id, message));
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
    this.outlet.isEnded = true;
    this.#leave("cut");
  }

  /** What was received since the last call. */
  take(): Message[] {
    const all = this.outlet.received().map(({ message }) => message);
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
    const { turns, delivery, hub } = this.#world;
    turns.input(() => {
      delivery.remove(this.id);
      hub.close(this.id, how);
    });
  }
}
