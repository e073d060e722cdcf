/** What the prompt says of the chat. */
import { cleanLine } from "../../wire/text.ts";
import type { PlaceNews, PromptState } from "../screen/prompt_line.ts";
import type { ChatModel } from "./chat_model.ts";
import { LAG_SHOWN_MS } from "./lag.ts";
import type { View } from "./view.ts";

export function promptOf(
  { views, connection, away, lag }: ChatModel,
): PromptState {
  const { current } = views;
  const marks = [
    ...(connection === "online" ? [] : ["(offline)"]),
    ...(current?.gone === undefined ? [] : [`(${current.gone})`]),
    ...(lag.ms < LAG_SHOWN_MS ? [] : [`(lag ${Math.floor(lag.ms / 1_000)} s)`]),
    ...(away === undefined ? [] : ["(away)"]),
  ];
  const newsOf = (view: View): PlaceNews => ({
    number: views.numberOf(view),
    name: cleanLine(view.name),
    unread: view.unread,
    isCalling: view.isCalling,
  });
  return {
    place: cleanLine(current?.name ?? "no room"),
    marks,
    news: views.all.filter((view) => view !== current && view.unread > 0)
      .map(newsOf),
  };
}
