/** Who types: the person here, which others are told, and others, for as long as it lasts. */
import { TYPING_INTERVAL_MS } from "../../base/limits.ts";
import type { MessageOf } from "../../wire/server.ts";
import { parseSlash } from "../../wire/slash.ts";
import type { ChatModel } from "./chat_model.ts";

/** How often it is looked whether whoever types has stopped. */
const LOOK_MS = 1_000;

/** The person is typing this; the others are told, not too often. */
export function tellTyping(model: ChatModel, text: string): void {
  const { views: { current: view }, client } = model;
  const isText = text.trim() !== "" && parseSlash(text) === undefined &&
    model.moves.followed === undefined;
  const isTold = model.connection === "online" &&
    model.memory.settings.typing === "on";
  const now = model.clock.monotonic();
  const isSoon = now < model.typedAt + TYPING_INTERVAL_MS;
  if (!isText || !isTold || isSoon || view === undefined) return;
  model.typedAt = now;
  if (view.isPrivate || client.rooms.includes(view.name)) {
    client.tell({ type: "typing", ...view.place });
  }
}

/** Somebody else types. */
export function heardTyping(
  model: ChatModel,
  { room, from, name }: MessageOf<"typing">,
): void {
  const { views, clock, host } = model;
  const view = views.find(room ?? `@${from ?? name}`);
  if (view === undefined || model.isIgnored(model.known.of(name))) return;
  view.typing(name, clock.monotonic());
  host.changed();
  // One wait for all, however many type.
  if (model.isTypingWatched) return;
  model.isTypingWatched = true;
  const look = () => {
    host.changed();
    model.isTypingWatched = views.isTyping(clock.monotonic());
    if (model.isTypingWatched) clock.after(LOOK_MS, look);
  };
  clock.after(LOOK_MS, look);
}
