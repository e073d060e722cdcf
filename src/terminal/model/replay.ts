/** What was said while one was not here, as the server replays it. */
import type { ClientEvent } from "../../client/client.ts";
import { foldName } from "../../wire/fold.ts";
import type { History, MessageOf, Said, Stored } from "../../wire/server.ts";
import { announce, deleted } from "./arriving.ts";
import type { ChatModel } from "./chat_model.ts";
import { back } from "./connecting.ts";
import { judgeReplayed } from "./judging.ts";
import type { Gap } from "./seq_track.ts";
import { type Arrival, isSaid } from "./showing.ts";
import type { View } from "./view.ts";

type Replay = Extract<ClientEvent, { kind: "history" }>;

export function replay(
  model: ChatModel,
  { history, fresh, isReplay }: Replay,
): void {
  const { views, client } = model;
  const view = views.open(history.room);
  if (!isReplay) beginAnew(model, view, history);
  const messages = fresh.filter(isSaid);
  const last = messages.at(-1);
  if (view === views.current && isReplay) {
    const missed = messages.filter(({ from }) => from !== client.name).length;
    const atLeast = history.more ? `more than ${missed}` : `${missed}`;
    back(model, missed === 0 ? "" : atLeast);
  }
  for (const message of messages) judgeReplayed(model, message);
  if (view.isPrivate) spoken(model, messages, isReplay ? "live" : "replayed");
  const arrivals = arrivalsOf(view, history, fresh, isReplay);
  model.showing.add(view, arrivals, isReplay ? "new" : "by-mark", "replayed");
  for (const message of isReplay ? fresh : []) {
    if (message.type === "deleted") deleted(model, message);
  }
  const isUnmarked = !isReplay && !view.isPrivate && view.read === undefined;
  if (isUnmarked && !history.more) {
    // What comes from now on is new, also at the next start, whether one looks at this or not.
    view.read = view.track.newest ?? 0;
    model.readMarks.keep(view);
  }
  const isNews = isReplay || view.isPrivate;
  if (isNews && last !== undefined && view !== views.current) {
    announce(model, view, last);
  }
}

/** Who has written in a conversation is answered by a reply, if nobody has since. */
function spoken(
  model: ChatModel,
  messages: readonly Said[],
  how: "live" | "replayed",
): void {
  const last = messages.findLast(({ from }) => from !== model.client.name);
  if (last === undefined || last.at < model.replies.spokenAt) return;
  const author = model.known.authorOf(last, "replayed");
  if (!model.isIgnored(author)) model.replies.spoke(last, how);
}

/** A place of which something is here already may have another history by now, or a later part. */
function beginAnew(model: ChatModel, view: View, history: History): void {
  const { messages, more, skipped, reset } = history;
  const last = Math.max(skipped?.to ?? 0, messages.at(-1)?.seq ?? 0);
  // Another than the one that was read: the server began anew.
  if (!more && last < (view.read ?? 0)) view.read = undefined;
  const { newest } = view.track;
  if (newest === undefined || (!reset && (more || last >= newest))) return;
  view.track.reset();
  view.log.clear();
  view.read = undefined;
  const text = `${view.name} begins anew on the server: what was said before ` +
    "may be lost there, /history shows what there is";
  if (view === model.views.current) model.out.rule(text);
  else model.out.note(text);
}

/** What is new of a page, in order, and at their places the gaps. */
function arrivalsOf(
  view: View,
  { messages, skipped }: History,
  fresh: readonly Stored[],
  isReplay: boolean,
): Arrival[] {
  const { track, read } = view;
  const arrivals: Arrival[] = [];
  const add = (gap: Gap | undefined) => {
    if (gap !== undefined && gap.to >= gap.from) arrivals.push({ gap });
  };
  const first = messages.find(({ seq }) => seq !== undefined)?.seq ?? 1;
  const isFirst = track.newest === undefined;
  if (skipped !== undefined) {
    add({ ...skipped, from: Math.max(skipped.from, (track.newest ?? 0) + 1) });
    track.skipTo(skipped.to);
  } else if (isFirst && !isReplay && !view.isPrivate && read !== undefined) {
    // Of a conversation the server itself knows how far it was read, on any device.
    add({ from: read + 1, to: first - 1 });
  }
  for (const message of fresh) {
    const { seq = 0 } = message;
    // An earlier one is here already, where the place was kept after one had left it.
    const isKnown = !isReplay && seq > 0 && seq <= (track.newest ?? 0);
    if (seq > 0) add(track.came(seq));
    if (isSaid(message) && !isKnown) arrivals.push(message);
  }
  return arrivals;
}

/** Conversations with news that are not replayed: there are too many. */
export function conversations(
  model: ChatModel,
  message: MessageOf<"conversations">,
): void {
  model.talks.clear();
  for (const { name, read } of message.list) {
    model.talks.set(foldName(name), read);
  }
  model.out.other(message);
}
