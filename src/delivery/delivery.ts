/**
 * The delivery: brings to each connection what a committed turn has for it, in the order in which
 * it happened. Joining, resuming, reading slowly and hearing live are the one loop of its cursors.
 */
import { SEARCH_PRICED_MS, SEARCH_TOKEN_MS } from "../base/limits.ts";
import type { Audit, Effect, StopRequest } from "../chat/effects.ts";
import type { ConnectionId } from "../chat/input.ts";
import type { Directory, Entry } from "../store/store.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { Watched } from "../wire/watched.ts";
import { entryMessage, readFound, readPage } from "./pages.ts";
import { readLast } from "./ring.ts";
import { Rooms } from "./rooms.ts";
import type { Sink } from "./sink.ts";
import { Subscriber, type SubscriberOptions } from "./subscriber.ts";
import { TurnItems } from "./turn_items.ts";

type EffectOf<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;
/** What concerns one connection alone. */
type Direct = Exclude<
  Effect,
  { kind: "append" | "announce" | "tell" | "named" | "audit" | "stop" }
>;

export interface DeliveryOptions extends SubscriberOptions {
  /** Knows how far rooms are committed. */
  readonly directory: Pick<Directory, "headOf">;
  /** What somebody who may has done is committed. */
  readonly onAudit?: (audit: Audit) => void;
  /** A connection watches this of the server from now on, or nothing any more. */
  readonly onWatch?: (
    id: ConnectionId,
    what: readonly Watched[],
    sink: Sink,
  ) => void;
  /** An administrator wants the server to stop, and was answered. */
  readonly onStop?: (request: StopRequest) => void;
  /** Whether authors get their own chats, too. */
  readonly echo?: "on" | "off";
}

