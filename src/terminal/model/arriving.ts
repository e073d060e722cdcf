/** What takes a place in the order of a room or a conversation while one is here. */
import type { Deleted, MessageOf, Said } from "../../wire/server.ts";
import { announcement } from "../screen/announcer.ts";
import type { ChatModel } from "./chat_model.ts";
import { back } from "./connecting.ts";
import { judge } from "./judging.ts";
import type { View } from "./view.ts";

/** Something is said. */
export function said(model: ChatModel, message: Said): void {
  const { from } = message;
  back(model);
  const author = model.known.authorOf(message, "live");
  const view = model.views.open(model.placeOf(message));
  missing(model, view, message.seq);
  if (model.isIgnored(author)) return;
  if (from !== model.client.name) judge(model, author);
  view.typed(from);
  model.showing.add(view, [message], "new", "live");
  if (from === model.client.name) return;
  if (view.isPrivate) model.replies.spoke(message, "live");
  announce(model, view, message);
}

/** Something takes a place in the order of a room or a conversation. */
export function stored(
  model: ChatModel,
  { room, seq }: MessageOf<"deleted"> | MessageOf<"gone">,
): void {
  const view = model.views.find(room);
  if (view !== undefined) missing(model, view, seq);
}

/** A message comes live; what is missing before it is told at its place. */
function missing(model: ChatModel, view: View, seq: number): void {
  if (seq === 0) return;
  const gap = view.track.came(seq, view.unacked);
  if (gap !== undefined) model.showing.add(view, [{ gap }], "new", "live");
}

/** What is printed already stays: it is said that it was deleted. */
export function deleted(model: ChatModel, message: Deleted): void {
  const view = model.views.find(message.room);
  if (view === undefined) return;
  model.showing.covering?.hear(view, [message], "live");
  view.erase(message.target);
  if (view !== model.views.current) return;
  model.out.happened(message, message.at);
  model.showing.seen(view, message.seq);
}

/** Calls the person, as it is set. */
export function announce(model: ChatModel, view: View, message: Said): void {
  const isCall = view.isPrivate || model.aboutOf(message) === "mention";
  const kind = isCall ? "call" : "other";
  const sequence = announcement(model.memory.settings, kind, message);
  if (sequence !== "") model.host.signal(sequence);
}
