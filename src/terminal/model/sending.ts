/** What the person says: sent, printed in its place once acknowledged, named when it failed. */
import { ConfabError, describeError } from "../../base/errors.ts";
import { TEXT_MAX_CODE_POINTS, TYPING_INTERVAL_MS } from "../../base/limits.ts";
import type { Request } from "../../client/client.ts";
import { enslash, parseSlash, unslash } from "../../wire/slash.ts";
import type { Ack, Said } from "../../wire/server.ts";
import { splitText } from "../../wire/split.ts";
import type { ChatModel } from "./chat_model.ts";
import type { View } from "./view.ts";

/** More is not kept while there is no connection, and so many are shown. */
const WAITING_MAX = 200;
const WAITING_SHOWN = 3;

/** Says a text of any length in a place; `false` when too much waits already. */
export function say(model: ChatModel, view: View, text: string): boolean {
  const parts = splitText(unslash(text), TEXT_MAX_CODE_POINTS - 1)
    .map((part) => part.replace(/^\n+/, "").trimEnd())
    .filter((part) => part !== "");
  const { length } = waitingTexts(model);
  if (length + parts.length > WAITING_MAX) {
    model.out.fault(`${length} messages wait to be sent already: say it later`);
    return false;
  }
  for (const txt of parts) {
    const chat = { type: "chat", txt: enslash(txt), ...view.place } as const;
    void send(model, view, chat, { txt });
  }
  model.typedAt = -Infinity;
  return true;
}

/** `/me` in a room. */
export function act(model: ChatModel, view: View, txt: string): void {
  const me = { type: "command", name: "me", args: txt, ...view.place } as const;
  void send(model, view, me, { txt, action: true });
}

/** What is said to somebody from elsewhere is shown there, too; it stands in its place besides. */
function showAck(model: ChatModel, view: View, message: Said, ack: Ack): void {
  model.add(view, [message], "new", "live");
  if (!view.isPrivate) return;
  if (view !== model.views.current) model.out.other(message);
  const { other } = view;
  const presence = ack.later
    ? `${other} is not here: ${other} will read it later`
    : ack.away === undefined
    ? ""
    : `${other} is away: ${ack.away}`;
  if (presence !== "" && presence !== view.presence) model.out.note(presence);
  view.presence = presence;
}

async function send(
  model: ChatModel,
  view: View,
  request: Request,
  said: { readonly txt: string; readonly action?: true },
): Promise<void> {
  view.unacked++;
  try {
    const answer = model.ask(request);
    model.host.changed();
    const ack = await answer;
    // A replay that brings it before its ack is the answer, and has shown it in its place.
    if (ack.type !== "ack") return;
    const { seq = 0, at = model.clock.wall() } = ack;
    const fields = { from: model.client.name, seq, at, ...said };
    const message: Said = view.isPrivate
      ? { type: "private", to: view.other, ...fields }
      : { type: "chat", room: view.name, ...fields };
    if (seq > 0) view.track.acked(seq);
    showAck(model, view, message, ack);
  } catch (error) {
    const isClosed = error instanceof ConfabError && error.code === "closed";
    const why = isClosed ? "" : ` (${describeError(error)})`;
    model.out.fault(`not sent${why}: ${said.txt}`);
  } finally {
    view.unacked--;
    model.host.changed();
  }
}

/** The person is typing this; the others are told, not too often. */
export function typing(model: ChatModel, text: string): void {
  const { views: { current: view }, client } = model;
  const isText = text.trim() !== "" && parseSlash(text) === undefined;
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

/** What stands above the prompt, one line each: what waits to be sent, and who is typing. */
export function hintsOf(model: ChatModel): string[] {
  const waiting = waitingTexts(model);
  const more = waiting.length - WAITING_SHOWN;
  const typing = model.views.current?.typingText(model.clock.monotonic());
  return [
    ...(more > 0 ? [`${more} more wait to be sent`] : []),
    ...waiting.slice(-WAITING_SHOWN).map((txt) => `sending: ${txt}`),
    ...(typing ? [`${typing}…`] : []),
  ];
}

/** It is over: what was never sent is named, what waits to be remembered is written. */
export function endChat(model: ChatModel): void {
  model.readMarks.flush();
  model.places.flush();
  model.comings.tell();
  for (const txt of waitingTexts(model)) model.out.fault(`not sent: ${txt}`);
}

/** What waits for its ack, the oldest first. */
function waitingTexts({ client }: ChatModel): string[] {
  return client.waiting.flatMap((request) => {
    if (request.type === "chat") return [unslash(request.txt)];
    const isAction = request.type === "command" && request.name === "me";
    return isAction ? [request.args ?? ""] : [];
  });
}
