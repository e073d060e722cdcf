/** The connections of a server, each from its first byte to its end. */
import { contains, type Network } from "../base/cidr.ts";
import { type Clock, momentOf } from "../base/clock.ts";
import {
  OPENING_LOOPBACK_MS,
  OPENING_MS,
  RATE_PER_SECOND,
  RESTART_RECONNECT_MS,
  STOP_FLUSH_MS,
  SWEEP_INTERVAL_MS,
} from "../base/limits.ts";
import { given } from "../base/given.ts";
import {
  type ConnectionEnd,
  type ConnectionId,
  connectionId,
} from "../chat/input.ts";
import type { ProtocolError } from "../base/errors.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Hello } from "../wire/client.ts";
import { refuseFramed } from "../gateway/refusals.ts";
import { plainAddress } from "../net/address.ts";
import type { Transport } from "../net/transport.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { Budgets, type Payer } from "./budgets.ts";
import {
  Admission,
  type AdmissionOptions,
  type Admitted,
  NOT_ADMITTED,
} from "./admission.ts";
import type { Directory, Journal } from "../store/store.ts";
import { addressRefusal } from "./banned.ts";
import { Connection } from "./connection.ts";
import { open, type OpenOptions } from "./open.ts";
import { Guesses } from "./guesses.ts";
import { Passwords } from "./passwords.ts";
import { unwrapProxied } from "./proxied.ts";
import { recall } from "./recall.ts";
import { Refusals } from "./refusals.ts";
import { Session, type SessionHost, type SessionOptions } from "./session.ts";
import type { Tap } from "./tap.ts";
import type { TurnLoop } from "./turn_loop.ts";
import { WritePace } from "./write_pace.ts";

const BUSY = "the server is busy: try again later";
const NO_PROXY_HEADER = "the proxy did not say whom it brings";
/** For the log, which has no texts. */
const BANNED = "its address is banned";
const UNREADABLE = "the server cannot read its history now: come back later";

/** Who is let in, and how much they may do; without a value the limits of `base/limits.ts`. */
export interface Terms
  extends AdmissionOptions, Omit<OpenOptions, "onSealing"> {
  /** Names this node in the ids of its connections; default `1`. */
  readonly node?: string;
  /** Proxies: what comes from there begins with the header that says whom it brings. */
  readonly trustProxy?: readonly Network[];
  /** Messages a second and person, in the long run; 0 lifts the limit. */
  readonly rate?: number;
  /** Nobody enters without it. */
  readonly password?: string;
}

/** The key that the server shows, and the fingerprint of the one that it will show next. */
export interface ServerKeys {
  readonly identity: KeyPair;
  readonly next?: string;
}

interface ConnectionsOptions extends Terms {
  readonly clock: Clock;
  readonly store: Pick<Journal, "recentOf"> & Pick<Directory, "record">;
  readonly turns: TurnLoop;
  readonly delivery: Delivery;
  readonly tap: Tap;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #admission: Admission;
  readonly #budgets: Budgets;
  /** Wrong passwords and invites. */
  readonly #guesses: Guesses;
  readonly #passwords: Passwords | undefined;
  readonly #connections = new Map<ConnectionId, Connection>();
  readonly #host: SessionHost;
  #keys: ServerKeys;
  /** What was announced last under each key that was shown. */
  readonly #announced = new WeakMap<KeyPair, string | undefined>();
  #count = 0;
  /** Connections that are served, those among them that are refused. */
  #serving = 0;
  /** Called when none is served any more. */
  #onServed = () => {};
  readonly #refusals: Refusals;
  #isStopping = false;

