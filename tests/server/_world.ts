/**
 * A server without sockets: hub, turns and delivery as they are, a store that obeys, sinks that
 * remember, a clock that stands still.
 */
import type { Effect } from "../../src/chat/effects.ts";
import { Hub } from "../../src/chat/hub.ts";
import {
  type ConnectionId,
  connectionId,
  type Input,
  type Moment,
} from "../../src/chat/input.ts";
import { ConfabError, describeError } from "../../src/base/errors.ts";
import { Delivery } from "../../src/delivery/delivery.ts";
import { TurnLoop } from "../../src/server/turn_loop.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Chat, ErrorMessage, History } from "../../src/wire/server.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { type Message, Peer } from "./_peer.ts";
import type { SinkOptions } from "./_sink.ts";
import { TestStore } from "./_store.ts";

export { Peer };

export const ANN = "SHA256:ann";
export const BOB = "SHA256:bob";

/** What the turn loop said of its turns, in order. */
export type Report =
  | { readonly what: "not stored"; readonly error: string; failed: number }
  | { readonly what: "stores again"; readonly failed: number }
  | { readonly what: "failed"; readonly event: string };

/** Delivers, and lets a test look at what is delivered. */
class WatchedDelivery extends Delivery {
  watch: (effects: readonly Effect[]) => readonly Effect[] = (effects) =>
    effects;
  afterwards: () => void = () => {};
  /** What was followed and is new here. */
  foreign: (entries: readonly Entry[]) => void = () => {};

  /** What went wrong while delivering: it is thrown where a test waits. */
  fault: unknown;

  override deliver(effects: readonly Effect[]): void {
    try {
      // As over a network: the delivery gets nothing of the hub's own.
      super.deliver(this.watch(structuredClone(effects)));
      this.afterwards();
    } catch (error) {
      this.fault ??= error;
    }
  }

  override follow(entries: readonly Entry[]): readonly Entry[] {
    const foreign = super.follow(entries);
    this.foreign(foreign);
    return foreign;
  }
}

export class World {
  readonly clock = new FakeClock();
  readonly store: TestStore;
  readonly hub: Hub;
  readonly delivery: WatchedDelivery;
  readonly turns: TurnLoop;
  readonly reports: Report[] = [];
  /** Those whose messages were not stored, a list for each turn. */
  readonly notStoredOf: ConnectionId[][] = [];
  readonly peers: Peer[] = [];
  /** Turns in which messages were stored. */
  storedTurns = 0;
  /** How long each turn took. */
  readonly turnTimesMs: number[] = [];
  /** Everything that was put into the hub, and where its turns were taken. */
  readonly log: (Input | "turn")[] = [];

  private constructor(store: TestStore) {
    this.store = store;
    this.hub = new Hub({ server: "test", version: "1", directory: store });
    this.delivery = new WatchedDelivery({
      journal: store,
      directory: store,
      onCaughtUp: (connection, room) =>
        this.put({ kind: "caught-up", at: this.now, connection, room }),
      onFault: (id, error) => {
        this.peer(id).sink.end();
        // Only what the store refuses is no fault of the program.
        if (!(error instanceof ConfabError)) this.delivery.fault ??= error;
      },
    });
    const { hub, log } = this;
    this.turns = new TurnLoop({
      hub: {
        handle(input) {
          log.push(input);
          // As over a network: the hub gets nothing of the server's own.
          hub.handle(structuredClone(input));
        },
        takeTurn() {
          log.push("turn");
          return hub.takeTurn();
        },
        get pendingEffects() {
          return hub.pendingEffects;
        },
      },
      store,
      delivery: this.delivery,
      watcher: this,
      now: () => this.clock.monotonic(),
    });
  }

  /** A server on a store that may hold something already. */
  static open(store: TestStore = new TestStore()): Promise<World> {
    return Promise.resolve(new World(store));
  }

  get now(): Moment {
    const { clock } = this;
    return { wall: clock.wall(), monotonic: clock.monotonic() };
  }

  put(input: Input): void {
    this.turns.put(input);
  }

  peer(id: ConnectionId): Peer {
    return this.peers.find((peer) => peer.id === id)!;
  }

