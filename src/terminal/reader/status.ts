/** The last row of the reader: where one is, how the loading goes, which keys there are. Pure. */
import { dayAndTime } from "../../text/render.ts";
import { cleanLine } from "../../wire/text.ts";
import { cellsOfText, fitText } from "../screen/cells.ts";
import type { Palette } from "../screen/palette.ts";

export interface Status {
  readonly palette: Palette;
  readonly columns: number;
  /** The place. */
  readonly name: string;
  /** The first and the last seq that is shown, and the highest that is known. */
  readonly range: readonly [number, number] | undefined;
  readonly head: number;
  /** When the first that is shown was said, in milliseconds UTC. */
  readonly at: number | undefined;
  /** The words that are being typed, to be searched for. */
  readonly asked: string | undefined;
  /** What must be said now, or nothing. */
  readonly state: string;
}

const KEYS = "PgUp PgDn · / finds · q ends";
const FEW_KEYS = "q ends";

/** `── dev · 12–34 of 56 · 2026-11-28 12:03 · PgUp PgDn …`; what has no place is left out. */
export function statusRow(status: Status): string {
  const { palette, columns, name, range, head, at, asked, state } = status;
  if (asked !== undefined) {
    return fitText(`find: ${cleanLine(asked)}`, columns - 1);
  }
  const [first, last] = range ?? [0, 0];
  const of = head >= last && head > 0 ? ` of ${head}` : "";
  const where = range === undefined ? [] : [`${first}–${last}${of}`];
  const when = at === undefined ? [] : [dayAndTime(at)];
  const place = `── ${cleanLine(name)}`;
  const said = state === "" ? [] : [cleanLine(state)];
  const keys = state === "" ? [[KEYS], [FEW_KEYS], []] : [[]];
  const texts = [
    ...keys.map((some) => [place, ...where, ...when, ...said, ...some]),
    [place, ...when, ...said],
    [place, ...said],
  ].map((parts) => parts.join(" · "));
  const fitting = texts.find((text) => cellsOfText(text) < columns);
  return palette.style("place", fitText(fitting ?? texts.at(-1)!, columns - 1));
}
