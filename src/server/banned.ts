/** Addresses that may not connect: asked of what is committed, before anything is read of them. */
import { canonicalIp } from "../base/cidr.ts";
import {
  bannedText,
  networkBanOf,
  type ReadBans,
} from "../chat/server_bans.ts";
import type { TransportFacts } from "../net/transport.ts";
import type { Directory } from "../store/store.ts";

/**
 * Why a peer may not connect, in words; `undefined` when it may. What is on this machine always
 * may.
 *
 * @param now milliseconds UTC.
 */
export function addressRefusal(
  directory: Pick<Directory, "record">,
  { peer, isLocal }: Pick<TransportFacts, "peer" | "isLocal">,
  now: number,
): string | undefined {
  const ip = isLocal ? undefined : canonicalIp(peer.hostname);
  if (ip === undefined) return undefined;
  const read: ReadBans = (kind, key) =>
    // deno-lint-ignore no-explicit-any -- a record is what its kind says.
    directory.record(kind, key)?.value as any;
  const ban = networkBanOf(read, ip, now);
  return ban === undefined ? undefined : bannedText(ban);
}
