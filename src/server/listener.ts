/** Accepts TCP connections and hands them over as transports. */
import { type Clock, delay } from "../base/clock.ts";
import { ACCEPT_RETRY_MS } from "../base/limits.ts";
import { TcpTransport } from "../net/tcp.ts";
import type { Transport } from "../net/transport.ts";

export interface ListenOptions {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

interface ListenerOptions extends ListenOptions {
  readonly clock: Clock;
  /** Takes a connection; never throws. */
  readonly onConnection: (transport: Transport) => void;
  /** The system gave no connection; it is asked again after a moment. */
  readonly onFault: (error: unknown) => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #listener: Deno.TcpListener;
  readonly #accepting: Promise<void>;
  readonly #closing = new AbortController();

  /**
   * Listens until {@linkcode close}.
   *
   * @throws {Deno.errors.AddrInUse} and what else listening throws.
   */
  constructor(options: ListenerOptions) {
    const { hostname, port } = options;
    this.#options = options;
    this.#listener = Deno.listen({ hostname, port });
    this.#accepting = this.#acceptAll();
  }

  get address(): Deno.NetAddr {
    return this.#listener.addr as Deno.NetAddr;
  }

  /** Resolves when nobody more is accepted. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#listener.close();
    this.#closing.abort();
    await this.#accepting;
  }

  async #acceptAll(): Promise<void> {
    const { clock, onConnection, onFault } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const transport = transportOf(await this.#listener.accept());
        if (transport !== undefined) onConnection(transport);
      } catch (error) {
        if (signal.aborted || error instanceof Deno.errors.BadResource) return;
        // One that went away in the queue, or no descriptor is left: the next may fare better.
        onFault(error);
        await delay(clock, ACCEPT_RETRY_MS, signal);
      }
    }
  }
}

/** `undefined` for one that is gone before it began. */
function transportOf(conn: Deno.TcpConn): Transport | undefined {
  try {
    return new TcpTransport(conn);
  } catch {
    conn.close();
    return undefined;
  }
}
