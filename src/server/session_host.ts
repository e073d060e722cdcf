/** What sessions need of the server that they are of. */
import type { ProtocolError } from "../base/errors.ts";
import type { ConnectionId } from "../chat/input.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Pace } from "../net/outbox.ts";
import type { Hello } from "../wire/client.ts";
import type { IntakeHost } from "./intake.ts";
import type { Recalling } from "./recall.ts";

/** What the sessions of a server share. */
export interface SessionHost extends IntakeHost {
  /** Lets their writes begin. */
  readonly pace: Pace;
  readonly delivery: Pick<Delivery, "drained" | "answered">;
  /** Gives the hub what it must recall of a session's person; never rejects. */
  readonly recall: (person: string, session: Recalling) => Promise<void>;
  /** Looks who runs the server, while that is not known. */
  readonly meetOwner: () => Promise<void> | undefined;
  /** Why a `hello` that shows something must not reach the hub; it may take its time to say so. */
  readonly judgeHello: (
    hello: Hello,
    signal: AbortSignal,
    id: ConnectionId,
  ) => Promise<ProtocolError | undefined>;
  /** The fingerprint of the key that the server shows after the one of a connection, if told. */
  readonly nextKey: (id: ConnectionId) => string | undefined;
  /** It has its `welcome`. */
  readonly onReady: (id: ConnectionId) => void;
  /** Its `hello` was refused, with this code. */
  readonly onRefused: (id: ConnectionId, code: string) => void;
}
