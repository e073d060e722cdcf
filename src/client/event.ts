/** What a client tells whoever iterates over it. */
import type { ConfabError } from "../base/errors.ts";
import type { History, ServerMessage, Welcome } from "../wire/server.ts";
import type { Noted } from "./room_state.ts";

/**
 * What comes unasked; the answer to a request is the outcome of `Client.request` only.
 *
 * What one says by a request is no event either, unless the message itself comes before its ack, in
 * a replay or to one who has fallen behind: it is an event then, and the request resolves with the
 * message and not with an `ack`. So whoever shows the events, and one's own words when they get an
 * `ack`, has shown everything once, in order.
 */
export type ClientEvent = Readonly<
  /** There is a connection, the first or another. */
  | { kind: "connected"; welcome: Welcome; isFirst: boolean }
  /** The server says something; a stored message comes once, whether live or replayed. */
  | { kind: "message"; message: ServerMessage }
  /** A page of a replay, and its new messages. `isReplay`: it fills a gap after a reconnect. */
  | ({ kind: "history"; history: History } & Noted)
  /** Something about the server's key that the person is to be told. */
  | { kind: "note"; text: string }
  /** There is no connection; another is tried after some time. */
  | { kind: "disconnected"; reason: string; retryInMs: number }
  /** It is over: with an error, or without one after `close`. */
  | { kind: "ended"; error: ConfabError | undefined }
>;
