/** A server without sockets: hub, turns and delivery as they are, a store that obeys, outlets that remember, a clock that stands still. */
import { Hub } from "../../src/chat/hub.ts";
import type { ConnectionId, Effect } from "../../src/chat/effects.ts";
import { ConfabError } from "../../src/base/errors.ts";
import type { LogFields, LogLevel } from "../../src/base/log.ts";
import type { Entry } from "../../src/store/store.ts";
import { Delivery } from "../../src/delivery/delivery.ts";
import { TurnLoop } from "../../src/server/turn_loop.ts";
import type { Chat, ErrorMessage, History } from "../../src/wire/server.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import type { OutletOptions } from "./_outlet.ts";
import { type Message, Peer } from "./_peer.ts";
import { TestStore } from "./_store.ts";

export { Peer };

export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

/** Delivers, and lets a test look at what is delivered. */
class WatchedDelivery extends Delivery {
  watch: (effects: readonly Effect[]) => readonly Effect[] = (effects) =>
    effects;
  afterwards: () => void = () => {};

  /** What went wrong while delivering: it is thrown where a test waits. */
  fault: unknown;

  override deliver(effects: readonly Effect[]): void {
    try {
      super.deliver(this.watch(effects));
      this.afterwards();
    } catch (error) {
      this.fault ??= error;
    }
  }
}

export class World {
  readonly clock = new FakeClock();
  readonly store: TestStore;
  readonly hub: Hub;
  readonly delivery: WatchedDelivery;
  readonly turns: TurnLoop;
  readonly log: LogLine[] = [];
  /** Those whose messages were not stored, a set for each turn. */
  readonly notStored: ConnectionId[][] = [];
  readonly peers: Peer[] = [];
  /** Turns in which messages were stored. */
  storedTurns = 0;

  private constructor(
    store: TestStore,
    records: Awaited<ReturnType<TestStore["records"]>>,
    heads: Map<string, number>,
  ) {
    this.store = store;
    const { clock } = this;
    this.hub = new Hub({ server: "test", version: "1", clock, records, heads });
    this.delivery = new WatchedDelivery({
      journal: store,
      heads,
      usersOf: (room) => this.hub.usersOf(room),
      onFault: (id, error) => {
        this.peers[id - 1]!.outlet.end();
        // Only what the store refuses is no fault of the program.
        if (!(error instanceof ConfabError)) this.delivery.fault ??= error;
      },
    });
    const line = (level: LogLevel) => (event: string, fields = {}) =>
      void this.log.push({ level, event, fields });
    this.turns = new TurnLoop({
      hub: this.hub,
      store,
      delivery: this.delivery,
      log: {
        debug: line("debug"),
        info: line("info"),
        warn: line("warn"),
        error: line("error"),
      },
      onStored: () => this.storedTurns++,
      onNotStored: (authors) => this.notStored.push([...authors]),
    });
  }

  /** A server on a store that may hold something already. */
  static async open(store: TestStore = new TestStore()): Promise<World> {
    return new World(store, await store.records(), await store.heads());
  }

  /** A connection; `key` is a person's fingerprint, none a guest's. */
  async connect(
    key?: string,
    options: Partial<OutletOptions> = {},
  ): Promise<Peer> {
    const recent = key === undefined || this.hub.knows(key)
      ? []
      : await this.store.recentOf(key, 1_024);
    return this.connectNow(key, options, () => recent);
  }

  /** As {@linkcode connect}; `recentOf` gives a person's last messages with an id, newest first, or nothing: then it is cut. */
  connectNow(
    key: string | undefined,
    options: Partial<OutletOptions>,
    recentOf: (key: string) => readonly Entry[] | undefined,
  ): Peer {
    const peer = new Peer(this, this.peers.length + 1, key, options);
    this.peers.push(peer);
    this.delivery.add(peer.id, peer.outlet);
    this.turns.input(() => {
      const address = "192.0.2.1";
      if (key === undefined) return this.hub.open(peer.id, { address });
      const recent = this.hub.knows(key) ? [] : recentOf(key);
      if (recent === undefined) peer.cut();
      else this.hub.open(peer.id, { key, address }, recent);
    });
    return peer;
  }

  /** A connection that has said hello, and has heard everything about that. */
  async enter(
    key?: string,
    hello: Record<string, unknown> = {},
    options: Partial<OutletOptions> = {},
  ): Promise<Peer> {
    const peer = await this.connect(key, options);
    peer.send({ type: "hello", ...hello });
    await this.settled();
    return peer;
  }

  /** Resolves when all that was put in is delivered, and read where nobody is slow. */
  async settled(): Promise<void> {
    await this.turns.done();
    await eventLoopTurn();
    await this.turns.done();
    if (this.delivery.fault !== undefined) throw this.delivery.fault;
  }

  /** Time goes by, and the hub hears of it. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.turns.input(() => this.hub.tick());
    await this.settled();
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

/** The numbers from one to another. */
export function range(first: number, last: number): number[] {
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, at) => first + at,
  );
}
