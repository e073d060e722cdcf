/** The prompt: where one's words go, how that place is, and what is new elsewhere. Pure. */
import { cellsOfText, fitText } from "./cells.ts";
import type { Row } from "./layout.ts";
import type { Palette, Style } from "./palette.ts";

const END = "› ";
/** What the person types has at least this part of the first row. */
const SHARE = 0.5;
/** More places than these are just counted, in the widest window. */
const NAMED = 20;
/** A name of more cells is cut where there is news of several places. */
const NAME_CELLS = 12;

/** A place with something new. */
export interface PlaceNews {
  readonly number: number;
  readonly name: string;
  readonly unread: number;
  /** Whether some of it is meant for the person here. */
  readonly isCalling: boolean;
}

/** What the prompt says. */
export interface PromptState {
  readonly place: string;
  /** What is to be known of it, the most important first. */
  readonly marks: readonly string[];
  readonly news: readonly PlaceNews[];
}

/** `[3:@bob 2! 5:ops 5 +7] dev (away) › `, shorter in a narrow window. */
export function promptRow(
  state: PromptState,
  palette: Palette,
  columns: number,
): Row {
  const { news, place } = promptParts(state, columns);
  const parts: [Style, string][] = [["news", news], ["place", place]];
  const styled = parts.filter(([, text]) => text !== "")
    .map(([style, text]) => `${palette.style(style, text)} `).join("");
  return { text: styled + END, cells: cellsOfText(joined(news, place) + END) };
}

/** What stands before the mark at the end, in at most half of the window. */
export function promptParts(
  { place, marks, news }: PromptState,
  columns: number,
): { readonly news: string; readonly place: string } {
  const most = Math.floor(columns * SHARE) - cellsOfText(END);
  const fits = (news: string, place: string) =>
    cellsOfText(joined(news, place)) <= most;
  const all = joined(place, ...marks).trimEnd();
  const first = joined(place, ...marks.slice(0, 1)).trimEnd();
  const shown = [all, first].find((text) => fits("", text)) ??
    fitText(first, Math.max(0, most - 1));
  const fitting = newsTexts(news).find((text) => fits(text, shown));
  return { news: fitting ?? "", place: shown };
}

/** What is new in other places, from the most that can be said to the least. */
function newsTexts(news: readonly PlaceNews[]): string[] {
  if (news.length === 0) return [];
  const rankOf = ({ name, isCalling }: PlaceNews) =>
    isCalling ? (name.startsWith("@") ? 0 : 1) : 2;
  const sorted = news.toSorted((one, other) => rankOf(one) - rankOf(other));
  const named = sorted.slice(0, NAMED);
  return Array.from(named, (_, hidden) => {
    const shown = named.slice(0, named.length - hidden).map(newsText);
    return `[${[...shown, ...restText(sorted, shown.length)].join(" ")}]`;
  }).concat(`[${restText(sorted, 0)}]`);
}

function newsText({ number, name, unread, isCalling }: PlaceNews): string {
  const short = fitText(name, NAME_CELLS);
  return `${number}:${short} ${unread}${isCalling ? "!" : ""}`;
}

/** How many places more have news, if any. */
function restText(sorted: readonly PlaceNews[], from: number): string[] {
  const rest = sorted.slice(from);
  const calls = rest.some(({ isCalling }) => isCalling) ? "!" : "";
  return rest.length === 0 ? [] : [`+${rest.length}${calls}`];
}

/** Those that are not empty, each with a space behind it. */
function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").map((part) => `${part} `).join("");
}
