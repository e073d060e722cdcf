/** What can happen to the hub, as data: the same inputs lead to the same chat. */
import type { ProtocolError } from "../base/errors.ts";
import type { Conflict, Entry } from "../store/store.ts";
import type { ClientMessage } from "../wire/client.ts";
import type { Ack } from "../wire/server.ts";

/** Names a connection: the node that holds its socket, and a number that the node gives once. */
export type ConnectionId = `${string}/${number}`;

/** The id of the connection with this number at a node. */
export function connectionId(node: string, number: number): ConnectionId {
  return `${node}/${number}`;
}

/** A moment, on both clocks. */
export interface Moment {
  /** Milliseconds UTC. */
  readonly wall: number;
  /** Milliseconds that only go forward. */
  readonly monotonic: number;
}

/** Who is at the other end of a connection, as far as the hub needs to know. */
export interface Peer {
  /** The person's fingerprint; a keyless peer is a new person at each connection. */
  readonly key?: string;
  /** What limits by address count by. */
  readonly address: string;
  /** The address itself. */
  readonly ip: string;
  /** Whether it is on the server's own machine, where addresses tell nothing. */
  readonly isLocal: boolean;
}

/** A fault that is to be answered, as data. */
export type Refusal = Pick<ProtocolError, "code" | "message"> & {
  readonly id?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The room that could not be entered by a hello. */
  readonly room?: string | undefined;
};

/** How a connection ended: with a goodbye, or without. */
export type ConnectionEnd = "closed" | "cut";

/** Something that happens to one connection. */
type OfConnection =
  /** It is there. The effect `opened` follows, before which nothing else may come of it. */
  | { kind: "open"; peer: Peer }
  /** The person's last messages with an id, newest first, which `opened` asked for. */
  | { kind: "recalled"; entries: readonly Entry[] }
  | { kind: "message"; message: ClientMessage }
  /** It has shown the server's password. */
  | { kind: "password" }
  /** What it said did not pass the server: the hub answers it in its turn. */
  | { kind: "refuse"; refusal: Refusal }
  /** It said something that is not for the hub, and has its answer in its turn. */
  | { kind: "answer"; message: Ack }
  /** It is at a room's head again and has missed announcements. */
  | { kind: "caught-up"; room: string }
  /** It is gone; a cut gives a person with a key time to come back. */
  | { kind: "close"; how: ConnectionEnd };

export type Input = Readonly<
  | OfConnection & { at: Moment; connection: ConnectionId }
  /** Others wrote this to the journal: ascending in each room. */
  | { kind: "followed"; entries: readonly Entry[] }
  /** From now on these keys are listed to be let in. */
  | { kind: "allowed"; at: Moment; keys: readonly string[] }
  /** These keys may do everything, too, from now on. */
  | { kind: "admins"; at: Moment; keys: readonly string[] }
  /** Time goes by; about once a second. */
  | { kind: "tick"; at: Moment }
  /** Nothing new can be kept from now on, and why; or it can again. */
  | { kind: "space"; refusal?: string }
  /** The turn that was taken is committed. */
  | { kind: "committed" }
  /** It was not: because of a conflict, else because nothing can be stored now. */
  | { kind: "failed"; conflict?: Conflict }
>;
