/** The prompt: where one's words go, and what is new elsewhere. */
import { cleanLine } from "../../wire/text.ts";
import type { ChatModel } from "../model/chat_model.ts";
import type { Views } from "../model/views.ts";
import { cellsOfText, fitText } from "./cells.ts";
import type { Row } from "./layout.ts";
import type { Style } from "./palette.ts";

const END = "› ";
/** What the person types has at least this part of the first row. */
const SHARE = 0.5;

/** `[2:dev 3] lobby › `, shorter in a narrow window. */
export function promptRow(
  { views, connection, palette }: ChatModel,
  columns: number,
): Row {
  const most = Math.floor(columns * SHARE) - cellsOfText(END);
  const name = cleanLine(views.current?.name ?? "no room");
  const gone = views.current?.gone;
  const lost = gone === undefined ? name : `${name} (${gone})`;
  const place = connection === "online" ? lost : `${lost} (offline)`;
  const news = [...newsOf(views), ""].find((text) =>
    cellsOfText(joined(text, place)) <= most
  );
  const parts: [Style, string][] = news === undefined
    ? [["place", fitText(place, Math.max(0, most - 1))]]
    : [["news", news], ["place", place]];
  const plain = joined(...parts.map(([, text]) => text)) + END;
  const styled =
    joined(...parts.map(([style, text]) => palette.style(style, text))) + END;
  return { text: styled, cells: cellsOfText(plain) };
}

/** What is new in the other places: each by itself, or all together. */
function newsOf(views: Views): string[] {
  const others = views.all.filter((view) =>
    view !== views.current && view.unread > 0
  );
  if (others.length === 0) return [];
  const each = others.map((view) => {
    const calls = view.isCalling ? "!" : "";
    const name = cleanLine(view.name);
    return `${views.numberOf(view)}:${name} ${view.unread}${calls}`;
  });
  const count = others.reduce((sum, view) => sum + view.unread, 0);
  const calls = others.some((view) => view.isCalling) ? "!" : "";
  return [`[${each.join(" ")}]`, `[${count}${calls}]`];
}

/** Those that are not empty, each with a space behind it. */
function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").map((part) => `${part} `).join("");
}
