/** The server: everything put together, and the life of each connection from its first byte on. */
import { costOf } from "../chat/cost.ts";
import type { ConnectionId } from "../chat/effects.ts";
import { Hub } from "../chat/hub.ts";
import { describeError, type ProtocolError } from "../base/errors.ts";
import {
  refuseFramed,
  refuseHttp,
  refuseIrc,
  refuseLine,
  refuseTls,
} from "../gateway/refusals.ts";
import { translated } from "../gateway/translate.ts";
import {
  IDS_REMEMBERED,
  MAX_CONNECTIONS,
  OPENING_LOOPBACK_MS,
  OPENING_MS,
  PER_ADDRESS_CONNECTIONS,
  RATE_BURST,
  RATE_PER_SECOND,
  REFUSALS_AT_ONCE,
  RESTART_RECONNECT_MS,
  STOP_FLUSH_MS,
  SWEEP_INTERVAL_MS,
} from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import { isLoopback } from "../net/address.ts";
import { type Protocol, sniff, SNIFF_BYTES } from "../net/sniff.ts";
import { TcpTransport } from "../net/tcp.ts";
import { type Transport, withFirstBytes } from "../net/transport.ts";
import { nativeAead } from "../secure/aead_native.ts";
import { fingerprint } from "../secure/fingerprint.ts";
import { respond } from "../secure/handshake.ts";
import type { KeyPair } from "../secure/x25519.ts";
import type { Entry, Store } from "../store/store.ts";
import type { ClientMessage } from "../wire/client.ts";
import { concat } from "@std/bytes/concat";
import { Admission, type Admitted } from "./admission.ts";
import { type Clock, SYSTEM_CLOCK } from "../base/clock.ts";
import { Delivery } from "../delivery/delivery.ts";
import { Follower } from "./indexer.ts";
import { Passwords } from "./passwords.ts";
import { TokenBuckets } from "./rate.ts";
import {
  isSaying,
  notStoredEither,
  Session,
  type SessionHost,
} from "./session.ts";
import { TurnLoop } from "./turn_loop.ts";

export interface ServerOptions {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly identity: KeyPair;
  /** Stays open when the server stops: who opened it closes it. */
  readonly store: Store;
  readonly log: Log;
  readonly version: string;
  readonly clock?: Clock;
  /** What the server calls itself in `welcome`. */
  readonly name?: string;
  /** Messages a second and person, in the long run; 0 lifts the limit. */
  readonly rate?: number;
  /** Connections of one address; 0 lifts the limits that count addresses. */
  readonly perAddress?: number;
  readonly maxConnections?: number;
  /** Nobody enters without it. */
  readonly password?: string;
  /** Fingerprints of those who may do everything. */
  readonly admins?: readonly string[];
  /** Returns every chat also to its author. */
  readonly echo?: "on" | "off";
  /** Lets unsealed peers in from everywhere, not from loopback only. */
  readonly plaintext?: "loopback" | "everywhere";
}

/** What a connection is, from its acceptance to its end. */
interface Connection {
  readonly id: ConnectionId;
  readonly transport: Transport;
  readonly admitted: Admitted;
  /** When opening must be over, in monotonic milliseconds. */
  openBy: number;
  session: Session | undefined;
}

export class Server implements AsyncDisposable {
  readonly fingerprint: string;
  readonly #options: ServerOptions;
  readonly #clock: Clock;
  readonly #listener: Deno.TcpListener;
  readonly #hub: Hub;
  readonly #delivery: Delivery;
  readonly #turns: TurnLoop;
  readonly #follower: Follower;
  readonly #passwords: Passwords | undefined;
  readonly #admission: Admission;
  readonly #rates: TokenBuckets;
  readonly #host: SessionHost;
  readonly #connections = new Map<ConnectionId, Connection>();
  readonly #serving = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #nextId = 1;
  /** Connections that are being refused. */
  #refusing = 0;
  #cancelSweep: () => void;
  #stopping: Promise<void> | undefined;

