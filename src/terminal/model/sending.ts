/** What the person says: sent, printed in its place once acknowledged, named when it failed. */
import { ConfabError, describeError } from "../../base/errors.ts";
import type { Request } from "../../client/client.ts";
import { renderPresence } from "../../text/render.ts";
import { enslash } from "../../wire/slash.ts";
import type { Ack, Said } from "../../wire/server.ts";
import type { ChatModel } from "./chat_model.ts";
import { refusedIn } from "./lost_places.ts";
import { partsOf } from "./meant.ts";
import type { Outgoing, View } from "./view.ts";

/** More is not kept while there is no connection. */
const WAITING_MAX = 200;

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
  const presence = renderPresence(view.other, ack);
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

/** Something of one's own takes a place in the order of a room or a conversation. */
export function acknowledged({ views }: ChatModel, ack: Ack): void {
  const { to, room = `@${to}`, seq = 0 } = ack;
  if (seq > 0) views.find(room)?.track.acked(seq);
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
