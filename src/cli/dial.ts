/** A server as a person names it, and the way there: TCP, and in a person's words why it failed. */
import { abortable } from "@std/async/abortable";
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import { TcpTransport } from "../net/tcp.ts";
import type { Transport } from "../net/transport.ts";
import { serverAddress } from "../trust/judge.ts";

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 5000;

/** A server that is to be joined. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** As it is pinned. */
  readonly address: string;
}

/**
 * `HOST`, `HOST:PORT`, `[IPV6]:PORT` or a bare IPv6 address.
 *
 * @throws {UsageError} for anything else.
 */
export function parseTarget(where: string): Target {
  const { host, port = DEFAULT_PORT } = parsePlace(where);
  return targetAt(host, port);
}

/** As {@linkcode parseTarget}, without a port where none is given. */
export function parsePlace(where: string): { host: string; port?: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(where);
  const host = match?.[1] ?? match?.[2] ??
    (/^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.%\w]*$/i.test(where) ? where : undefined);
  if (host === undefined) {
    const given = JSON.stringify(where);
    throw new UsageError(`${given} is no server: give HOST or HOST:PORT`);
  }
  return match?.[3] === undefined ? { host } : { host, port: Number(match[3]) };
}

/** @throws {UsageError} when it is no host or no port. */
export function targetAt(host: string, port: number): Target {
  return { host, port, address: serverAddress(host, port) };
}

/**
 * Connects to a server, until the signal aborts. `connect` stands for `Deno.connect` in tests.
 *
 * @throws {ConfabError} `connection`; the signal's reason when it has aborted.
 */
export async function dial(
  { host, port, address }: Target,
  signal: AbortSignal,
  connect: typeof Deno.connect = Deno.connect,
): Promise<Transport> {
  const connecting = connect({ hostname: host, port, signal });
  try {
    // The runtime gives up connecting, but not looking the name up.
    const conn = await abortable(connecting, signal);
    signal.throwIfAborted();
    return new TcpTransport(conn);
  } catch (error) {
    if (signal.aborted) {
      connecting.then((late) => late.close(), () => {});
      throw signal.reason;
    }
    const why = whyNotConnected(error, host, address);
    throw new ConfabError("connection", why, { cause: error });
  }
}

function whyNotConnected(error: unknown, host: string, address: string) {
  if (error instanceof Deno.errors.ConnectionRefused) {
    return `connection refused: is a server running at ${address}?`;
  }
  const message = describeError(error);
  if (/lookup|resolve|not known/i.test(message)) {
    return `there is no host ${host}: is the name right?`;
  }
  return `cannot connect to ${address}: ${message}`;
}
