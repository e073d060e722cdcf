/** A server as a person names it. */
import { UsageError } from "../base/errors.ts";
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
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(where);
  const host = match?.[1] ?? match?.[2] ??
    (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.%\w]*$/i.test(where)
      ? where
      : undefined);
  if (host === undefined) {
    throw new UsageError(
      `${JSON.stringify(where)} is no server: give HOST or HOST:PORT`,
    );
  }
  const port = match?.[3] === undefined ? DEFAULT_PORT : Number(match[3]);
  return { host, port, address: serverAddress(host, port) };
}
