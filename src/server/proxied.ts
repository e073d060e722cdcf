/** Connections that a trusted proxy brings: who they are from is in the header before them. */
import { concat } from "@std/bytes/concat";
import { isLoopback } from "../net/address.ts";
import { readProxyHeader } from "../net/proxy_header.ts";
import { type Transport, withFirstBytes } from "../net/transport.ts";

/**
 * Reads the header of the PROXY protocol.
 *
 * @returns the connection as its client's, behind the header; `undefined` when there is no valid
 * one.
 * @throws what reading from it throws.
 */
export async function unwrapProxied(
  transport: Transport,
): Promise<Transport | undefined> {
  const chunks = transport[Symbol.asyncIterator]();
  let first: Uint8Array = new Uint8Array(0);
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return undefined;
    first = concat([first, value]);
    const header = readProxyHeader(first);
    if (header === undefined) continue;
    if (header === "invalid") return undefined;
    const { peer, length } = header;
    // To a proxy elsewhere its own machine is local, and the way from there is not.
    const isLocal = transport.isLocal && isLoopback(peer.hostname);
    const facts = { peer, isLocal, isEncrypted: transport.isEncrypted };
    return withFirstBytes(first.subarray(length), chunks, transport, facts);
  }
}
