/** One connection of a server, from its acceptance to its end: what is known of it. */
import { given } from "../base/given.ts";
import type { ConnectionId } from "../chat/input.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { plainAddress } from "../net/address.ts";
import type { Transport } from "../net/transport.ts";
import type { KeyPair } from "../secure/x25519.ts";
import type { Admitted } from "./admission.ts";
import type { Session } from "./session.ts";
import type { ConnectionInfo, Described } from "./tap.ts";

export class Connection implements Described {
  readonly id: ConnectionId;
  /** The client's, from when it is known that a proxy brought it. */
  transport: Transport;
  readonly admitted: Admitted;
  /** When opening must be over, in monotonic milliseconds. */
  openBy: number;
  /** From when it had a session, in milliseconds UTC. */
  since = 0;
  session: Session | undefined;
  /** Whether a frame between what it is sent is one to it: not where something else carries them. */
  takesFrames = true;
  /** Ends what was opened in it, where that would not see the end of its transport. */
  endInside: (() => void) | undefined;
  /** The server's key that it was shown, if it is sealed. */
  sealedBy: KeyPair | undefined;
  /** Whether a proxy must say first whom it brings. */
  readonly isProxied: boolean;
  /** It has shown an invite of which the hub has not said yet what it is worth. */
  isGuessing = false;
  readonly #delivery: Pick<Delivery, "describe" | "isBehind">;

  constructor(
    id: ConnectionId,
    transport: Transport,
    admitted: Admitted,
    openBy: number,
    delivery: Pick<Delivery, "describe" | "isBehind">,
    isProxied = false,
  ) {
    this.isProxied = isProxied;
    this.id = id;
    this.transport = transport;
    this.admitted = admitted;
    this.openBy = openBy;
    this.#delivery = delivery;
  }

  /** Ends what has no session, or had one. */
  close(): void {
    this.transport.close();
    this.endInside?.();
  }

  /** The person's fingerprint, where it has one. */
  get key(): string | undefined {
    return this.session?.transport.key;
  }

  get name(): string | undefined {
    return this.session?.name;
  }

  get queuedBytes(): number {
    return this.session?.queuedBytes ?? 0;
  }

  get isBehind(): boolean {
    return this.#delivery.isBehind(this.id);
  }

  /** How it is now; it has a session. */
  describe(): ConnectionInfo {
    const { id, since } = this;
    const session = this.session!;
    const { key, isEncrypted } = session.transport;
    return {
      id,
      peer: plainAddress(this.transport.peer.hostname),
      dialect: session.codec.dialect,
      isEncrypted,
      since,
      queuedBytes: session.queuedBytes,
      idleMs: session.idleMs,
      ...given({ key, name: session.name }),
      ...this.#delivery.describe(id),
    };
  }
}
