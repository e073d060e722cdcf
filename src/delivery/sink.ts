/** Where the delivery puts what a connection gets: the session, or what stands for it in a test. */
import type { ServerMessage } from "../wire/server.ts";

/** Encodes what is the same for all who speak a dialect; `undefined` for what they are not told. */
export interface SharedEncoder {
  encodeShared(message: ServerMessage): Uint8Array | undefined;
}

/** `asked` answers; `unasked` shows the state on entering a room, or after having been behind. */
export type Why = "asked" | "unasked";

export interface Sink {
  /** The same object for all who get the same bytes for what is said and announced in a room. */
  readonly shared: SharedEncoder;
  /** Bytes that may be queued before it is over its limit; negative when it is over. */
  readonly spaceBytes: number;
  /**
   * Whether what is replayed may be sent now; if not, the delivery is told (`drained`) when it may.
   * Without this it always may.
   */
  mayReplay?(): boolean;
  /** Queues bytes that {@linkcode shared} has encoded. */
  push(bytes: Uint8Array): void;
  /** Encodes a message for this connection alone and queues it, an answer also over the limit. */
  send(message: ServerMessage, why?: Why): void;
  /** Sends what is queued. */
  flush(): void;
  /**
   * The hub knows the connection; `recall` names the person whose last messages with an id it must
   * be given before the next.
   */
  opened(recall: string | undefined): void;
  /** Its `welcome` is queued; it has this name. */
  ready(name: string): void;
  /** Its person has another name. */
  named(name: string): void;
  /** What is queued is the last; then it ends. */
  end(): void;
}
