/** What the hub wants done, as data: the effects of a turn's inputs, in their order. */
import type { Commit, Entry } from "../store/store.ts";
import type { Bye, ServerMessage } from "../wire/server.ts";
import type { Watched } from "../wire/watched.ts";
import type { ConnectionId } from "./input.ts";

/** Where a connection begins to hear a room. `head` is the room's head at that moment. */
export type Start = Readonly<
  /** With the last messages. */
  | { kind: "last"; head: number; messages: number }
  /** With what comes after `seq`, which the client has; `at` is that message's time, if given. */
  | { kind: "after"; head: number; seq: number; at?: number }
  /**
   * With what is said from now on; nothing is replayed, and nothing said about it. It `continues`
   * where the connection has left and not been sent all yet.
   */
  | { kind: "live"; head: number; continues?: true }
>;

/** Something that the journal is asked for: of a room, which the answer calls by `name`. */
interface Request {
  readonly room: string;
  readonly name: string;
  readonly limit: number;
  readonly id?: string;
}

/** A page of history from before or after a seq. */
export interface PageRequest extends Request {
  readonly before?: number;
  readonly after?: number;
}

/** A search of a room, or of what is before a seq. */
export interface SearchRequest extends Request {
  readonly before?: number;
  /** In place of the room: several, by their keys, with what each is called. */
  readonly places?: ReadonlyMap<string, string>;
  /** The room of them that `before` is of. */
  readonly beforeRoom?: string;
  /** Where it is, as it was asked for. */
  readonly where?: string;
  readonly query: string;
  readonly words: readonly string[];
}

/** What an `ack` says of a message, besides its seq and time; nothing where none is wanted. */
export interface AckPlace {
  readonly id?: string;
  readonly room?: string;
  readonly to?: string;
  /** Of whom it is said to. */
  readonly away?: string;
  readonly later?: true;
}

/** An administrator wants the server to stop. */
export interface StopRequest {
  /** The name of who wants it. */
  readonly by: string;
  readonly why?: string;
}

/** What somebody who may has done to somebody, to a room or to the server. */
export interface Audit {
  /** The command, such as `kick`, `server ban`. */
  readonly action: string;
  /** The name of who did it. */
  readonly by: string;
  /** Whom it was done to: a name, or what else was named. */
  readonly target?: string;
  /** The address of the target, where it is here. */
  readonly address?: string;
  readonly room?: string;
}

export type Effect = Readonly<
  /**
   * A connection was opened. `recall`: this person's last messages with an id must be put in before
   * anything that it says with one.
   */
  | { kind: "opened"; connection: ConnectionId; recall?: string }
  /**
   * An entry is journaled; those in the room get it, and its author an `ack` if it has an id. In a
   * room that is or was large they may not know its author.
   * `erases`: the entry of this seq is `gone` with it.
   */
  | {
    kind: "append";
    author: ConnectionId;
    entry: Entry;
    ack: AckPlace;
    isLarge?: true;
    erases?: number;
  }
  /** One connection gets a message: an answer, or something about itself. */
  | { kind: "answer"; to: ConnectionId; message: ServerMessage }
  /** One connection gets the state anew that it has missed the changes of. */
  | { kind: "refresh"; to: ConnectionId; message: ServerMessage }
  /** Those who hear the room get a message that is not journaled. */
  | { kind: "announce"; room: string; message: ServerMessage }
  /** Some connections get a message that they can do without when they are behind. */
  | { kind: "tell"; to: readonly ConnectionId[]; message: ServerMessage }
  /** A connection enters a room; `first` is sent before its history. */
  | {
    kind: "enter";
    connection: ConnectionId;
    person: string;
    room: string;
    name: string;
    start: Start;
    first: readonly ServerMessage[];
  }
  /** A connection leaves a room: it hears what was said up to `head`, and nothing after. */
  | { kind: "exit"; connection: ConnectionId; room: string; head: number }
  /** A connection gets a page of history, or what a search finds. */
  | { kind: "page"; to: ConnectionId; person: string; page: PageRequest }
  | { kind: "search"; to: ConnectionId; person: string; search: SearchRequest }
  /** A connection has its `welcome`, under this name. */
  | { kind: "ready"; connection: ConnectionId; name: string }
  /** The person of these connections has another name. */
  | { kind: "named"; connections: readonly ConnectionId[]; name: string }
  /** An administrator watches this of the server from now on, or nothing any more. */
  | { kind: "watch"; connection: ConnectionId; what: readonly Watched[] }
  /** It is noted for the operator of the server; no connection gets it. */
  | { kind: "audit"; audit: Audit }
  /** The server is to stop, as by a signal. */
  | { kind: "stop" } & StopRequest
  /** A connection ends; `bye` is the last that it gets. */
  | { kind: "end"; connection: ConnectionId; bye: Bye }
>;

/** A turn: what has to be committed, and what happens when it is. */
export interface Turn {
  readonly commit: Commit;
  readonly effects: readonly Effect[];
}