/** Told to many, these are the same for each of them in every dialect. */
const SAME_FOR_ALL: ReadonlySet<ServerMessage["type"]> = new Set(
  ["typing", "read", "notice", "users", "renamed"] as const,
);

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #rooms: Rooms;
  readonly #subscribers = new Map<ConnectionId, Subscriber>();
  /** Those for whom the present turn has something of their own. */
  readonly #reached = new Set<Subscriber>();
  #turn = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#rooms = new Rooms(options.directory);
  }

  add(id: ConnectionId, sink: Sink): void {
    const subscriber = new Subscriber(id, sink, this.#rooms, this.#options);
    this.#subscribers.set(id, subscriber);
  }

  remove(id: ConnectionId): void {
    this.#subscribers.get(id)?.remove();
    this.#subscribers.delete(id);
  }

  /** The connection's sink has space again. */
  drained(id: ConnectionId): void {
    const subscriber = this.#subscribers.get(id);
    subscriber?.feed();
    subscriber?.sink.flush();
  }

  /** Resolves when all that a connection asked is answered. */
  async answered(id: ConnectionId): Promise<void> {
    await this.#subscribers.get(id)?.answered();
  }

  /** Whether somebody hears a room, or did in this turn. */
  isHeard(room: string): boolean {
    return this.#rooms.has(room);
  }

  /** The rooms that a connection hears, and whether it is behind in one. */
  describe(id: ConnectionId): { rooms: string[]; isBehind: boolean } {
    return this.#subscribers.get(id)?.describe() ??
      { rooms: [], isBehind: false };
  }

  /** Whether it does not hear everything live. */
  isBehind(id: ConnectionId): boolean {
    return this.#subscribers.get(id)?.isBehind ?? false;
  }

  /** Rooms that somebody hears. */
  get roomsHeard(): number {
    return this.#rooms.heard;
  }

  /**
   * Reads what the turn's newcomers will be shown first, so that {@linkcode deliver} has it at
   * hand. Called before the turn is delivered.
   */
  async prepare(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      if (effect.kind !== "enter" || this.#rooms.has(effect.room)) continue;
      const { room, name } = effect;
      const buffer = this.#rooms.open(room, name);
      if (buffer.head === 0) continue;
      const last = await readLast(this.#options.journal, room, buffer.head);
      this.#rooms.prime(buffer, last);
    }
  }

  /** Whether {@linkcode prepare} has anything to do. */
  needsPreparation(effects: readonly Effect[]): boolean {
    return effects.some((effect) =>
      effect.kind === "enter" && !this.#rooms.has(effect.room)
    );
  }

  /** Delivers a committed turn: each connection gets its part in order, and in one flush. */
  deliver(effects: readonly Effect[]): void {
    for (const effect of effects) this.#walk(effect);
    this.#finish();
    this.#rooms.sweep();
  }

  /**
   * Delivers what others wrote, ascending in each room; what is known already is passed over.
   *
   * @returns what was not known, or may not have been: of a room that nobody heard for long it is
   * not remembered.
   */
  follow(entries: readonly Entry[]): readonly Entry[] {
    // Whoever said it is not here, so nobody can know the key.
    const fresh = entries.filter((entry) =>
      this.#rooms.append(entry, "with-key")
    );
    this.#finish();
    return fresh;
  }

  // ---- A turn ----

  #walk(effect: Effect): void {
    switch (effect.kind) {
      case "append":
        return this.#append(effect);
      case "announce":
        return this.#rooms.announce(effect.room, effect.message);
      case "tell":
        return this.#tell(effect);
      case "audit":
        return this.#options.onAudit?.(effect.audit);
      case "stop":
        return this.#options.onStop?.(effect);
      case "named":
        for (const id of effect.connections) {
          this.#for(id, ({ sink }) => sink.named(effect.name));
        }
        return;
      default:
        this.#for(
          "to" in effect ? effect.to : effect.connection,
          (subscriber) => this.#direct(subscriber, effect),
        );
    }
  }

  /** What concerns one connection alone comes behind what its rooms have said so far. */
  #for(id: ConnectionId, act: (subscriber: Subscriber) => void): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber === undefined) return;
    this.#reached.add(subscriber);
    try {
      subscriber.hear();
      act(subscriber);
    } catch (error) {
      // A fault of this program must not take everyone with it.
      subscriber.fail(error);
    }
  }

  #append(effect: EffectOf<"append">): void {
    const { author, entry, ack: { id, ...place }, erases } = effect;
    const shown = effect.isLarge ? "with-key" : "without-key";
    if (!this.#subscribers.has(author)) {
      return void this.#rooms.append(entry, shown);
    }
    const { room, seq, at } = entry;
    this.#for(author, (subscriber) => {
      const isNew = this.#rooms.append(entry, shown);
      // That something was deleted everybody hears; only the message says which.
      if (erases !== undefined) subscriber.hear();
      // Split horizon: its author has what came before it, and knows it by its ack.
      const name = erases === undefined ? subscriber.skip(room) : undefined;
      if (id !== undefined) {
        subscriber.send({ type: "ack", id, ...place, seq, at }, "asked");
      }
      if (isNew && name !== undefined && this.#options.echo === "on") {
        subscriber.send(entryMessage(entry, name), "unasked");
      }
    });
  }

  #tell({ to, message }: EffectOf<"tell">): void {
    const items = new TurnItems();
    items.add("announcement", message);
    const isShared = to.length > 1 && SAME_FOR_ALL.has(message.type);
    for (const id of to) {
      this.#for(id, (subscriber) => {
        subscriber.tell(message, isShared ? items : undefined);
      });
    }
  }

  #direct(subscriber: Subscriber, effect: Direct): void {
    const { sink } = subscriber;
    const { journal } = this.#options;
    switch (effect.kind) {
      case "opened":
        return sink.opened(effect.recall);
      case "ready":
        return sink.ready(effect.name);
      case "answer":
        return subscriber.send(effect.message, "asked");
      case "refresh":
        return subscriber.send(effect.message, "unasked");
      case "enter":
        return subscriber.enter(effect);
      case "exit":
        return subscriber.exit(effect.room, effect.head);
      case "page": {
        const { person, page } = effect;
        const head = this.#rooms.headOf(page.room);
        const answer = () => readPage(journal, person, page, head);
        return subscriber.ask({ kind: "page", id: page.id, answer });
      }
      case "search": {
        const { person, search } = effect;
        const answer = async (signal: AbortSignal) => {
          const answer = await readFound(journal, person, search, signal);
          const overMs = answer.tookMs - SEARCH_PRICED_MS;
          if (overMs > 0) {
            subscriber.charge(Math.ceil(overMs / SEARCH_TOKEN_MS));
          }
          return answer.message;
        };
        return subscriber.ask({ kind: "search", id: search.id, answer });
      }
      case "watch":
        return this.#options.onWatch?.(effect.connection, effect.what, sink);
      case "end":
        return subscriber.end(effect.bye);
    }
  }

  #finish(): void {
    const turn = ++this.#turn;
    this.#rooms.finish(turn);
    for (const subscriber of this.#reached) subscriber.flush(turn);
    this.#reached.clear();
  }
}
