/**
 * People in a hub, a clock that a test moves, a store in memory: whatever somebody does is a turn,
 * and what everyone hears is kept.
 */
import { assertEquals } from "@std/assert";
import { given } from "../../src/base/given.ts";
import type {
  Audit,
  Effect,
  StopRequest,
  Turn,
} from "../../src/chat/effects.ts";
import type { GateOptions } from "../../src/chat/gate_options.ts";
import { Hub } from "../../src/chat/hub.ts";
import {
  type ConnectionId,
  connectionId,
  type Input,
  type Moment,
  type Peer,
} from "../../src/chat/input.ts";
import { MemoryStore } from "../_memory_store.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { FakeClock } from "../_fake_clock.ts";
import { keyOf, type Reply, Visitor } from "./_visitor.ts";

export interface SceneOptions {
  /** Who may do everything; `keyOf` makes the keys. */
  readonly admins?: readonly string[];
  readonly gate?: GateOptions;
  /** People whom an address may have put on lists of rooms in a day. */
  readonly listedPerDay?: number;
}

export class Scene {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly #options: SceneOptions;
  hub: Hub;
  /** What was noted for the operator of the server. */
  readonly audits: Audit[] = [];
  /** What each connection watches of the server. */
  readonly watched = new Map<ConnectionId, readonly string[]>();
  /** Who wanted the server to stop. */
  readonly stops: StopRequest[] = [];
  readonly #visitors = new Map<ConnectionId, Visitor>();
  #lastId = 0;
  /** Inputs of the present turn. */
  #inputs: Input[] = [];

  constructor(options: SceneOptions = {}) {
    this.#options = options;
    this.hub = this.#newHub();
  }

