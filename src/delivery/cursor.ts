/** What the delivery loop knows of connections and of their places in rooms. */
import type { ConnectionId, Start } from "../chat/effects.ts";
import type { Entry } from "../store/store.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { PageFlags } from "./encoding.ts";
import type { Feed } from "./room_buffer.ts";

/** A connection as the loop sees it: where its bytes go. */
export interface Outlet {
  /** Bytes that may be queued before it is over its limit. */
  readonly spaceBytes: number;
  /** Queues a frame, or several; answers are queued also over the limit. */
  push(frames: Uint8Array): void;
  /** Sends what is queued. */
  flush(): void;
  /** Its `welcome` is queued. */
  ready(): void;
  /** What is queued is the last; then it ends. */
  end(): void;
}

/** Where a connection is in a room. */
export interface Cursor {
  readonly listener: Listener;
  readonly feed: Feed;
  /** The room as this connection is told of it. */
  readonly name: string;
  /** Seq of the next message to send. */
  next: number;
  /** Seq of the last to send, once the connection has left the room. */
  last: number;
  state: "opening" | "behind" | "live";
  /** What was said besides messages (`joined`, …) did not reach it: it gets a fresh `users` at the head. */
  hasMissed: boolean;
  opening: Opening | undefined;
  /** The turn in which it entered. */
  readonly turn: number;
}

/** What remains to be replayed to one that enters. */
export interface Opening {
  readonly start: Start;
  readonly first: readonly ServerMessage[];
  /** Seq of the last message that is replayed. */
  readonly until: number;
  hasBegun: boolean;
  /** Flags of the next page. */
  flags: Partial<PageFlags>;
}

export interface Listener {
  readonly id: ConnectionId;
  readonly outlet: Outlet;
  person: string;
  readonly cursors: Map<string, Cursor>;
  /** Those that are not at the head, in the order they are fed. */
  waiting: Cursor[];
  isFeeding: boolean;
  /** Its part of the present turn is being delivered. */
  isWalking: boolean;
  /** Answers that the journal has to give first. */
  readonly answering: Set<Promise<void>>;
}

/** A message from the ring, with its frame, or from the journal. */
export interface Message {
  readonly entry: Entry;
  readonly frame?: Uint8Array;
}
