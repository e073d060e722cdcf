/** The connections of a server as a table for a person. Pure. */
import { cellsOfText, fitText } from "../terminal/screen/cells.ts";
import { bytesText, spanText } from "../text/quantities.ts";
import type { ConnectionsMessage, WatchedConnection } from "../wire/watched.ts";

interface Column {
  readonly head: string;
  readonly maxCells: number;
  show(connection: WatchedConnection, at: number): string;
}

/** What matters most comes first: what a narrow window has no room for is left out. */
const COLUMNS: readonly Column[] = [
  { head: "ID", maxCells: 10, show: ({ id }) => id },
  { head: "NAME", maxCells: 20, show: nameOf },
  { head: "IDLE", maxCells: 8, show: ({ idleMs }) => spanText(idleMs) },
  { head: "QUEUED", maxCells: 16, show: queuedOf },
  { head: "ADDRESS", maxCells: 39, show: ({ address }) => address },
  { head: "SPEAKS", maxCells: 20, show: dialectOf },
  {
    head: "HERE FOR",
    maxCells: 8,
    show: ({ since }, at) => spanText(at - since),
  },
  { head: "ROOMS", maxCells: 200, show: roomsOf },
];
const GAP = "  ";
/** A column of which less can be seen is left out. */
const CUT_COLUMN_CELLS = 8;

/** `at`: when the server said so, milliseconds UTC; as wide as `columns`, where that is possible. */
export function connectionTable(
  { connections, more }: ConnectionsMessage,
  at: number,
  columns: number,
): string[] {
  let room = columns;
  let lines = ["", ...connections.map(() => "")];
  for (const { head, maxCells, show } of COLUMNS) {
    const cells = [head, ...connections.map((one) => show(one, at))]
      .map((text) => fitText(text, maxCells));
    const width = Math.max(...cells.map(cellsOfText));
    if (width > room && room < CUT_COLUMN_CELLS) break;
    const shown = Math.min(width, room);
    lines = lines.map((line, row) => line + padded(cells[row]!, shown) + GAP);
    room -= shown + GAP.length;
  }
  if (more > 0) lines.push(`and ${more.toLocaleString("en")} more`);
  return lines.map((line) => line.trimEnd());
}

function padded(text: string, cells: number): string {
  const fitting = fitText(text, cells);
  return fitting + " ".repeat(Math.max(0, cells - cellsOfText(fitting)));
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
