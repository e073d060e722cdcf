/** What the hub wants done: the effects of a turn's inputs, in their order, as data. The hub itself sends and stores nothing. */
import type { Commit, Entry } from "../store/store.ts";
import type { Bye, ServerMessage } from "../wire/server.ts";
import type { ConnectionId } from "./input.ts";

/** Where a connection that enters a room begins to hear it. `head` is the room's head at that moment. */
export type Start =
  /** With the last messages. */
  | { readonly kind: "last"; readonly head: number; readonly messages: number }
  /** With what comes after `seq`, which the client has; `at` is that message's time, if it says so. */
  | {
    readonly kind: "after";
    readonly head: number;
    readonly seq: number;
    readonly at?: number;
  }
  /** With what is said from now on; nothing is replayed, and nothing said about it. */
  | { readonly kind: "live"; readonly head: number };

/** A page of history that was asked for, from before or after a seq. */
export interface PageRequest {
  readonly room: string;
  /** The room as the answer names it. */
  readonly name: string;
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
  readonly id?: string;
}

/** A search of a room. */
export interface SearchRequest {
  readonly room: string;
  readonly name: string;
  readonly query: string;
  readonly words: readonly string[];
  readonly limit: number;
  readonly id?: string;
}

export type Effect =
  /** A connection was opened. `recall`: its person's last messages with an id must be put in before anything that it says. */
  | {
    readonly kind: "opened";
    readonly connection: ConnectionId;
    readonly recall?: string;
  }
  /** A message is journaled; those in the room get it, and its author gets an `ack` if it has an id. */
  | {
    readonly kind: "append";
    readonly author: ConnectionId;
    readonly entry: Entry;
    readonly ack: AckPlace;
  }
  /** One connection gets a message: an answer, or something about itself. */
  | {
    readonly kind: "answer";
    readonly to: ConnectionId;
    readonly message: ServerMessage;
  }
  /** One connection gets the state anew that it has missed the changes of. */
  | {
    readonly kind: "refresh";
    readonly to: ConnectionId;
    readonly message: ServerMessage;
  }
  /** Those who hear the room get a message that is not journaled. */
  | {
    readonly kind: "announce";
    readonly room: string;
    readonly message: ServerMessage;
  }
  /** Some connections get a message that they can do without when they are behind. */
  | {
    readonly kind: "tell";
    readonly to: readonly ConnectionId[];
    readonly message: ServerMessage;
  }
  /** A connection enters a room; `first` is sent before its history. */
  | {
    readonly kind: "enter";
    readonly connection: ConnectionId;
    readonly person: string;
    readonly room: string;
    readonly name: string;
    readonly start: Start;
    readonly first: readonly ServerMessage[];
  }
  /** A connection leaves a room: it hears what was said up to `head`, and nothing after. */
  | {
    readonly kind: "exit";
    readonly connection: ConnectionId;
    readonly room: string;
    readonly head: number;
  }
  /** A connection gets a page of history. */
  | {
    readonly kind: "page";
    readonly to: ConnectionId;
    readonly person: string;
    readonly page: PageRequest;
  }
  /** A connection gets what a search finds. */
  | {
    readonly kind: "search";
    readonly to: ConnectionId;
    readonly person: string;
    readonly search: SearchRequest;
  }
  /** A connection has its `welcome`, under this name. */
  | {
    readonly kind: "ready";
    readonly connection: ConnectionId;
    readonly name: string;
  }
  /** The person of these connections has another name. */
  | {
    readonly kind: "named";
    readonly connections: readonly ConnectionId[];
    readonly name: string;
  }
  /** A connection ends; `bye` is the last that it gets. */
  | {
    readonly kind: "end";
    readonly connection: ConnectionId;
    readonly bye: Bye;
  };

/** What an `ack` says of a message, besides its seq and time; `undefined` where none is wanted. */
export interface AckPlace {
  readonly id?: string;
  readonly room?: string;
  readonly to?: string;
}

/** A turn: what has to be committed, and what happens when it is. */
export interface Turn {
  readonly commit: Commit;
  readonly effects: readonly Effect[];
}