  constructor(options: ConnectionsOptions) {
    const { rate = RATE_PER_SECOND, password, clock } = options;
    this.#options = options;
    this.#keys = { identity: options.identity };
    this.#admission = new Admission(options);
    this.#refusals = new Refusals(clock);
    this.#budgets = new Budgets(rate, clock);
    const guesses = this.#guesses = new Guesses(clock);
    this.#passwords = password === undefined
      ? undefined
      : new Passwords(password, guesses);
    const { turns, delivery, tap } = options;
    this.#host = {
      ...{ clock, turns, delivery, tap },
      pace: new WritePace(),
      budgets: this.#budgets,
      recall: (person, session) => this.#recall(person, session),
      judgeHello: (hello, signal, id) => this.#judge(hello, signal, id),
      nextKey: (id) => this.#nextOf(this.#connections.get(id)?.sealedBy),
      onReady: (id) => this.#ready(id),
      onRefused: (id, code) => this.#notLetIn(id, code),
    };
  }

  /**
   * What those who come get to see, and its fingerprint; those who are here are told what will be
   * shown next. Whose connection is sealed by the key before, keeps what was announced under that,
   * where it is this one: taken back, it would keep just those from following who were here.
   */
  show(keys: ServerKeys, fingerprint: string): void {
    const { identity: before } = this.#keys;
    const isOther = before !== keys.identity;
    this.#keys = keys;
    if (isOther && this.#nextOf(before) !== fingerprint) this.#announce(before);
    this.#announce(keys.identity, keys.next);
  }

  /** Tells those whose connection is sealed by a key which one comes after it. */
  #announce(identity: KeyPair, key?: string): void {
    if (key === this.#nextOf(identity)) return;
    this.#announced.set(identity, key);
    for (const { session, sealedBy } of this.#connections.values()) {
      if (sealedBy !== identity) continue;
      if (session?.state !== "ready" || !session.isSealed) continue;
      session.send({ type: "next", ...given({ key }) });
      session.flush();
    }
  }

  #nextOf(identity: KeyPair | undefined): string | undefined {
    return identity && this.#announced.get(identity);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Serves a connection to its end. Never rejects. */
  async serve(transport: Transport): Promise<void> {
    this.#serving++;
    const admitted = this.#admit(transport);
    // Most connections wait here all their life, so all of it is one function.
    if (!(admitted instanceof Connection)) await admitted;
    else {
      try {
        const session = await this.#open(admitted);
        if (session !== undefined) this.#over(admitted, await session.run());
      } catch (error) {
        this.#options.tap.tell({
          kind: "opening failed",
          id: admitted.id,
          error,
        });
        if (admitted.session !== undefined) {
          admitted.session.abort();
          this.#over(admitted, "cut");
        }
      }
      this.#release(admitted);
    }
    if (--this.#serving === 0) this.#onServed();
  }

  /** Says goodbye to all and waits until they have ended, or for some seconds. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const bye = ["restart", "the server stops", RESTART_RECONNECT_MS] as const;
    this.#endAll((session) => session.bye(...bye));
    const abort = () => this.#endAll((session) => session.abort());
    const cancel = this.#options.clock.after(STOP_FLUSH_MS, abort);
    while (this.#serving > 0) {
      await new Promise<void>((resolve) => this.#onServed = resolve);
    }
    cancel();
  }

  #endAll(end: (session: Session) => void): void {
    for (const { session, transport } of this.#connections.values()) {
      session === undefined ? transport.close() : end(session);
    }
  }

  /** Messages of these were not stored. */
  failUnderWay(ids: Iterable<ConnectionId>): void {
    for (const id of ids) this.#connections.get(id)?.session?.failUnderWay();
  }

  /** The journal could not be read for a connection, which ends. */
  notRead(id: ConnectionId, error: unknown): void {
    this.#options.tap.failed("journal not read", error, id);
    this.#connections.get(id)?.session?.bye("refused", UNREADABLE);
  }

  /** Looks at the deadlines, and forgets what limits need no longer know. */
  sweep(now: number): void {
    for (const { session, transport, openBy } of this.#connections.values()) {
      if (session !== undefined) session.sweep(now);
      else if (now >= openBy) transport.close();
    }
    this.#budgets.sweep(now);
    this.#admission.sweep(now);
    this.#guesses.sweep();
  }

  // ---- One connection ----

  /** Lets a connection in, or resolves when it is told why not. */
  #admit(transport: Transport): Connection | Promise<void> {
    const { clock, delivery, node = "1", trustProxy = [] } = this.#options;
    if (this.#isStopping) return Promise.resolve(transport.close());
    const { hostname } = transport.peer;
    const isProxied = trustProxy.some((proxy) => contains(proxy, hostname));
    const refused = isProxied ? undefined : this.#refuseBanned(transport);
    if (refused !== undefined) return refused;
    const id = connectionId(node, ++this.#count);
    const now = clock.monotonic();
    const makeWay = () => this.#makeWay(id);
    const admitted = isProxied
      ? this.#admission.admitUnknown(makeWay)
      : this.#admission.admit(transport, now, makeWay);
    if (typeof admitted === "string") {
      return this.#turnAway(transport, admitted);
    }
    const isAtHome = transport.isLocal && !isProxied;
    const openBy = now + (isAtHome ? OPENING_LOOPBACK_MS : OPENING_MS);
    const connection = new Connection(
      ...[id, transport, admitted, openBy, delivery, isProxied] as const,
    );
    this.#connections.set(id, connection);
    return connection;
  }

  /** Learns whom a proxy brings; `false` when this is not said, or it is one too many. */
  async #identify(connection: Connection): Promise<boolean> {
    const { clock, tap } = this.#options;
    const transport = await unwrapProxied(connection.transport);
    if (transport === undefined) {
      const { hostname } = connection.transport.peer;
      tap.refused(hostname, "proxy-header", NO_PROXY_HEADER);
      return false;
    }
    connection.transport = transport;
    const banned = this.#refuseBanned(transport);
    if (banned !== undefined) {
      await banned;
      return false;
    }
    const now = clock.monotonic();
    const { admitted } = connection;
    const refusal = this.#admission.identify(admitted, transport, now);
    if (refusal !== undefined) {
      await this.#turnAway(transport, refusal);
      return false;
    }
    if (transport.isLocal) connection.openBy = now + OPENING_LOOPBACK_MS;
    return true;
  }

  /** One of the limits has no place for it. */
  #turnAway(
    transport: Transport,
    reason: keyof typeof NOT_ADMITTED,
  ): Promise<void> {
    const limit = NOT_ADMITTED[reason];
    this.#options.tap.refused(transport.peer.hostname, reason, limit);
    return this.#refusals.refuse(transport, refuseFramed("busy", limit));
  }

  /**
   * Tells one whose address is banned so, and whoever comes while it cannot be read who is;
   * `undefined` for any other. Never throws.
   */
  #refuseBanned(transport: Transport): Promise<void> | undefined {
    const { clock, tap, store } = this.#options;
    try {
      const text = addressRefusal(store, transport, clock.wall());
      if (text === undefined) return undefined;
      tap.refused(transport.peer.hostname, "banned", BANNED);
      return this.#refusals.refuse(transport, refuseFramed("banned", text));
    } catch (error) {
      tap.failed("a connection failed", error);
      return this.#refusals.refuse(transport, refuseFramed("busy", UNREADABLE));
    }
  }

  #release({ id, transport, admitted }: Connection): void {
    transport.close();
    this.#connections.delete(id);
    this.#admission.release(admitted);
  }

  /** Opens a connection; gives its session when it comes to one. */
  async #open(connection: Connection): Promise<Session | undefined> {
    const { clock, tap } = this.#options;
    if (connection.isProxied && !await this.#identify(connection)) {
      return undefined;
    }
    const { identity } = this.#keys;
    connection.sealedBy = identity;
    const opened = await open(connection.transport, {
      ...this.#options,
      identity,
      onSealing: () => {
        const soon = clock.monotonic() + OPENING_MS;
        connection.openBy = Math.min(connection.openBy, soon);
      },
    });
    if (opened?.kind === "session") return this.#begin(connection, opened);
    if (opened === undefined) return undefined;
    const { transport, reason, words } = opened;
    tap.refused(transport.peer.hostname, reason);
    if (words !== undefined) await this.#refusals.refuse(transport, words);
    return undefined;
  }

  /** The session of a connection, which the hub and the others learn of. */
  #begin(
    connection: Connection,
    { transport, codec }: Pick<SessionOptions, "transport" | "codec">,
  ): Session {
    const { clock, turns, delivery, tap } = this.#options;
    const { id, admitted, openBy: helloBy } = connection;
    const { address } = admitted;
    const { key, isLocal } = transport;
    const payer = this.#payerOf(id, admitted, transport);
    const options = { id, payer, transport, codec, helloBy };
    const session = connection.session = new Session(options, this.#host);
    delivery.add(id, session);
    const at = momentOf(clock);
    connection.since = at.wall;
    const ip = plainAddress(transport.peer.hostname);
    const peer = { address, ip, isLocal, ...given({ key }) };
    turns.put({ kind: "open", connection: id, at, peer });
    tap.connected(id, connection);
    return session;
  }

  #payerOf(
    id: ConnectionId,
    { address, site }: Admitted,
    { key, isLocal }: Transport,
  ): Payer {
    const person = key ?? `guest ${id}`;
    const isCounted = !isLocal && this.#options.perAddress !== 0;
    return isCounted ? { person, address, ...given({ site }) } : { person };
  }

  #over({ id }: Connection, how: ConnectionEnd): void {
    const { delivery, tap } = this.#options;
    delivery.remove(id);
    this.#leave(id, how);
    tap.disconnected(id, how);
  }

  /** The hub learns that a connection is over; while it can read nothing, a while later. */
  #leave(id: ConnectionId, how: ConnectionEnd): void {
    const { clock, turns, tap } = this.#options;
    try {
      turns.put({ kind: "close", connection: id, at: momentOf(clock), how });
    } catch (error) {
      tap.failed("a connection failed", error, id);
      if (this.#isStopping) return;
      clock.after(SWEEP_INTERVAL_MS, () => this.#leave(id, how));
    }
  }

  // ---- What sessions need of the server ----

  /**
   * Looks at what a `hello` shows to be let in: a right password counts, whatever else it shows.
   * What an invite is worth the hub knows; it is a guess until that has said so.
   */
  async #judge(
    { password, invite }: Hello,
    signal: AbortSignal,
    id: ConnectionId,
  ): Promise<ProtocolError | undefined> {
    const { clock, turns } = this.#options;
    const connection = this.#connections.get(id)!;
    const { session, admitted } = connection;
    if (password && this.#passwords !== undefined) {
      const refusal = await this.#passwords.judge(password, admitted, signal);
      if (refusal !== undefined) return refusal;
      turns.put({ kind: "password", connection: id, at: momentOf(clock) });
      return undefined;
    }
    const isGuess = invite !== undefined &&
      session?.transport.key !== undefined;
    if (!isGuess) return undefined;
    // What was said before has its answer then, so that it is known which answer is to this one.
    await turns.done();
    if (session.state !== "hello") return undefined;
    await this.#guesses.begin(admitted, signal);
    connection.isGuessing = true;
    return undefined;
  }

  #ready(id: ConnectionId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    this.#admission.ready(connection.admitted);
    this.#forgive(connection);
  }

  /** A `hello` was refused: what is wrong with an invite counts, what else is wrong does not. */
  #notLetIn(id: ConnectionId, code: string): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    if (code !== "invite-invalid") this.#forgive(connection);
    connection.isGuessing = false;
  }

  /** The invite that a connection has shown was a good one, or did not matter. */
  #forgive(connection: Connection): void {
    if (connection.isGuessing) this.#guesses.forgive(connection.admitted);
    connection.isGuessing = false;
  }

  /** What a connection asked took so much more than its price, in messages. */
  charge(id: ConnectionId, tokens: number): void {
    const session = this.#connections.get(id)?.session;
    if (session !== undefined) {
      this.#budgets.chargeWork(session.account, tokens);
    }
  }

  /** Gives the hub the person's last messages with an id. */
  async #recall(person: string, session: Session): Promise<void> {
    const { clock, turns } = this.#options;
    const { id: connection } = session;
    try {
      const budgets = this.#budgets;
      const options = { ...this.#options, budgets };
      const entries = await recall(options, person, session);
      turns.put({ kind: "recalled", connection, at: momentOf(clock), entries });
    } catch (error) {
      this.notRead(connection, error);
    }
  }

  // ---- Those who are not let in ----

  /** Another connection needs the place of one that is not ready. */
  #makeWay(id: ConnectionId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    const { session, transport } = connection;
    this.#options.tap.refused(transport.peer.hostname, "made-way", BUSY);
    if (session !== undefined) return session.bye("refused", BUSY);
    transport.write(refuseFramed("busy", BUSY)).catch(() => {})
      .finally(() => transport.close());
  }
}
