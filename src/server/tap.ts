/** What goes on in the server is told here, once; the log reads it, and whatever else watches. */
import { Latencies } from "../base/latencies.ts";
import type { Audit } from "../chat/effects.ts";
import type { ConnectionEnd, ConnectionId } from "../chat/input.ts";

/** A connection that has a session, as it is when it is asked for. */
export interface ConnectionInfo {
  readonly id: ConnectionId;
  /** The address, in its one way of writing. */
  readonly peer: string;
  readonly dialect: string;
  /** The person's fingerprint. */
  readonly key?: string;
  /** The person's name, from the `welcome` on. */
  readonly name?: string;
  readonly isEncrypted: boolean;
  /** Milliseconds UTC. */
  readonly since: number;
  /** As the connection names them. */
  readonly rooms: readonly string[];
  readonly queuedBytes: number;
  /** Whether it reads more slowly than there is something said. */
  readonly isBehind: boolean;
  /** For how long its client has said nothing but signs of life. */
  readonly idleMs: number;
}

/** A connection that has a session: what is looked at often, of all of them, has no object made. */
export interface Described {
  readonly key: string | undefined;
  readonly name: string | undefined;
  readonly queuedBytes: number;
  readonly isBehind: boolean;
  /** What it is at any moment. */
  describe(): ConnectionInfo;
}

/** Counts from the start of the server on; a rate is the difference of two looks at them. */
class Counters {
  /** Connections that got a session. */
  connected = 0;
  /** Those among them that have ended. */
  disconnected = 0;
  /** Messages that were read, faulty ones too. */
  messagesIn = 0;
  /** Pieces queued for connections: an answer, or what is said in a room in one turn. */
  deliveries = 0;
  /** Turns that held, and the effects in them. */
  turns = 0;
  effects = 0;
  /** Turns among them that had something to store, and the entries and milliseconds of that. */
  commits = 0;
  entries = 0;
  commitMs = 0;
  notStored = 0;
  /** How long each turn took, from its first input until it was delivered, and each commit. */
  readonly turnTimes = new Latencies();
  readonly commitTimes = new Latencies();
  /** Connections that were refused, by reason. */
  readonly refused = new Map<string, number>();
}

/** Faults, as the log calls them. */
export type FaultName =
  | "a connection failed"
  | "a message failed"
  | "journal not read"
  | "journal not followed"
  | "not indexed"
  | "not kept in bounds";

export type TapEvent = Readonly<
  | { kind: "connected"; connection: ConnectionInfo }
  | { kind: "disconnected"; id: ConnectionId; how: ConnectionEnd }
  /** `limit` is what its person is told of the limit, where it was refused for one. */
  | { kind: "refused"; peer: string; reason: string; limit: string | undefined }
  /** Somebody was answered an error; `peer` is the address in its one way of writing. */
  | {
    kind: "denied";
    id: ConnectionId;
    peer: string;
    name?: string;
    code: string;
  }
  /** What somebody says has to wait, for this long. */
  | {
    kind: "slowed";
    id: ConnectionId;
    peer: string;
    name?: string;
    waitMs: number;
  }
  /** Somebody who may has done something to somebody, to a room or to the server. */
  | { kind: "audit"; audit: Audit }
  /** A connection ended before it had a session. */
  | { kind: "opening failed"; id: ConnectionId; error: unknown }
  /** The system gave no connection. */
  | { kind: "not accepted"; error: unknown }
  | {
    kind: "not stored";
    error: unknown;
    authors: ReadonlySet<ConnectionId>;
    failedTurns: number;
  }
  | { kind: "stores again"; failedTurns: number }
  /** The oldest messages were taken away, the last of them said at `until` (milliseconds UTC). */
  | { kind: "trimmed"; entries: number; until: number; usedBytes: number }
  /** Nothing new is taken from now on, for want of space; or it is again. */
  | { kind: "space"; isFull: boolean; freeBytes: number; usedBytes: number }
  | {
    kind: "fault";
    name: FaultName;
    error: unknown;
    id: ConnectionId | undefined;
  }
>;

export class Tap {
  readonly counters = new Counters();
  readonly #connections = new Map<ConnectionId, Described>();
  readonly #listeners = new Set<(event: TapEvent) => void>();

  /** Calls back with each event, at once; the result ends that. */
  subscribe(listener: (event: TapEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The connections that have a session, as they are now. */
  connections(): ConnectionInfo[] {
    return Array.from(
      this.#connections.values(),
      (connection) => connection.describe(),
    );
  }

  /** The same as they are, in the order in which they came. */
  described(): Described[] {
    return Array.from(this.#connections.values());
  }

  /** A connection has a session from now on. */
  connected(id: ConnectionId, connection: Described): void {
    this.#connections.set(id, connection);
    this.counters.connected++;
    this.tell({ kind: "connected", connection: connection.describe() });
  }

  disconnected(id: ConnectionId, how: ConnectionEnd): void {
    this.#connections.delete(id);
    this.counters.disconnected++;
    this.tell({ kind: "disconnected", id, how });
  }

  refused(peer: string, reason: string, limit?: string): void {
    const { refused } = this.counters;
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
    this.tell({ kind: "refused", peer, reason, limit });
  }

  /** A fault of this program or of its store, of one connection or not. */
  failed(name: FaultName, error: unknown, id?: ConnectionId): void {
    this.tell({ kind: "fault", name, error, id });
  }

  /** A turn is over: its effects, the entries that were stored, how long that and all of it took. */
  turned(
    turn: {
      effects: number;
      entries: number;
      commitMs: number;
      turnMs: number;
    },
  ): void {
    const { counters } = this;
    const { entries, effects, commitMs, turnMs } = turn;
    counters.turns++;
    counters.effects += effects;
    counters.entries += entries;
    counters.commitMs += commitMs;
    counters.turnTimes.add(turnMs);
    if (entries === 0 && commitMs === 0) return;
    counters.commits++;
    counters.commitTimes.add(commitMs);
  }

  /** A turn was not stored, the `failedTurns`th in a row; these said something in it. */
  notStored(
    error: unknown,
    authors: ReadonlySet<ConnectionId>,
    failedTurns: number,
  ): void {
    this.counters.notStored++;
    this.tell({ kind: "not stored", error, authors, failedTurns });
  }

  /** A turn was stored, after so many that were not. */
  storesAgain(failedTurns: number): void {
    this.tell({ kind: "stores again", failedTurns });
  }

  /** Tells what is not counted. */
  tell(event: TapEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