  /** A connection; `key` is a person's fingerprint, none a guest's. */
  connect(key?: string, options: SinkOptions = {}): Peer {
    const id = connectionId("1", this.peers.length + 1);
    const peer = new Peer(this, id, key, options);
    this.peers.push(peer);
    this.delivery.add(id, peer.sink);
    this.put({
      kind: "open",
      at: this.now,
      connection: id,
      peer: {
        ...(key === undefined ? {} : { key }),
        address: "192.0.2.1",
        ip: "192.0.2.1",
        isLocal: false,
      },
    });
    return peer;
  }

  /** A connection that has said hello, and has heard everything about that. */
  async enter(
    key?: string,
    hello: Record<string, unknown> = {},
    options: SinkOptions = {},
  ): Promise<Peer> {
    const peer = this.connect(key, options);
    peer.send({ type: "hello", ...hello });
    await this.settled();
    return peer;
  }

  /** Resolves when all that was put in is delivered, and read where nobody is slow. */
  async settled(): Promise<void> {
    await this.turns.done();
    await eventLoopTurn();
    await this.turns.done();
    await eventLoopTurn();
    await this.turns.done();
    if (this.delivery.fault !== undefined) throw this.delivery.fault;
  }

  /** Time goes by, and the hub hears of it. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.put({ kind: "tick", at: this.now });
    await this.settled();
  }

  /** Lets the turns follow the store, as a server does. */
  follow(): { stop(): Promise<void> } {
    const following = this.store.follow()[Symbol.asyncIterator]();
    const running = (async () => {
      for (;;) {
        const { done, value } = await following.next();
        if (done) return;
        this.turns.followed(value.entries);
      }
    })();
    return {
      async stop() {
        await following.return?.();
        await running;
      },
    };
  }

  /** Names of the people of a room, as one who is there would be told; none where nobody is. */
  async namesIn(room: string): Promise<string[]> {
    await this.settled();
    for (const { id: connection } of this.peers) {
      this.hub.handle({ kind: "caught-up", at: this.now, connection, room });
      const [effect] = this.hub.takeTurn().effects;
      this.hub.handle({ kind: "committed" });
      if (effect?.kind !== "refresh") continue;
      if (effect.message.type !== "users") continue;
      return effect.message.users.map(({ name }) => name);
    }
    return [];
  }

  // ---- The turn loop's watcher ----

  turned(
    { entries, turnMs }: { readonly entries: number; readonly turnMs: number },
  ): void {
    this.turnTimesMs.push(turnMs);
    if (entries > 0) this.storedTurns++;
  }

  notStored(
    error: unknown,
    authors: ReadonlySet<ConnectionId>,
    failed: number,
  ): void {
    this.reports.push({
      what: "not stored",
      error: describeError(error),
      failed,
    });
    this.notStoredOf.push([...authors]);
  }

  storesAgain(failed: number): void {
    this.reports.push({ what: "stores again", failed });
  }

  failed(event: string): void {
    this.reports.push({ what: "failed", event });
  }
}

/** Seqs of the messages in a list: of chats, and of those in pages of history. */
export function seqsOf(messages: readonly Message[]): number[] {
  return messages.flatMap((message) => {
    if (message.type === "chat") return [(message as Chat).seq];
    if (message.type !== "history") return [];
    return (message as History).messages.map(({ seq }) => seq!);
  });
}

/** Codes of the errors in a list. */
export function codesOf(messages: readonly Message[]): string[] {
  return messages.filter(({ type }) => type === "error").map((message) =>
    (message as ErrorMessage).code
  );
}

/** A server with two people in the lobby, who have heard everything. */
export async function withTwo(): Promise<[World, Peer, Peer]> {
  const world = await World.open();
  const ann = await world.enter(ANN, { name: "ann" });
  const bob = await world.enter(BOB, { name: "bob" });
  ann.take();
  bob.take();
  return [world, ann, bob];
}

/** The numbers from one to another. */
export function range(first: number, last: number): number[] {
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, at) => first + at,
  );
}

/** What an `ack` or an `error` says, in short. */
export function answers(peer: Peer): string[] {
  return peer.take().flatMap((message) => {
    if (message.type === "ack") return [`ack ${message.id} ${message.seq}`];
    return message.type === "error" ? [`${message.code} ${message.id}`] : [];
  });
}
