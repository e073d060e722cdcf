/** The server: everything put together. */
import { type Clock, momentOf, SYSTEM_CLOCK } from "../base/clock.ts";
import { given } from "../base/given.ts";
import { SWEEP_INTERVAL_MS } from "../base/limits.ts";
import { KeptLog } from "../base/kept_log.ts";
import type { Log } from "../base/log.ts";
import type { StopRequest } from "../chat/effects.ts";
import { Hub } from "../chat/hub.ts";
import { Delivery } from "../delivery/delivery.ts";
import type { Transport } from "../net/transport.ts";
import { fingerprint } from "../secure/fingerprint.ts";
import type { Store } from "../store/store.ts";
import { Connections } from "./connections.ts";
import { gateOf, type GateTerms } from "./gate_of.ts";
import { IdleCollector } from "./idle_collector.ts";
import { Indexer } from "./indexer.ts";
import { JournalFollower } from "./journal_follower.ts";
import { Keeper, type KeepOptions } from "./keeper.ts";
import { Links, type Place } from "./links.ts";
import { Listener, type ListenOptions } from "./listener.ts";
import { metricsText } from "./monitor/metrics.ts";
import { Monitor } from "./monitor/monitor.ts";
import type { MonitorSource } from "./monitor/source.ts";
import { noteAllLooks } from "./note_looks.ts";
import type { FindOwner } from "./owner.ts";
import { RepeatLimit } from "./repeat_limit.ts";
import { Tap } from "./tap.ts";
import { logTap } from "./tap_log.ts";
import type { ServerKeys, Terms } from "./terms.ts";
import { TurnLoop } from "./turn_loop.ts";

const DEFAULT_NAME = "confab";

export interface ServerOptions extends Terms, KeepOptions, GateTerms {
  /** Stays open when the server stops: who opened it closes it. */
  readonly store: Store;
  /** Those who watch the server see what it keeps; any other log is kept from the start on. */
  readonly log: Log | KeptLog;
  /** How the store keeps what it is given, as it is told to who watches; default `process`. */
  readonly durability?: "process" | "full";
  readonly version: string;
  readonly clock?: Clock;
  /** What the server calls itself in `welcome`. */
  readonly name?: string;
  /** Fingerprints of those who may do everything. */
  readonly admins?: readonly string[];
  /** Looks for the key of one more, who may make it while the server runs. */
  readonly findOwner?: FindOwner;
  /** Where links lead; else where it listens. */
  readonly public?: Place;
  /**
   * Called when an administrator wants the server to stop: whoever runs it calls
   * {@linkcode Server.stop}. Without this it stops by itself.
   */
  readonly onStop?: (request: StopRequest) => void;
  /** Collects garbage; called in quiet moments. */
  readonly collect?: () => void;
}

export class Server implements AsyncDisposable {
  #fingerprint: string;
  readonly tap = new Tap();
  readonly #clock: Clock;
  readonly #turns: TurnLoop;
  readonly #indexer: Indexer;
  readonly #keeper: Keeper;
  readonly #connections: Connections;
  readonly #listeners: Listener[] = [];
  readonly #repeats: RepeatLimit;
  readonly #links: Links;
  readonly #monitor: Monitor;
  readonly #log: KeptLog;
  readonly #follower: JournalFollower;
  readonly #collector: IdleCollector | undefined;
  #cancelSweep = () => {};
  #stopping: Promise<void> | undefined;

  /** A server that serves what it is given, until {@linkcode stop}. */
  static async create(options: ServerOptions): Promise<Server> {
    const { store, identity, name = DEFAULT_NAME, version, admins = [] } =
      options;
    const { clock = SYSTEM_CLOCK } = options;
    // From here on the journal is followed; what the rest has already is skipped.
    const position = await store.position();
    const print = await fingerprint(identity.publicKey);
    await noteAllLooks(store, options.log, clock);
    const isLimited = options.perAddress !== 0;
    const links = new Links(print, options.public);
    const hub = new Hub({
      ...{ server: name, version, directory: store, admins },
      ...isLimited ? {} : { roomsPerDay: 0, claimsPerDay: 0, listedPerDay: 0 },
      gate: gateOf(options, links),
    });
    return new Server(options, print, hub, position, links);
  }

