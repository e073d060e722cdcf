/** The connections of a server, each from its first byte to its end. */
import { type Clock, momentOf } from "../base/clock.ts";
import { given } from "../base/given.ts";
import {
  OPENING_MS,
  RATE_PER_SECOND,
  RESTART_RECONNECT_MS,
  STOP_FLUSH_MS,
  SWEEP_INTERVAL_MS,
} from "../base/limits.ts";
import type { ConnectionEnd, ConnectionId } from "../chat/input.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { plainAddress } from "../net/address.ts";
import type { Transport } from "../net/transport.ts";
import type { KeyPair } from "../secure/x25519.ts";
import type { Directory, Journal } from "../store/store.ts";
import type { Admitted } from "./admission.ts";
import { Budgets, type Payer } from "./budgets.ts";
import { Connection } from "./connection.ts";
import { Entrance, UNREADABLE } from "./entrance.ts";
import { type AnswerBudget, open } from "./open.ts";
import { type FindOwner, Owner } from "./owner.ts";
import { Proofs } from "./proofs.ts";
import { recall, type Recalling } from "./recall.ts";
import { Session, type SessionOptions } from "./session.ts";
import type { SessionHost } from "./session_host.ts";
import type { Tap } from "./tap.ts";
import type { ServerKeys, Terms } from "./terms.ts";
import type { TurnLoop } from "./turn_loop.ts";
import { WritePace } from "./write_pace.ts";

interface ConnectionsOptions extends Terms {
  readonly clock: Clock;
  readonly store: Pick<Journal, "recentOf"> & Pick<Directory, "record">;
  readonly turns: TurnLoop;
  readonly delivery: Delivery;
  readonly tap: Tap;
  readonly findOwner?: FindOwner;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #entrance: Entrance;
  readonly #proofs: Proofs;
  readonly #budgets: Budgets;
  readonly #connections = new Map<ConnectionId, Connection>();
  readonly #host: SessionHost;
  #keys: ServerKeys;
  /** What was announced last under each key that was shown. */
  readonly #announced = new WeakMap<KeyPair, string | undefined>();
  /** Connections that are served, those among them that are refused. */
  #serving = 0;
  /** Called when none is served any more. */
  #onServed = () => {};
  #isStopping = false;
  /** What those who are here are told when it stops. */
  #farewell = "the server stops";

  constructor(options: ConnectionsOptions) {
    const { rate = RATE_PER_SECOND, clock } = options;
    this.#options = options;
    this.#keys = { identity: options.identity };
    const find = (id: ConnectionId) => this.#connections.get(id);
    this.#entrance = new Entrance({ ...options, find });
    this.#proofs = new Proofs({ ...options, find });
    this.#budgets = new Budgets(rate, clock);
    const { turns, delivery, tap } = options;
    const owner = new Owner(options.findOwner, turns, clock);
    this.#host = {
      ...{ clock, turns, delivery, tap },
      pace: new WritePace(),
      budgets: this.#budgets,
      recall: (person, session) => this.#recall(person, session),
      meetOwner: () => owner.meet(),
      judgeHello: (hello, signal, id) => this.#proofs.judge(hello, signal, id),
      nextKey: (id) => this.#nextOf(this.#connections.get(id)?.sealedBy),
      onReady: (id) => this.#ready(id),
      onRefused: (id, code) => this.#proofs.refused(id, code),
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

  /** Whoever stops it has said why. */
  endsBecauseOf(why: string | undefined): void {
    if (why !== undefined) this.#farewell = `the server stops: ${why}`;
  }

  /** Says goodbye to all and waits until they have ended, or for some seconds. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const bye = ["restart", this.#farewell, RESTART_RECONNECT_MS] as const;
    this.#endAll((session) => session.bye(...bye));
    const abort = () => this.#endAll((session) => session.abort());
    const cancel = this.#options.clock.after(STOP_FLUSH_MS, abort);
    while (this.#serving > 0) {
      await new Promise<void>((resolve) => this.#onServed = resolve);
    }
    cancel();
  }

  #endAll(end: (session: Session) => void): void {
    for (const connection of this.#connections.values()) {
      const { session } = connection;
      session === undefined ? connection.close() : end(session);
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
    for (const connection of this.#connections.values()) {
      const { session, openBy } = connection;
      if (session !== undefined) session.sweep(now);
      else if (now >= openBy) connection.close();
    }
    this.#budgets.sweep(now);
    this.#entrance.sweep(now);
    this.#proofs.sweep();
  }

  // ---- One connection ----

  #admit(transport: Transport): Connection | Promise<void> {
    if (this.#isStopping) return Promise.resolve(transport.close());
    const admitted = this.#entrance.admit(transport);
    if (admitted instanceof Connection) {
      this.#connections.set(admitted.id, admitted);
    }
    return admitted;
  }

  #release(connection: Connection): void {
    connection.close();
    this.#connections.delete(connection.id);
    this.#entrance.release(connection.admitted);
  }

  /** Opens a connection; gives its session when it comes to one. */
  async #open(connection: Connection): Promise<Session | undefined> {
    const { clock } = this.#options;
    if (connection.isProxied && !await this.#entrance.identify(connection)) {
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
      onTls: () => connection.takesFrames = false,
      onHttp: (ms, end) => {
        connection.openBy = clock.monotonic() + ms;
        connection.takesFrames = false;
        connection.endInside = end;
      },
      answers: this.#answersTo(connection),
    });
    if (opened?.kind === "session") return this.#begin(connection, opened);
    if (opened !== undefined) await this.#entrance.refuse(opened);
    return undefined;
  }

  /** Of a connection that may come to no session. */
  #answersTo({ id, admitted, transport }: Connection): AnswerBudget {
    const payer = () => this.#payerOf(id, admitted, transport);
    return {
      charge: (bytes) => this.#budgets.charge(payer(), bytes),
      debtMs: () => this.#budgets.debtMs(payer()),
    };
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

  #ready(id: ConnectionId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    this.#entrance.ready(connection.admitted);
    this.#proofs.forgive(connection);
  }

  /** What a connection asked took so much more than its price, in messages. */
  charge(id: ConnectionId, tokens: number): void {
    const session = this.#connections.get(id)?.session;
    if (session !== undefined) {
      this.#budgets.chargeWork(session.account, tokens);
    }
  }

  /** Gives the hub the person's last messages with an id. */
  async #recall(person: string, session: Recalling): Promise<void> {
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
}
