/** Coming back to where one was when the page was left. No DOM. */
import type { Chat } from "./chat.ts";
import { enterRoom } from "./commands.ts";
import { countWaiting } from "./conversations.ts";
import type { PageMemory } from "./page_memory.ts";

/** Where one was. */
export interface PlacesBefore {
  readonly rooms: readonly string[];
  /** Conversations, each `@` and a name. */
  readonly talks: readonly string[];
  /** A room, or `@` and the name of a person. */
  readonly current?: string | undefined;
  /** The room to begin in. */
  readonly room?: string | undefined;
}

export function placesBefore(
  { rooms, talks, current }: PageMemory,
): PlacesBefore {
  const isRoom = current !== undefined && !current.startsWith("@");
  return { rooms, talks, current, room: isRoom ? current : rooms[0] };
}

/**
 * Opens the conversations, enters the rooms again, and shows the place that was looked at. Never
 * rejects.
 */
export async function comeBack(
  chat: Chat,
  { rooms, talks, current }: PlacesBefore,
): Promise<void> {
  for (const talk of talks) chat.open(talk);
  countWaiting(chat);
  for (const room of rooms) {
    if (chat.client.rooms.includes(room)) continue;
    try {
      await enterRoom(chat, room);
    } catch {
      // It may be locked by now, or one may be banned there.
    }
  }
  if (current?.startsWith("@")) chat.go(chat.open(current));
}
