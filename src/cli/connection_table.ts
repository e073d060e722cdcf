/** The connections of a server as a table for a person. Pure. */
import { cellsOfText, fitText } from "../terminal/screen/cells.ts";
import { bytesText, spanText } from "../text/quantities.ts";
import type { WatchedConnection } from "../wire/watched.ts";

interface Column {
  readonly head: string;
  readonly maxCells: number;
  show(connection: WatchedConnection, at: number): string;
}

/** What matters most comes first: a narrow window cuts the rest off. */
const COLUMNS: readonly Column[] = [
  { head: "ID", maxCells: 10, show: ({ id }) => id },
  { head: "NAME", maxCells: 20, show: nameOf },
  { head: "ADDRESS", maxCells: 39, show: ({ address }) => address },
  { head: "IDLE", maxCells: 8, show: ({ idleMs }) => spanText(idleMs) },
  { head: "QUEUED", maxCells: 16, show: queuedOf },
  { head: "SPEAKS", maxCells: 20, show: dialectOf },
  {
    head: "HERE FOR",
    maxCells: 8,
    show: ({ since }, at) => spanText(at - since),
  },
  { head: "ROOMS", maxCells: 200, show: roomsOf },
];

/** `at`: when the server said so, milliseconds UTC; `more`: how many it has left out. */
export function connectionTable(
  connections: readonly WatchedConnection[],
  more: number,
  at: number,
): string[] {
  const rows = [
    COLUMNS.map(({ head }) => head),
    ...connections.map((connection) =>
      COLUMNS.map(({ maxCells, show }) =>
        fitText(show(connection, at), maxCells)
      )
    ),
  ];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => cellsOfText(row[column]!)))
  );
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      cell + " ".repeat(widths[column]! - cellsOfText(cell))
    ).join("  ").trimEnd()
  );
  if (more > 0) lines.push(`and ${more.toLocaleString("en")} more`);
  return lines;
}

function nameOf({ name, key }: WatchedConnection): string {
  if (name === undefined) return "(no hello yet)";
  return key === undefined ? `${name} (guest)` : name;
}

function queuedOf({ queuedBytes, behind }: WatchedConnection): string {
  const queued = bytesText(queuedBytes);
  return behind ? `${queued}, behind` : queued;
}

function dialectOf({ dialect, encrypted }: WatchedConnection): string {
  return encrypted ? dialect : `${dialect}, plain`;
}

function roomsOf({ rooms, moreRooms }: WatchedConnection): string {
  const others = moreRooms === undefined ? "" : ` and ${moreRooms} more`;
  return `${rooms.join(", ")}${others}`;
}
