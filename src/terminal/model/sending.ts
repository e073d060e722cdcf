/** What the person says: sent, printed in its place once acknowledged, named when it failed. */
import { ConfabError, describeError } from "../../base/errors.ts";
import { TYPING_INTERVAL_MS } from "../../base/limits.ts";
import type { Request } from "../../client/client.ts";
import { enslash, parseSlash } from "../../wire/slash.ts";
import type { Ack, Said } from "../../wire/server.ts";
import type { ChatModel } from "./chat_model.ts";
import { refusedIn } from "./lost_places.ts";
import { partsOf } from "./meant.ts";
import type { Outgoing, View } from "./view.ts";

/** More is not kept while there is no connection, and so many are shown. */
const WAITING_MAX = 200;
const WAITING_SHOWN = 3;

/** Says a text of any length in a place; `false` when too much waits already. */
export function say(model: ChatModel, view: View, text: string): boolean {
  const parts = partsOf(text);
  if (!hasRoom(model, parts.length)) return false;
  for (const txt of parts) {
    const chat = { type: "chat", txt: enslash(txt), ...view.place } as const;
    void send(model, view, chat, { txt });
  }
  model.typedAt = -Infinity;
  return true;
}

/** `/me` in a room. */
export function act(model: ChatModel, view: View, txt: string): void {
  if (!hasRoom(model, 1)) return;
  const me = { type: "command", name: "me", args: txt, ...view.place } as const;
  void send(model, view, me, { txt, action: true });
}

/** What is said to somebody from elsewhere is shown there, too; it stands in its place besides. */
function showAck(model: ChatModel, view: View, message: Said, ack: Ack): void {
  model.showing.add(view, [message], "new", "live");
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

function hasRoom({ outgoing: { size }, out }: ChatModel, more: number) {
  const isRoom = size + more <= WAITING_MAX;
  if (!isRoom) {
    out.fault(`${size} messages wait to be sent already: say it later`);
  }
  return isRoom;
}

async function send(
  model: ChatModel,
  view: View,
  request: Request,
  said: { readonly txt: string; readonly action?: true },
): Promise<void> {
  const going: Outgoing = { view, ...said, isOnWire: false };
  model.outgoing.add(going);
  view.unacked++;
  try {
    // Its id makes it safe to send it again.
    const answer = model.ask(request, {
      cut: "again",
      onSent: () => going.isOnWire = true,
    });
    model.host.changed();
    const ack = await answer;
    model.outgoing.delete(going);
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
    const isOver = error instanceof ConfabError && error.code === "closed";
    // It is named at the end of the chat.
    if (isOver) return;
    model.outgoing.delete(going);
    model.out.fault(`not sent (${describeError(error)}): ${said.txt}`);
    if (error instanceof ConfabError) refusedIn(model, view, error.code);
  } finally {
    view.unacked--;
    model.host.changed();
  }
}

/** The person is typing this; the others are told, not too often. */
export function typing(model: ChatModel, text: string): void {
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

/** What stands above the prompt, one line each: what waits to be sent, and who is typing. */
export function hintsOf(model: ChatModel): string[] {
  const { outgoing, moves } = model;
  const sending = Array.from(outgoing, ({ txt }) => `sending: ${txt}`);
  const moving = moves.waiting.map(({ text, order: { line } }) =>
    `waits for ${line}: ${text}`
  );
  const waiting = [...sending, ...moving];
  const more = waiting.length - WAITING_SHOWN;
  const typing = model.views.current?.typingText(model.clock.monotonic());
  const { followed } = moves;
  return [
    ...(more > 0 ? [`${more} more wait to be sent`] : []),
    ...waiting.slice(-WAITING_SHOWN),
    ...(followed !== undefined && followed.waiting.length === 0
      ? [`${followed.order.line}: what you type goes along`]
      : []),
    ...(typing ? [`${typing}…`] : []),
  ];
}

/** How much was entered that is not known to be said. */
export function unsentCount({ outgoing, moves }: ChatModel): number {
  return outgoing.size + moves.waiting.length;
}

/**
 * It is over: what is not known to be said is named, and what surely was not is what was being typed
 * in its place; what waits to be remembered is written.
 */
export function endChat(model: ChatModel): void {
  const { outgoing, moves, out } = model;
  model.lag.end();
  model.comings.tell();
  for (const { txt, isOnWire } of outgoing) {
    out.fault(`${isOnWire ? "perhaps not sent" : "not sent"}: ${txt}`);
  }
  for (const text of moves.give()) out.fault(`not sent: ${text}`);
  const unsent = Map.groupBy(
    [...outgoing].filter(({ isOnWire }) => !isOnWire),
    ({ view }) => view,
  );
  for (const [view, texts] of unsent) {
    const lines = texts.map(({ txt, action }) => action ? `/me ${txt}` : txt);
    const [first, ...others] = [...lines, view.draft].filter((one) => one);
    const isAction = texts[0]!.action === true;
    view.draft = [isAction ? first : enslash(first!), ...others].join("\n");
  }
  outgoing.clear();
  model.readMarks.flush();
  model.places.flush();
}
