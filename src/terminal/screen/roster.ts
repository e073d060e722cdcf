/** Who is in a room, with what is to be known of them, in lines for a window. Pure. */
import { counted } from "../../text/counted.ts";
import { foldName } from "../../wire/fold.ts";
import type { User } from "../../wire/server.ts";
import { cleanLine } from "../../wire/text.ts";
import { cellsOfText, fitText } from "./cells.ts";

/** Somebody of a room; verified, or under the name of somebody who is. */
export interface Rostered {
  readonly user: User;
  readonly standing: "verified" | "changed" | "unknown";
}

/** Those who may do more in a room come first. */
const ROLES: readonly (string | undefined)[] = ["admin", "creator", "operator"];
/** So many have a line each, with what they said of themselves. */
const LINES = 8;
/** People that are named in one line when somebody enters. */
const NAMED = 20;
/** Between columns. */
const GAP = 2;
/** A name or a mark of more cells is cut in a column. */
const COLUMN_CELLS = 40;

/** The people in the order in which they are shown: by role, who is here before who is away. */
export function rosterOf(
  users: Iterable<User>,
  standingOf: (user: User) => Rostered["standing"],
): Rostered[] {
  const rankOf = ({ role, away }: User) => {
    const at = ROLES.indexOf(role);
    return (at < 0 ? ROLES.length : at) * 2 + (away === undefined ? 0 : 1);
  };
  return Array.from(users, (user) => ({ user, standing: standingOf(user) }))
    .map((one) => ({
      one,
      rank: rankOf(one.user),
      key: foldName(one.user.name),
    }))
    .sort((a, b) => a.rank - b.rank || compare(a.key, b.key))
    .map(({ one }) => one);
}

/** `bob ✓ (operator, away)`, the first of them, in one line. */
export function shortRoster(people: readonly Rostered[]): string {
  const shown = people.slice(0, NAMED).map((one) => entryOf(one, "short"));
  const more = people.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The lines of `/users`, without a mark before them; `all` where not everybody is listed. */
export function rosterLines(
  room: string,
  people: readonly Rostered[],
  columns: number,
  all = people.length,
): string[] {
  const away = people.filter(({ user }) => user.away !== undefined).length;
  const verified = people.some(({ standing }) => standing === "verified");
  const facts = [
    counted(all, "person", "people"),
    ...(away > 0 ? [`${away} away`] : []),
    ...(verified ? ["✓ verified"] : []),
  ];
  const rest = all - people.length;
  return [
    `in ${cleanLine(room)}: ${facts.join(", ")}`,
    ...(people.length <= LINES
      ? people.map((one) => `  ${entryOf(one, "whole")}`)
      : inColumns(people.map((one) => entryOf(one, "short")), columns - 2)
        .map((line) => `  ${line}`)),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function entryOf({ user, standing }: Rostered, how: "short" | "whole"): string {
  const { name, role, away, guest } = user;
  const text = how === "whole" && away ? `: ${cleanLine(away)}` : "";
  const marks = [
    ...(role === undefined ? [] : [cleanLine(role)]),
    ...(guest === true ? ["guest"] : []),
    ...(standing === "changed" ? ["not the one you verified"] : []),
    ...(away === undefined ? [] : [`away${text}`]),
  ].join(", ");
  const verified = standing === "verified" ? " ✓" : "";
  return `${cleanLine(name)}${verified}${marks === "" ? "" : ` (${marks})`}`;
}

/** Entries from the top to the bottom of as many columns as fit, each as wide as its widest. */
export function inColumns(
  entries: readonly string[],
  columns: number,
): string[] {
  const fitting = entries.map((one) =>
    fitText(one, Math.max(1, Math.min(COLUMN_CELLS, columns)))
  );
  const cells = fitting.map(cellsOfText);
  // The fewest rows whose columns fit beside each other; one column always does.
  for (let rows = 1;; rows++) {
    const widths: number[] = [];
    for (let at = 0; at < cells.length; at += rows) {
      widths.push(Math.max(...cells.slice(at, at + rows)));
    }
    const width = widths.reduce((sum, one) => sum + one + GAP, -GAP);
    if (width > columns && rows < cells.length) continue;
    return Array.from(
      { length: rows },
      (_, row) =>
        widths.map((width, column) => {
          const at = column * rows + row;
          const pad = width - (cells[at] ?? 0) + GAP;
          return (fitting[at] ?? "") + " ".repeat(pad);
        }).join("").trimEnd(),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
