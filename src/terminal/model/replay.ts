/** What was said while one was not here, as the server replays it, and what was deleted. */
import type { ClientEvent } from "../../client/client.ts";
import type { Deleted, Said, Stored } from "../../wire/server.ts";
import { announcement } from "../screen/announcer.ts";
import type { ChatModel } from "./chat_model.ts";
import { back } from "./connecting.ts";
import { judgeReplayed } from "./judging.ts";
import type { View } from "./view.ts";

type Replay = Extract<ClientEvent, { kind: "history" }>;

export function replay(
  model: ChatModel,
  { history, fresh, isReplay }: Replay,
): void {
  const { views, client, out } = model;
  const view = views.open(history.room);
  const messages = fresh.filter(isSaid);
  const last = messages.at(-1);
  if (!isReplay && (last?.seq ?? 0) < (view.read ?? 0)) {
    // Another history than the one that was read: the server began anew.
    view.read = undefined;
  }
  if (view === views.current && isReplay) {
    const missed = messages.filter(({ from }) => from !== client.name).length;
    const atLeast = history.more ? `more than ${missed}` : `${missed}`;
    back(model, missed === 0 ? "" : atLeast);
  }
  const { skipped } = history;
  if (skipped !== undefined) {
    const count = Math.max(0, skipped.to - skipped.from + 1);
    out.rule(`${count} messages of ${view.name} are not shown: /history`);
  }
  for (const message of messages) judgeReplayed(model, message);
  model.add(view, messages, isReplay ? "new" : "by-mark", "replayed");
  for (const message of isReplay ? fresh : []) {
    if (message.type === "deleted") deleted(model, message);
  }
  const isNews = isReplay || view.isPrivate;
  if (isNews && last !== undefined && view !== views.current) {
    announce(model, view, last);
  }
}

/** What is printed already stays: it is said that it was deleted. */
export function deleted(model: ChatModel, message: Deleted): void {
  const view = model.views.find(message.room);
  if (view === undefined) return;
  view.erase(message.target);
  if (view !== model.views.current) return;
  model.out.other(message);
  model.readMarks.read(view, message.seq);
}

export function announce(model: ChatModel, view: View, message: Said): void {
  const isCall = view.isPrivate || model.aboutOf(message) === "mention";
  const kind = isCall ? "call" : "other";
  const sequence = announcement(model.memory.settings, kind, message);
  if (sequence !== "") model.host.signal(sequence);
}

export function isSaid(message: Stored): message is Said {
  return message.type === "chat" || message.type === "private";
}
