/** A codec: one client's dialect between bytes and messages; no chat, no sockets, no clock. */
import { type ConfabError, ProtocolError } from "../base/errors.ts";
import type { SharedEncoder, Why } from "../delivery/sink.ts";
import type { ClientMessage } from "../wire/client.ts";
import type { ServerMessage } from "../wire/server.ts";

/** What the bytes of a client come to. */
export type Heard =
  | { readonly kind: "message"; readonly message: ClientMessage }
  /** Something that is answered by an `ack` in its order like a chat, and is not said. */
  | { readonly kind: "unsaid"; readonly id: string }
  /** One message is faulty; what follows can be read. */
  | { readonly kind: "fault"; readonly error: ProtocolError }
  /** The dialect itself has an answer to this. */
  | { readonly kind: "answer"; readonly bytes: Uint8Array }
  /** The client says goodbye. */
  | { readonly kind: "goodbye" };

/**
 * One client's codec. Where only the first message tells what the client is (unsealed JSON), the
 * facts about it hold from the first {@linkcode Heard} on.
 */
export interface Codec {
  /** As logs and the monitor call it: `json`, `json lines`, `hello`, `terminal`, … */
  readonly dialect: string;
  /**
   * Encodes what others say and what is announced, with the bytes of {@linkcode encode}. What
   * concerns the client itself goes through `encode` alone: its own messages and name, what is
   * private, and what it is fed after having been behind.
   */
  readonly shared: SharedEncoder;
  /**
   * How the client enters: `itself` by saying `hello`, which may be refused and said again;
   * `greeted` by a `hello` that the codec makes of what it says first: nothing more is read before
   * that is answered, and a refusal is the end; `asked`, as `greeted`, but what it says after a
   * refusal is tried, too.
   */
  readonly entry: "itself" | "greeted" | "asked";
  /** Whether it answers a `ping`; the others are watched by TCP alone. */
  readonly hasHeartbeat: boolean;

  /**
   * Takes the bytes that came next, when {@linkcode next} has returned `undefined`; the chunk must
   * stay as it is until it does so again.
   */
  push(chunk: Uint8Array): void;
  /**
   * What the client says next, or `undefined` when more bytes are needed.
   *
   * @throws {ConfabError} when the bytes cannot be followed any further.
   */
  next(): Heard | undefined;
  /**
   * As {@linkcode next}, when the input has ended: what that makes whole, and at last the goodbye
   * where an end counts as one. Such a client is shown no `bye`.
   */
  end(): Heard | undefined;

  /**
   * A message for this client alone; the codec may remember what it needs of it.
   *
   * @returns `undefined` for what the client is not told.
   */
  encode(message: ServerMessage, why: Why): Uint8Array | undefined;
  /** The last words to one whose bytes cannot be followed any further. */
  encodeFault(error: ConfabError): Uint8Array;
}

export const GOODBYE: Heard = { kind: "goodbye" };

/** What `read` reads, or the fault when it throws a {@linkcode ProtocolError}. */
export function heard(read: () => ClientMessage): Heard {
  try {
    return { kind: "message", message: read() };
  } catch (error) {
    if (error instanceof ProtocolError) return { kind: "fault", error };
    throw error;
  }
}
