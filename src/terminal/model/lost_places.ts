/** Rooms that one is not in any more, against one's will: what was typed there stays there. */
import type { ChatModel } from "./chat_model.ts";
import { close } from "./going.ts";
import type { View } from "./view.ts";

/** Why one is not in a room again after a cut, by the code of the error. */
const LOST_BY = new Map([["banned", "banned"], ["room-locked", "locked"]]);

/** What is said of what needs a place, where one is in none. */
export const IN_NO_ROOM = "you are in no room: /join ROOM enters one";

/** Closes a room, unless the person is there or has begun to type something there. */
export function lose(model: ChatModel, view: View, why: string): void {
  const { views, host, out } = model;
  const isCurrent = view === views.current;
  if (isCurrent) view.kept = host.typed();
  if (!isCurrent && view.draft === "") return close(model, view);
  view.gone = why;
  out.note(
    `you are not in ${view.name} any more: ${wayBack(view)}, /leave closes it`,
  );
  host.changed();
}

/** What lets one in again, in words. */
function wayBack({ name, gone }: View): string {
  if (gone === "banned") return "an operator can /unban you";
  if (gone === "locked") return "an operator can /invite you";
  return `/join ${name} leads back`;
}

/** How a line that was entered in such a room, and stands in the prompt, is said after all. */
export function wayToSay({ host }: ChatModel, view: View): string {
  const isShut = view.gone === "banned" || view.gone === "locked";
  // Without a prompt the line is gone.
  if (isShut || host.columns() === Infinity) return wayBack(view);
  return `Ctrl+U, then /join ${view.name}; the line comes back with it`;
}

/** A room could not be entered again, as the server says by this code. */
export function shutOut(model: ChatModel, room: string, code: string): void {
  const view = model.views.find(room);
  if (view === undefined || view.isPrivate) return;
  if (model.places.isAwaited(view.name)) notEntered(model, view);
  else lose(model, view, LOST_BY.get(code) ?? "gone");
}

/** A room of before cannot be entered any more: that is said once. */
function notEntered(model: ChatModel, view: View): void {
  const { out } = model;
  out.note(`${view.name} is not entered again: /join +${view.name} tries it`);
  if (view.draft !== "") out.note(`typed there and not sent: ${view.draft}`);
  close(model, view);
}

/** What was said in a place was refused by this code: it may be no place any more. */
export function refusedIn(model: ChatModel, view: View, code: string): void {
  if (code === "no-room" && !view.isPrivate && view.state === "open") {
    lose(model, view, "gone");
  }
  const isNobody = code === "no-such-person" && view.isPrivate;
  const isLookedAt = view === model.views.current || view.draft !== "" ||
    view.unread > 0;
  if (isNobody && !isLookedAt) close(model, view);
}

/** One is in a room, again or for the first time. */
export function entered({ views, host }: ChatModel, view: View): void {
  view.reopen();
  // It stands in the line still.
  const isThere = view === views.current && view.kept === host.typed();
  if (isThere) view.kept = "";
}
