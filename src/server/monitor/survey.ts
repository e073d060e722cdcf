/** One pass over all connections: what they are together, and which of them are shown. */
import { given } from "../../base/given.ts";
import {
  CONNECTION_ROOMS_SHOWN,
  CONNECTIONS_SHOWN,
} from "../../base/limits.ts";
import { fitFrame } from "../../wire/frame_list.ts";
import type {
  ConnectionsMessage,
  WatchedConnection,
} from "../../wire/watched.ts";
import type { ConnectionInfo, Described } from "../tap.ts";

export interface Survey {
  readonly connections: number;
  readonly guests: number;
  readonly people: number;
  readonly behind: number;
  readonly queuedBytes: number;
  /** Those that are behind first, then those that came last. */
  readonly shown: readonly Described[];
}

/** Looks at all, given in the order in which they came; makes nothing for each of them. */
export function survey(all: readonly Described[]): Survey {
  const behind: Described[] = [];
  const others: Described[] = [];
  const keys = new Set<string>();
  let [guests, count, queuedBytes] = [0, 0, 0];
  for (let at = all.length - 1; at >= 0; at--) {
    const one = all[at]!;
    queuedBytes += one.queuedBytes;
    if (one.name !== undefined) {
      if (one.key === undefined) guests++;
      else keys.add(one.key);
    }
    if (one.isBehind) {
      count++;
      if (behind.length < CONNECTIONS_SHOWN) behind.push(one);
    } else if (others.length < CONNECTIONS_SHOWN) others.push(one);
  }
  return {
    connections: all.length,
    guests,
    people: keys.size,
    behind: count,
    queuedBytes,
    shown: [...behind, ...others].slice(0, CONNECTIONS_SHOWN),
  };
}

/** Those that are shown, as many as fit a frame. */
export function connectionsMessage(
  { connections, shown }: Pick<Survey, "connections" | "shown">,
): ConnectionsMessage {
  const fitting = fitFrame(shown.map((one) => shownOf(one.describe())));
  return {
    type: "connections",
    connections: fitting,
    more: connections - fitting.length,
  };
}

/** What of a message a change of is news. */
export function newsOf({ connections, more }: ConnectionsMessage): string {
  return JSON.stringify([
    more,
    connections.map((one) => ({ ...one, idleMs: 0 })),
  ]);
}

/** Who is in very many rooms must not take the place of others. */
function shownOf(info: ConnectionInfo): WatchedConnection {
  const { id, name, key, peer: address, dialect, since, queuedBytes } = info;
  const rooms = info.rooms.slice(0, CONNECTION_ROOMS_SHOWN);
  const moreRooms = info.rooms.length - rooms.length;
  return {
    id,
    ...given({ name, key }),
    address,
    dialect,
    ...info.isEncrypted ? { encrypted: true } : {},
    since,
    rooms,
    ...moreRooms > 0 ? { moreRooms } : {},
    idleMs: Math.round(info.idleMs),
    queuedBytes,
    ...info.isBehind ? { behind: true } : {},
  };
}
