/** Connects to a server by TCP, and says in a person's words why that failed. */
import { ConfabError, describeError } from "../base/errors.ts";
import { TcpTransport } from "../net/tcp.ts";
import type { Transport } from "../net/transport.ts";
import type { Target } from "./target.ts";

/** @throws {ConfabError} `connection`. */
export async function dial(
  { host, port, address }: Target,
): Promise<Transport> {
  try {
    return new TcpTransport(await Deno.connect({ hostname: host, port }));
  } catch (error) {
    throw new ConfabError("connection", whyNotConnected(error, host, address), {
      cause: error,
    });
  }
}

function whyNotConnected(
  error: unknown,
  host: string,
  address: string,
): string {
  if (error instanceof Deno.errors.ConnectionRefused) {
    return `connection refused: is a server running at ${address}?`;
  }
  const message = describeError(error);
  if (/lookup|resolve|not known/i.test(message)) {
    return `there is no host ${host}: is the name right?`;
  }
  return `cannot connect to ${address}: ${message}`;
}