  /**
   * A server that listens.
   *
   * @throws {Deno.errors.AddrInUse} and what else listening throws.
   */
  static async start(options: ServerOptions & ListenOptions): Promise<Server> {
    const server = await Server.create(options);
    try {
      server.listen(options);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor(
    options: ServerOptions,
    print: string,
    hub: Hub,
    position: number,
    links: Links,
  ) {
    const { store, echo = "off", clock = SYSTEM_CLOCK } = options;
    const log = keptLogOf(options);
    const { tap } = this;
    this.#fingerprint = print;
    this.#links = links;
    this.#clock = clock;
    this.#log = log;
    this.#repeats = new RepeatLimit(log, () => clock.monotonic());
    logTap(tap, log, this.#repeats);
    const delivery = new Delivery({
      journal: store,
      directory: store,
      echo,
      onCaughtUp: (connection, room) => {
        const at = momentOf(clock);
        this.#turns.put({ kind: "caught-up", connection, at, room });
      },
      onFault: (id, error) => this.#connections.notRead(id, error),
      charge: (id, tokens) => this.#connections.charge(id, tokens),
      onWatch: (id, what, sink) => this.#monitor.watch(id, what, sink),
      onAudit: (audit) => tap.tell({ kind: "audit", audit }),
      onStop: ({ by, why }) => {
        this.#connections.endsBecauseOf(why);
        if (options.onStop === undefined) void this.stop();
        else options.onStop({ by, ...given({ why }) });
      },
    });
    const now = () => clock.monotonic();
    const turns = new TurnLoop({ hub, store, delivery, now, watcher: tap });
    this.#turns = turns;
    this.#connections = new Connections({
      ...options,
      ...{ clock, turns, delivery, tap },
    });
    tap.subscribe((event) => {
      const { kind } = event;
      if (kind === "not stored") this.#connections.failUnderWay(event.authors);
      else if (kind === "connected" || kind === "disconnected") {
        this.#collector?.look();
      }
    });
    this.#indexer = new Indexer({
      journal: store,
      clock,
      stored: () => tap.counters.entries,
      onFault: (error) => tap.failed("not indexed", error),
    });
    // What a crash left behind.
    this.#indexer.wake();
    this.#keeper = new Keeper({
      ...options,
      ...{ clock, tap },
      onSpace: (refusal) => turns.put({ kind: "space", ...given({ refusal }) }),
      onTrimmed: () => this.#indexer.wake(),
      isHeard: (room) => delivery.isHeard(room),
      // The hub may remember what was set there.
      onForgotten: () => turns.put({ kind: "followed", entries: [] }),
    });
    this.#monitor = this.#monitorOf(options, delivery);
    const { collect } = options;
    const { counters } = tap;
    this.#collector = collect &&
      new IdleCollector({ clock, counters, collect });
    this.#follower = new JournalFollower({
      ...{ store, position, tap },
      onFollowed: (entries) => {
        turns.followed(entries);
        this.#indexer.wake();
        this.#keeper.stored();
      },
    });
    this.#sweepLater();
  }

  /** What it does, in numbers. */
  get monitor(): MonitorSource {
    return this.#monitor;
  }

  /** The same in the text format of Prometheus. */
  metrics(): Promise<string> {
    return metricsText(this.#monitor);
  }

  #monitorOf(options: ServerOptions, delivery: Delivery): Monitor {
    const { name = DEFAULT_NAME, version, durability = "process" } = options;
    const since = this.#clock.wall();
    return new Monitor({
      ...{ clock: this.#clock, tap: this.tap, log: this.#log },
      server: () => ({
        ...{ name, version, since, durability },
        address: addressOf(this.#listeners[0]),
        fingerprint: this.#fingerprint,
        pid: Deno.pid,
      }),
      space: () => this.#keeper.space,
      rooms: () => delivery.roomsHeard,
      memory: () => Deno.memoryUsage(),
    });
  }

  /** Of the key that it shows. */
  get fingerprint(): string {
    return this.#fingerprint;
  }

  /**
   * Shows another key to those who connect from now on, or announces which one it will be: that is
   * said to everybody whose connection is sealed.
   */
  async show(keys: ServerKeys): Promise<void> {
    this.#fingerprint = await fingerprint(keys.identity.publicKey);
    this.#links.shows(this.#fingerprint);
    this.#connections.show(keys, this.#fingerprint);
  }

  /** Where it listens, when it does. */
  get address(): Deno.NetAddr {
    return this.#listeners[0]!.address;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The link whose first user is an administrator, where one is wanted. */
  get adminLink(): string {
    return this.#links.admin;
  }

  /** Lists others to be let in; whom nothing else lets in must go. */
  allow(keys: readonly string[]): void {
    if (this.#stopping !== undefined) return;
    this.#turns.put({ kind: "allowed", at: momentOf(this.#clock), keys });
  }

  /**
   * Serves those who connect there, too.
   *
   * @throws {Deno.errors.AddrInUse} and what else listening throws.
   */
  listen({ hostname, port }: ListenOptions): void {
    const listener = new Listener({
      hostname,
      port,
      clock: this.#clock,
      onConnection: (transport) => void this.serve(transport),
      onFault: (error) => this.tap.tell({ kind: "not accepted", error }),
    });
    if (this.#listeners.length === 0) this.#links.listensAt(listener.address);
    this.#listeners.push(listener);
  }

  /** Serves a connection to its end. Never rejects. */
  serve(transport: Transport): Promise<void> {
    return this.#connections.serve(transport);
  }

  /**
   * Says goodbye to everyone, sends what is queued within some seconds, and ends. May be called any
   * number of times.
   */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await this.#turns.done();
    await this.#connections.stop();
    await this.#turns.done();
    this.#cancelSweep();
    this.#monitor.stop();
    this.#collector?.stop();
    await this.#follower.stop();
    await Promise.all([this.#indexer.stop(), this.#keeper.stop()]);
    this.#repeats.end();
  }

  #sweepLater(): void {
    this.#cancelSweep = this.#clock.after(SWEEP_INTERVAL_MS, () => {
      this.#connections.sweep(this.#clock.monotonic());
      this.#repeats.sweep();
      try {
        this.#turns.put({ kind: "tick", at: momentOf(this.#clock) });
      } catch (error) {
        // The directory cannot be read now: the next tick tries again.
        this.tap.failed("a message failed", error);
      }
      this.#monitor.tick();
      this.#follower.wake();
      this.#collector?.look();
      this.#sweepLater();
    });
  }
}

function keptLogOf({ log, clock = SYSTEM_CLOCK }: ServerOptions): KeptLog {
  return log instanceof KeptLog ? log : new KeptLog(log, () => clock.wall());
}

function addressOf(listener: Listener | undefined): string {
  if (listener === undefined) return "";
  const { hostname, port } = listener.address;
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
