/** From place to place: in the order in which they are listed. */
import type { Chat } from "./chat.ts";
import type { Place } from "./place.ts";

/** The rooms and then the conversations, each in the order in which they were opened. */
export function placesInOrder(chat: Chat): readonly Place[] {
  const all = chat.places.value;
  const rooms = all.filter(({ isPrivate }) => !isPrivate);
  return [...rooms, ...all.filter(({ isPrivate }) => isPrivate)];
}

/** The next place (1) or the one before (-1), in a circle; `unread` passes over the others. */
export function stepFrom(
  chat: Chat,
  by: 1 | -1,
  which: "any" | "unread",
): Place | undefined {
  const around = others(chat);
  if (by < 0) around.reverse();
  return around.find((place) => which === "any" || place.unread.peek() > 0);
}

/** The next with news; one that calls for the person comes first. */
export function nextWithNews(chat: Chat): Place | undefined {
  const news = others(chat).filter((place) => place.unread.peek() > 0);
  return news.find((place) => place.isCalling) ?? news[0];
}

/** All but the current place, from the one after it around to the one before. */
function others(chat: Chat): Place[] {
  const all = placesInOrder(chat);
  const at = all.findIndex((place) => place === chat.current.peek());
  return at < 0 ? [...all] : [...all.slice(at + 1), ...all.slice(0, at)];
}
