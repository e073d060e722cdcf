/** The connections in the order and the choice that one wants to see. Pure. */
import type { WatchedConnection } from "../../wire/watched.ts";

export const COLUMNS = [
  "name",
  "key",
  "address",
  "dialect",
  "since",
  "rooms",
  "idle",
  "queued",
] as const;
export type Column = typeof COLUMNS[number];

/** By default as the server lists them: those behind first, then the latest. */
export interface Order {
  readonly column: Column;
  readonly direction: "ascending" | "descending";
}

const VALUES: Record<Column, (one: WatchedConnection) => string | number> = {
  name: ({ name }) => name?.toLowerCase() ?? "",
  key: ({ key }) => key ?? "",
  address: ({ address }) => address,
  dialect: ({ dialect, encrypted }) => `${dialect} ${encrypted === true}`,
  since: ({ since }) => since,
  rooms: ({ rooms }) => rooms.join(" "),
  idle: ({ idleMs }) => idleMs,
  queued: ({ queuedBytes }) => queuedBytes,
};
/** Where the large ones are looked for. */
const LARGE_FIRST: ReadonlySet<Column> = new Set(["since", "idle", "queued"]);

/** The order after a click on a column: one way, the other, and as the server has it. */
export function nextOrder(
  order: Order | undefined,
  column: Column,
): Order | undefined {
  const first = LARGE_FIRST.has(column) ? "descending" : "ascending";
  if (order?.column !== column) return { column, direction: first };
  if (order.direction !== first) return undefined;
  return {
    column,
    direction: first === "ascending" ? "descending" : "ascending",
  };
}

/** Those in which what is wanted stands somewhere, in that order. */
export function arranged(
  connections: readonly WatchedConnection[],
  order: Order | undefined,
  wanted: string,
): readonly WatchedConnection[] {
  const text = wanted.trim().toLowerCase();
  const found = text === ""
    ? connections
    : connections.filter((one) => textOf(one).includes(text));
  if (order === undefined) return found;
  const valueOf = VALUES[order.column];
  const sign = order.direction === "ascending" ? 1 : -1;
  return found.toSorted((one, two) =>
    sign * compare(valueOf(one), valueOf(two))
  );
}

function compare(one: string | number, two: string | number): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

function textOf(connection: WatchedConnection): string {
  const { id, name = "", key = "", address, dialect, rooms } = connection;
  return [id, name, key, address, dialect, ...rooms].join(" ").toLowerCase();
}
