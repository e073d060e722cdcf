/** Conversations that one opens: what the journal has of them is read then. */
import { batch } from "@preact/signals-core";
import { HISTORY_PAGE_MESSAGES } from "../../base/limits.ts";
import { foldName } from "../../wire/fold.ts";
import type { Caller, Chat } from "./chat.ts";
import type { Place } from "./place.ts";

/** Callers who have no place yet: those wait to be looked at. */
export function waitingCallers(chat: Chat): Caller[] {
  const open = new Set(chat.places.value.map(({ title }) => title.value));
  return chat.callers.value.filter(({ name }) => !open.has(`@${name}`));
}

/** Counts what waits in conversations that are open, and that nothing was read of yet. */
export function countWaiting(chat: Chat): void {
  for (const { name, read, unread } of chat.callers.peek()) {
    const place = chat.find(`@${name}`);
    if (place === undefined || place.isLoaded) continue;
    place.read ??= read;
    place.unread.value = Math.max(0, read + unread - place.read);
  }
}

/** Goes to the conversation with somebody. */
export function talkTo(chat: Chat, name: string): void {
  const place = chat.open(`@${name}`);
  chat.go(place);
  void loadConversation(chat, place);
}

/** Reads the end of a conversation from the journal, once; nothing of it counts as new. */
export async function loadConversation(
  chat: Chat,
  place: Place,
): Promise<void> {
  if (!place.isPrivate || place.isLoaded) return;
  place.isLoaded = true;
  const key = foldName(place.other);
  const isHim = ({ name }: Caller) => foldName(name) === key;
  const caller = chat.callers.peek().find(isHim);
  try {
    const limit = HISTORY_PAGE_MESSAGES;
    const room = place.name;
    const answer = await chat.ask({ type: "history", room, limit });
    if (answer.type !== "history") return;
    batch(() => {
      if (caller !== undefined) {
        place.read ??= caller.read;
        place.newAfter.value ??= caller.read;
      }
      place.live.add(chat.linesOf(place, answer.messages, "replayed"));
      place.live.hasOlder.value = answer.older === true;
      chat.callers.value = chat.callers.peek().filter((one) => !isHim(one));
      if (place === chat.current.peek()) chat.look();
    });
  } catch (error) {
    place.isLoaded = false;
    // Nobody may ever have written there; who has is to be heard.
    if (caller !== undefined) chat.fault(error, place);
  }
}
