/** The prompt: where one's words go, and what is new elsewhere. */
import { cellsOfText, fitText } from "./cells.ts";
import { cleanLine } from "../wire/text.ts";
import type { Row } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { Views } from "./views.ts";

export interface PromptState {
  readonly views: Views;
  readonly connection: "online" | "offline";
  readonly columns: number;
  readonly palette: Palette;
}

const END = "› ";
/** What the person types has at least this part of the first row. */
const SHARE = 0.5;

/** `[2:dev 3] lobby › `, shorter in a narrow window. */
export function promptRow(state: PromptState): Row {
  const most = Math.floor(state.columns * SHARE);
  const place = placeOf(state);
  const others = [othersOf(state.views), countOf(state.views), ""];
  const fitting = others.find((news) =>
    cellsOfText(joined(news, place) + END) <= most
  );
  if (fitting !== undefined) return styled(fitting, place, state.palette);
  const short = fitText(place, Math.max(0, most - cellsOfText(END) - 1));
  return styled("", short, state.palette);
}

function placeOf({ views, connection }: PromptState): string {
  const place = cleanLine(views.current?.name ?? "no room");
  return connection === "online" ? place : `${place} (offline)`;
}

function othersOf(views: Views): string {
  const news = withNews(views).map((view) =>
    `${views.numberOf(view)}:${cleanLine(view.name)} ${view.unread}${
      view.isCalling ? "!" : ""
    }`
  );
  return news.length === 0 ? "" : `[${news.join(" ")}]`;
}

function countOf(views: Views): string {
  const all = withNews(views);
  const count = all.reduce((sum, view) => sum + view.unread, 0);
  const calls = all.some((view) => view.isCalling) ? "!" : "";
  return count === 0 ? "" : `[${count}${calls}]`;
}

function withNews(views: Views) {
  return views.all.filter((view) => view !== views.current && view.unread > 0);
}

function joined(news: string, place: string): string {
  return [news, place, ""].filter((part, at) => part !== "" || at === 2)
    .join(" ");
}

function styled(news: string, place: string, palette: Palette): Row {
  const plain = `${
    place === "" && news === "" ? "" : joined(news, place)
  }${END}`;
  const text = [
    news === "" ? "" : `${palette.style("news", news)} `,
    place === "" ? "" : `${palette.style("place", place)} `,
    END,
  ].join("");
  return { text, cells: cellsOfText(plain) };
}
