/** Connects to a server by TCP, and says in a person's words why that failed. */
import { abortable } from "@std/async/abortable";
import { ConfabError, describeError } from "../base/errors.ts";
import { TcpTransport } from "../net/tcp.ts";
import type { Transport } from "../net/transport.ts";
import type { Target } from "./target.ts";

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