  /** Somebody connects, and says nothing. */
  async opens(
    peer: Omit<Peer, "isLocal" | "ip">,
  ): Promise<Visitor> {
    const id = connectionId("1", ++this.#lastId);
    const visitor = new Visitor(id, this);
    this.#visitors.set(id, visitor);
    const isLocal = /^(127\.|0:0:0:0::)/.test(peer.address);
    this.put({
      kind: "open",
      at: this.now,
      connection: id,
      peer: { ip: peer.address, ...peer, isLocal },
    });
    const { effects } = await this.turn();
    const opened = effects.find((effect) => effect.kind === "opened");
    if (opened?.recall !== undefined) {
      const entries = await this.store.recentOf(opened.recall, 1_024);
      this.put({ kind: "recalled", at: this.now, connection: id, entries });
    }
    return visitor;
  }

  get now(): Moment {
    const { clock } = this;
    return { wall: clock.wall(), monotonic: clock.monotonic() };
  }

  /** Puts an input in, within the present turn. */
  put(input: Input): void {
    this.#inputs.push(input);
    this.hub.handle(input);
  }

  /**
   * Somebody with a key connects and says hello; `who` is the name, unless the hello says another.
   */
  async person(
    who: string,
    hello: Record<string, unknown> = {},
  ): Promise<Visitor> {
    const visitor = await this.opens({ key: keyOf(who), address: "10.0.0.1" });
    await visitor.send({ type: "hello", name: who, ...hello });
    return visitor;
  }

  /** A guest connects and says hello. */
  async guest(
    name: string,
    address = "127.0.0.1",
    hello: Record<string, unknown> = {},
  ): Promise<Visitor> {
    const visitor = await this.opens({ address });
    await visitor.send({ type: "hello", name, ...hello });
    return visitor;
  }

  /** The turn ends and is kept. */
  async turn(): Promise<Turn> {
    const turn = this.hub.takeTurn();
    await this.store.commit(turn.commit);
    this.#committed(turn);
    return turn;
  }

  /** The turn ends and is not kept. */
  lostTurn(): Turn {
    this.hub.takeTurn();
    this.hub.handle({ kind: "failed" });
    for (const input of this.#inputs) this.hub.handle(input);
    const rest = this.hub.takeTurn();
    assertEquals(rest.commit, { appends: [], writes: [] });
    this.#committed(rest);
    return rest;
  }

  /** The turn that was taken met what others had written: it is tried again. */
  triesAgain(): void {
    this.hub.handle({ kind: "failed", conflict: { heads: [], records: [] } });
    for (const input of this.#inputs) this.hub.handle(input);
  }

  #committed({ effects }: Turn): void {
    this.hub.handle({ kind: "committed" });
    this.#inputs = [];
    this.#deliver(effects);
  }

  /** Time goes by, and the hub is told so. */
  async waits(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.put({ kind: "tick", at: this.now });
    await this.turn();
  }

  /** The server starts again with what is stored; nobody is connected. */
  restarts(): Promise<void> {
    this.#visitors.clear();
    this.#inputs = [];
    this.hub = this.#newHub();
    return Promise.resolve();
  }

  /** Names of the people of a room; nothing where there are none. */
  namesIn(room: string): string[] {
    const [somebody] = this.#hearing(room);
    if (somebody === undefined) return [];
    const { id } = somebody;
    this.hub.handle({ kind: "caught-up", at: this.now, connection: id, room });
    const { effects } = this.hub.takeTurn();
    // In the midst of a turn this is what it would come to; only a lost one may follow.
    if (this.#inputs.length === 0) this.hub.handle({ kind: "committed" });
    const users = effects.findLast(({ kind }) => kind === "refresh");
    if (users?.kind !== "refresh" || users.message.type !== "users") return [];
    return users.message.users.map(({ name }) => name);
  }

  #newHub(): Hub {
    const admins = (this.#options.admins ?? []).map(keyOf);
    const { gate = {}, listedPerDay } = this.#options;
    const directory = this.store;
    return new Hub({
      ...{ server: "s", version: "1", directory, admins, gate },
      ...given({ listedPerDay }),
    });
  }

  // ---- Who gets what: as the server delivers to those who read at once ----

  #deliver(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "append") this.#append(effect);
      else if (effect.kind === "announce") {
        this.#hearing(effect.room).forEach((one) =>
          one.inbox.push(effect.message)
        );
      } else if (effect.kind === "tell") {
        for (const id of effect.to) this.#give(id, effect.message);
      } else if (effect.kind === "answer" || effect.kind === "refresh") {
        this.#give(effect.to, effect.message);
      } else if (effect.kind === "enter") {
        const visitor = this.#visitors.get(effect.connection)!;
        visitor.hears.set(effect.room, effect);
        visitor.inbox.push(...effect.first);
      } else if (effect.kind === "exit") {
        this.#visitors.get(effect.connection)?.hears.delete(effect.room);
      } else if (effect.kind === "audit") this.audits.push(effect.audit);
      else if (effect.kind === "watch") {
        this.watched.set(effect.connection, effect.what);
      } else if (effect.kind === "stop") {
        const { by, why } = effect;
        this.stops.push({ by, ...given({ why }) });
      } else if (effect.kind === "page") {
        this.#reply(effect.to, { type: "page", ...effect.page });
      } else if (effect.kind === "search") {
        this.#reply(effect.to, { type: "search", ...effect.search });
      } else if (effect.kind === "end") {
        const visitor = this.#visitors.get(effect.connection);
        if (visitor !== undefined) visitor.bye = effect.bye;
        this.#visitors.delete(effect.connection);
      }
    }
  }

  #append({ author, entry, ack }: Extract<Effect, { kind: "append" }>): void {
    const { room, from, body: txt, seq, at, to } = entry;
    for (const visitor of this.#hearing(room)) {
      if (visitor.id === author) continue;
      const { name } = visitor.hears.get(room)!;
      visitor.inbox.push(
        to === undefined
          ? { type: "chat", room: name, from, txt, seq, at }
          : { type: "private", from, to, txt, seq, at },
      );
    }
    const { id } = ack;
    if (id === undefined) return;
    this.#give(author, { type: "ack", ...ack, id, seq, at });
  }

  #hearing(room: string): Visitor[] {
    return [...this.#visitors.values()].filter((one) => one.hears.has(room));
  }

  #give(to: ConnectionId, message: ServerMessage): void {
    this.#visitors.get(to)?.inbox.push(message);
    this.#reply(to, message);
  }

  #reply(to: ConnectionId, reply: Reply): void {
    if (!("id" in reply) || reply.id === undefined) return;
    this.#visitors.get(to)?.replies.set(reply.id, reply);
  }
}
