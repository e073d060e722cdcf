/** Going about: one's own rooms and conversations, and the way to each. */
import { UsageError } from "../../base/errors.ts";
import { cleanLine } from "../../wire/text.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { go as goTo } from "../model/going.ts";
import type { View } from "../model/view.ts";
import type { Views } from "../model/views.ts";
import { cellsOfText, fitText } from "../screen/cells.ts";
import type { LocalCommand } from "./local_command.ts";

/** Places that are named where a beginning means several. */
const NAMED = 8;
/** A name of more cells is cut in the list. */
const NAME_CELLS = 24;
/** What the list has before it: what the client says itself begins with a star. */
const STAR_CELLS = 2;

export const PLACE_COMMANDS: readonly LocalCommand[] = [
  {
    name: "windows",
    aliases: ["win"],
    args: "",
    text: "list your rooms and conversations, and what is new in each",
    run({ out, views, host }) {
      const rows = views.all.map((view, at) => rowOf(views, view, at + 1));
      const lines = placeLines(rows, host.columns() - STAR_CELLS);
      const how = lines.length === 0
        ? "you are nowhere: /join ROOM enters a room, /query NAME talks to one"
        : "Alt+1…9, /go NAME or /go NUMBER goes there";
      out.note([...lines, how].join("\n"));
    },
  },
  {
    name: "go",
    args: "[NAME or NUMBER]",
    text:
      "go to one of your places, by any beginning; alone: to the one before",
    run: go,
  },
];

/** Goes to the place that is meant; alone, to the one before. */
function go(model: ChatModel, args: string): void {
  const { views, out } = model;
  const text = args.trim();
  if (text === "") {
    if (views.before === undefined) {
      throw new UsageError("you were nowhere else: /windows lists your places");
    }
    return goTo(model, views.before);
  }
  const [view, ...others] = views.meant(text);
  if (view === undefined) throw new UsageError(nowhere(text));
  if (others.length > 0) {
    const all = [view, ...others].map((one) =>
      `${cleanLine(one.name)} (${views.numberOf(one)})`
    );
    const more = all.length > NAMED ? `, … ${all.length} in all` : "";
    throw new UsageError(`which one: ${all.slice(0, NAMED).join(", ")}${more}`);
  }
  if (view === views.current) return out.note(`you are in ${view.name}`);
  goTo(model, view);
}

/** What is said of a number that no place has. */
export function noPlace(number: string): string {
  return `there is no place ${number}: /windows lists yours`;
}

function nowhere(text: string): string {
  if (/^\d+$/.test(text)) return noPlace(text);
  const name = text.replace(/^[#@]/, "");
  const ways = text.startsWith("#")
    ? `/join ${name} enters it`
    : text.startsWith("@")
    ? `/query ${name} opens it`
    : `/join ${name} or /query ${name} opens one`;
  return `you have no place ${text}: ${ways}`;
}

/** What the list says of a place. */
interface PlaceRow {
  readonly mark: string;
  readonly number: string;
  readonly name: string;
  readonly news: string;
  readonly about: string;
}

function rowOf(views: Views, view: View, number: number): PlaceRow {
  const { unread, calls, isPrivate } = view;
  const other = isPrivate ? views.userOf(view.other) : undefined;
  const forYou = calls > 0 && !isPrivate ? `, ${calls} for you` : "";
  const state = other === undefined
    ? ""
    : other.away === undefined
    ? "here"
    : `away: ${other.away}`;
  return {
    mark: view === views.current ? "›" : " ",
    number: String(number),
    name: fitText(cleanLine(view.name), NAME_CELLS),
    news: unread > 0 ? `${unread} new${forYou}` : "",
    about: view.state === "gone"
      ? "you are not in it any more"
      : cleanLine(isPrivate ? state : view.topic),
  };
}

/** The rows with their parts below each other, none wider than the window. */
function placeLines(rows: readonly PlaceRow[], columns: number): string[] {
  const parts = ["mark", "number", "name", "news", "about"] as const;
  const widths = parts.map((part) =>
    Math.max(0, ...rows.map((row) => cellsOfText(row[part])))
  );
  return rows.map((row) => {
    const padded = parts.map((part, at) => {
      const gap = " ".repeat(widths[at]! - cellsOfText(row[part]));
      return part === "number" ? gap + row[part] : row[part] + gap;
    });
    const [mark, ...others] = padded.filter((_, at) => widths[at]! > 0);
    return fitText(`${mark} ${others.join("  ")}`.trimEnd(), columns);
  });
}
