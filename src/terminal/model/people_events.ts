/** People come, go, and are called otherwise. */
import type { MessageOf } from "../../wire/server.ts";
import type { ChatModel } from "./chat_model.ts";
import { meet } from "./judging.ts";
import { lose } from "./lost_places.ts";

/** Somebody comes to a room, or leaves it. */
export function cameOrWent(
  model: ChatModel,
  message: MessageOf<"joined"> | MessageOf<"left">,
): void {
  const { views, client, out } = model;
  const { name } = message;
  const view = views.find(message.room);
  if (view === undefined) return;
  if (message.type === "left") view.part(name);
  else {
    const { room: _, type: __, at: ___, ...user } = message;
    view.meet(user);
    meet(model, message);
  }
  const isOwn = message.type === "left" && name === client.name;
  const by = message.type === "left" ? message.by : undefined;
  const isIgnored = model.isIgnored({ ...message, is: "known" });
  if (isOwn || by !== undefined) {
    // Who was put out reads so in other words; others read it however quiet they have it.
    const isShown = isOwn ? by === undefined : view === views.current;
    if (isShown) out.happened(message, message.at);
    if (isShown && by === client.name) model.sawPutOut = true;
  } else if (view === views.current && !isIgnored) model.comings.take(message);
  if (!isOwn) return;
  if (by !== undefined) tellPutOut(model, message);
  lose(model, view, message.banned ? "banned" : message.reason);
}

/** One reads by whom and why before what one can do about it; the notice of it comes later. */
function tellPutOut(
  model: ChatModel,
  { room, by, why, banned, at }: MessageOf<"left">,
): void {
  const because = why === undefined ? "" : `: ${why}`;
  const did = banned ? "banned" : "kicked";
  model.putOut = `${by} ${did} you from ${room}${because}`;
  model.out.happened(model.putOut, at);
}

/** The server tells something; that one was put out stands there already. */
export function noticed(model: ChatModel, message: MessageOf<"notice">): void {
  const isTold = message.text === model.putOut;
  model.putOut = "";
  if (!isTold) model.out.other(message);
}

/** Somebody has another name. */
export function renamed(
  model: ChatModel,
  message: MessageOf<"renamed">,
): void {
  const { views, memory } = model;
  const { from, name } = message;
  const isHere = views.current?.people.has(from) ?? false;
  const isIgnored = model.isIgnored(model.known.of(from));
  const before = views.find(`@${name}`);
  if (before !== undefined) before.changes++;
  for (const view of views.all) view.rename(from, name);
  model.known.rename(from, name);
  model.replies.renamed(from, name);
  model.places.saveSoon();
  const isQuiet = memory.settings.comings === "off" || isIgnored;
  // The name of the client is its new one by now.
  const isOwn = name === model.client.name;
  if (isOwn || (isHere && !isQuiet)) {
    model.out.happened(message, message.at);
  }
  model.host.changed();
}