  /**
   * Listens and serves until {@linkcode stop}.
   *
   * @throws {Deno.errors.AddrInUse} and what else listening throws.
   */
  static async start(options: ServerOptions): Promise<Server> {
    const [records, heads] = await Promise.all([
      options.store.records(),
      options.store.heads(),
    ]);
    const clock = options.clock ?? SYSTEM_CLOCK;
    const name = options.name ?? "confab";
    const hub = new Hub({
      server: name,
      version: options.version,
      clock,
      records,
      heads,
      admins: options.admins ?? [],
      ...(options.perAddress === 0 ? { roomsPerDay: 0, claimsPerDay: 0 } : {}),
    });
    const print = await fingerprint(options.identity.publicKey);
    return new Server(options, clock, hub, heads, print);
  }

  private constructor(
    options: ServerOptions,
    clock: Clock,
    hub: Hub,
    heads: Map<string, number>,
    print: string,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#hub = hub;
    this.fingerprint = print;
    this.#listener = Deno.listen({
      hostname: options.hostname,
      port: options.port,
    });
    this.#delivery = new Delivery({
      journal: options.store,
      heads,
      echo: options.echo ?? "off",
      usersOf: (room) => hub.usersOf(room),
      onFault: (id, error) => this.#onReadFault(id, error),
    });
    this.#passwords = options.password === undefined
      ? undefined
      : new Passwords(options.password, clock);
    this.#follower = new Follower(options.store, clock, options.log);
    // What a crash left behind.
    this.#follower.wake();
    this.#turns = new TurnLoop({
      hub,
      store: options.store,
      delivery: this.#delivery,
      log: options.log,
      onStored: () => this.#follower.wake(),
      onNotStored: (authors) => {
        for (const id of authors) {
          this.#connections.get(id)?.session?.failUnderWay();
        }
      },
    });
    const rate = options.rate ?? RATE_PER_SECOND;
    // Never less than the usual: what costs more than there can be would be refused, or waited for, forever.
    this.#rates = new TokenBuckets(Math.max(RATE_BURST, 2 * rate), rate);
    this.#admission = new Admission({
      maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
      perAddress: options.perAddress ?? PER_ADDRESS_CONNECTIONS,
    });
    this.#host = this.#makeHost();
    this.#cancelSweep = clock.after(SWEEP_INTERVAL_MS, () => this.#sweep());
    this.#accepting = this.#accept();
  }

  get address(): Deno.NetAddr {
    return this.#listener.addr as Deno.NetAddr;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Says goodbye to everyone, sends what is queued within some seconds, and ends. May be called any number of times. */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    await this.#turns.done();
    for (const { session, transport } of this.#connections.values()) {
      if (session === undefined) transport.close();
      else session.bye("restart", "the server stops", RESTART_RECONNECT_MS);
    }
    const cancel = this.#clock.after(STOP_FLUSH_MS, () => {
      for (const { session, transport } of this.#connections.values()) {
        session === undefined ? transport.close() : session.abort();
      }
    });
    while (this.#serving.size > 0) await Promise.all(this.#serving);
    cancel();
    await this.#turns.done();
    this.#cancelSweep();
    await this.#follower.stop();
  }

  // ---- Connections ----

  async #accept(): Promise<void> {
    for (;;) {
      let conn: Deno.TcpConn;
      try {
        conn = await this.#listener.accept();
      } catch (error) {
        if (
          this.#stopping !== undefined ||
          error instanceof Deno.errors.BadResource
        ) return;
        // One that went away in the queue, or no descriptor is left: the next may fare better, in a moment.
        this.#options.log.warn("a connection was not accepted", {
          error: describeError(error),
        });
        await new Promise<void>((resolve) => this.#clock.after(50, resolve));
        continue;
      }
      const serving = this.#serve(conn);
      this.#serving.add(serving);
      serving.finally(() => this.#serving.delete(serving));
    }
  }

  /** One connection from its first byte to its end. Never rejects. */
  async #serve(conn: Deno.TcpConn): Promise<void> {
    const { log } = this.#options;
    let transport: TcpTransport;
    try {
      transport = new TcpTransport(conn);
    } catch {
      return conn.close(); // Gone before it began.
    }
    const id = this.#nextId++;
    const now = this.#clock.monotonic();
    const admitted = this.#admission.admit(
      transport.peer,
      now,
      () => this.#makeWay(id),
    );
    if (typeof admitted === "string") {
      log.debug("refused", { peer: transport.peer.hostname, why: admitted });
      return await this.#refuse(transport, refuseFramed("busy", admitted));
    }
    const isLocal = isLoopback(transport.peer.hostname);
    const openBy = now + (isLocal ? OPENING_LOOPBACK_MS : OPENING_MS);
    const connection: Connection = {
      id,
      transport,
      admitted,
      openBy,
      session: undefined,
    };
    this.#connections.set(id, connection);
    try {
      await this.#open(connection);
    } catch (error) {
      log.debug("opening failed", { id, error: describeError(error) });
    } finally {
      transport.close();
      this.#connections.delete(id);
      this.#admission.release(admitted);
    }
  }

  async #open(connection: Connection): Promise<void> {
    const { transport } = connection;
    const chunks = transport[Symbol.asyncIterator]();
    let first: Uint8Array = new Uint8Array(0);
    let protocol: Protocol | undefined;
    while (protocol === undefined) {
      const { done, value } = await chunks.next();
      if (done) return;
      first = concat([first, value]);
      protocol = sniff(first) ??
        (first.length > SNIFF_BYTES ? "unknown" : undefined);
    }
    const opened = withFirstBytes(first, chunks, transport);
    if (protocol === "sealed") {
      connection.openBy = Math.min(
        connection.openBy,
        this.#clock.monotonic() + OPENING_MS,
      );
      const channel = await respond(opened, {
        identity: this.#options.identity,
        aead: nativeAead,
      });
      return await this.#converse(
        connection,
        channel,
        await fingerprint(channel.remoteStatic),
      );
    }
    const refusal = this.#refusalOf(protocol, transport, first);
    if (refusal === undefined) {
      const spoken = await translated(protocol, opened);
      if (spoken !== undefined) await this.#converse(connection, spoken);
    } else if (refusal.length > 0) await this.#refuse(opened, refusal);
  }

  /** How a protocol is refused, nothing at all for one that is none; `undefined` when it is welcome. */
  #refusalOf(
    protocol: Protocol,
    { peer }: Transport,
    first: Uint8Array,
  ): Uint8Array | undefined {
    const isAllowed = isLoopback(peer.hostname) ||
      this.#options.plaintext === "everywhere";
    const unsealed =
      "this server accepts sealed connections only: use `confab join`";
    const unspoken = "this server does not speak this: use `confab join`";
    switch (protocol) {
      case "framed":
        return isAllowed
          ? undefined
          : refuseFramed("plaintext-refused", unsealed);
      case "sealed-other":
        return refuseFramed(
          "unsupported-version",
          "this server speaks confab/1: use a client of that version",
        );
      case "too-large":
        return refuseFramed("too-large", "a frame has at most 65535 bytes");
      case "http":
        return refuseHttp(unspoken, first);
      case "tls":
        return refuseTls();
      case "irc":
        return refuseIrc(unspoken);
      case "hello":
        return isAllowed
          ? undefined
          : refuseLine(`ERR PLAINTEXT_REFUSED ${unsealed}`);
      case "terminal":
        return isAllowed ? undefined : refuseLine(`! ${unsealed}`);
      default:
        return new Uint8Array(0);
    }
  }

  /** Says the last word to one that is not let in, and reads to its end, so that the word arrives. */
  async #refuse(transport: Transport, words: Uint8Array): Promise<void> {
    // They count for no other limit, and a descriptor is a descriptor.
    if (this.#refusing >= REFUSALS_AT_ONCE) return transport.close();
    this.#refusing++;
    const cancel = this.#clock.after(
      SWEEP_INTERVAL_MS,
      () => transport.close(),
    );
    try {
      await transport.write(words);
      await transport.closeWrite();
      for await (const _ of transport);
    } catch {
      // It did not wait for the answer.
    } finally {
      this.#refusing--;
      cancel();
      transport.close();
    }
  }

  /** The session of a connection, from `hello` to its end. */
  async #converse(
    connection: Connection,
    transport: Transport,
    key?: string,
  ): Promise<void> {
    const { id, admitted } = connection;
    const recent: Entry[] = key === undefined || this.#hub.knows(key)
      ? []
      : await this.#options.store.recentOf(key, IDS_REMEMBERED);
    const session = connection.session = new Session({
      id,
      transport,
      clock: this.#clock,
      host: this.#host,
      bucket: () =>
        this.#rates.of(key ?? `guest ${id}`, this.#clock.monotonic()),
      helloBy: connection.openBy,
    });
    this.#delivery.add(id, session);
    const address = admitted.address;
    this.#turns.input(() =>
      this.#hub.open(
        id,
        key === undefined ? { address } : { key, address },
        recent,
      )
    );
    this.#options.log.info("connected", {
      id,
      peer: transport.peer.hostname,
      sealed: key !== undefined,
    });
    const how = await session.run();
    this.#turns.input(() => {
      this.#delivery.remove(id);
      this.#hub.close(id, how);
    });
    this.#options.log.info("disconnected", { id, how });
  }

  #makeHost(): SessionHost {
    return {
      message: (id, message) =>
        this.#turns.input((failed) => {
          if (failed.has(id) && isSaying(message)) {
            this.#hub.refuse(id, notStoredEither(), message.id);
          } else {
            this.#hub.message(id, message);
          }
        }),
      refuse: (id: ConnectionId, error: ProtocolError, requestId?: string) =>
        this.#turns.input(() =>
          this.#hub.refuse(id, error, requestId ?? error.id)
        ),
      turnDone: () => this.#turns.done(),
      answered: async (id) => {
        await this.#turns.done();
        await this.#delivery.answered(id);
      },
      drained: (id) => this.#delivery.drained(id),
      ready: (id) => {
        const connection = this.#connections.get(id);
        if (connection !== undefined) {
          this.#admission.ready(connection.admitted);
        }
      },
      failed: (id, error) => {
        const stack = error instanceof Error ? error.stack : undefined;
        this.#options.log.error("a connection failed", {
          id,
          error: describeError(error),
          stack,
        });
      },
      refuseHello: (id, { password }, signal) => {
        const address = this.#connections.get(id)?.admitted.address;
        return this.#passwords?.judge(password, address ?? "", signal);
      },
      costOf: (message: ClientMessage) => costOf(message),
    };
  }

  /** Another connection needs the place of one that is not ready. */
  #makeWay(id: ConnectionId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    const text = "the server is busy: try again later";
    if (connection.session !== undefined) {
      connection.session.bye("refused", text);
    } else {
      connection.transport.write(refuseFramed("busy", text)).catch(() => {})
        .finally(() => connection.transport.close());
    }
  }

  #onReadFault(id: ConnectionId, error: unknown): void {
    this.#options.log.error("journal not read", {
      id,
      error: describeError(error),
    });
    this.#connections.get(id)?.session?.bye(
      "refused",
      "the server cannot read its history now: come back later",
    );
  }

  // ---- Time ----

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const connection of this.#connections.values()) {
      if (connection.session !== undefined) connection.session.sweep(now);
      else if (now >= connection.openBy) connection.transport.close();
    }
    this.#rates.sweep(now);
    this.#admission.sweep(now);
    this.#passwords?.sweep();
    this.#turns.input(() => this.#hub.tick());
    this.#cancelSweep = this.#clock.after(
      SWEEP_INTERVAL_MS,
      () => this.#sweep(),
    );
  }
}
