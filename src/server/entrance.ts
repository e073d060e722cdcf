/** The entrance of a server: connections have a place there, or learn why not. */
import { contains } from "../base/cidr.ts";
import type { Clock } from "../base/clock.ts";
import { OPENING_LOOPBACK_MS, OPENING_MS } from "../base/limits.ts";
import { type ConnectionId, connectionId } from "../chat/input.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { refuseFramed } from "../gateway/refusals.ts";
import type { Transport } from "../net/transport.ts";
import type { Directory } from "../store/store.ts";
import { Admission, type Admitted, NOT_ADMITTED } from "./admission.ts";
import { addressRefusal } from "./banned.ts";
import { Connection } from "./connection.ts";
import type { Opened } from "./open.ts";
import { unwrapProxied } from "./proxied.ts";
import { Refusals } from "./refusals.ts";
import type { Tap } from "./tap.ts";
import type { Terms } from "./terms.ts";

const BUSY = "the server is busy: try again later";
const NO_PROXY_HEADER = "the proxy did not say whom it brings";
export const UNREADABLE =
  "the server cannot read its history now: come back later";
/** For the log, which has no texts. */
const BANNED = "its address is banned";

interface EntranceOptions extends Terms {
  readonly clock: Clock;
  readonly store: Pick<Directory, "record">;
  readonly delivery: Pick<Delivery, "describe" | "isBehind">;
  readonly tap: Tap;
  /** A connection that was let in and is not over. */
  readonly find: (id: ConnectionId) => Connection | undefined;
}

export class Entrance {
  readonly #options: EntranceOptions;
  readonly #admission: Admission;
  readonly #refusals: Refusals;
  #count = 0;

  constructor(options: EntranceOptions) {
    this.#options = options;
    this.#admission = new Admission(options);
    this.#refusals = new Refusals(options.clock);
  }

  /** Lets a connection in, or resolves when it is told why not. */
  admit(transport: Transport): Connection | Promise<void> {
    const { clock, delivery, node = "1", trustProxy = [] } = this.#options;
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
    return new Connection(
      ...[id, transport, admitted, openBy, delivery, isProxied] as const,
    );
  }

  /** Learns whom a proxy brings; `false` when this is not said, or it is one too many. */
  async identify(connection: Connection): Promise<boolean> {
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

  /** A connection came to no session: it gets the last words, if there are any. */
  async refuse(
    { transport, reason, words, limit }: Extract<Opened, { kind: "refused" }>,
  ): Promise<void> {
    this.#options.tap.refused(transport.peer.hostname, reason, limit);
    if (words !== undefined) await this.#refusals.refuse(transport, words);
  }

  /** A connection has its `welcome`. */
  ready(admitted: Admitted): void {
    this.#admission.ready(admitted);
  }

  /** A connection is over. */
  release(admitted: Admitted): void {
    this.#admission.release(admitted);
  }

  /** Forgets what limits need no longer know. */
  sweep(now: number): void {
    this.#admission.sweep(now);
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

  /** Another connection needs the place of one that is not ready. */
  #makeWay(id: ConnectionId): void {
    const connection = this.#options.find(id);
    if (connection === undefined) return;
    const { session, transport, takesFrames } = connection;
    this.#options.tap.refused(transport.peer.hostname, "made-way", BUSY);
    if (session !== undefined) return session.bye("refused", BUSY);
    if (!takesFrames) return connection.close();
    transport.write(refuseFramed("busy", BUSY)).catch(() => {})
      .finally(() => transport.close());
  }
}
