/** Whom and what one may mean in a place: what completion and the switcher choose from. */
import type { Chat } from "./chat.ts";
import { allCommands } from "./commands.ts";
import type { Known } from "./completion.ts";
import type { Place } from "./place.ts";

/** How far back it counts who spoke last. */
const LINES = 500;

export function knownAt(chat: Chat, place: Place): Known {
  return {
    commands: () => allCommands(chat),
    people: () => peopleAt(chat, place),
    rooms: () => roomsOf(chat),
  };
}

/** The people of a place, first who spoke last; then those of the others. */
export function peopleAt(chat: Chat, place: Place): string[] {
  const own = chat.name.peek();
  const here = new Set(namesIn(place));
  const spoke = place.live.lines.slice(-LINES).reverse().flatMap((line) =>
    line.kind === "said" && here.has(line.message.from)
      ? [line.message.from]
      : []
  );
  const others = chat.places.peek().flatMap(namesIn);
  const all = [...spoke, ...sorted(here), ...sorted(others)];
  return [...new Set(all)].filter((name) => name !== own);
}

/** The rooms that one is in or that the server has listed. */
export function roomsOf(chat: Chat): { name: string; people?: number }[] {
  const listed = chat.rooms.value;
  const others = chat.places.value.filter((place) =>
    !place.isPrivate && !listed.some(({ name }) => name === place.name)
  );
  return [...listed, ...others.map(({ name }) => ({ name }))];
}

function namesIn(place: Place): string[] {
  const names = place.people.peek().map(({ name }) => name);
  return place.isPrivate ? [place.other, ...names] : names;
}

function sorted(names: Iterable<string>): string[] {
  return [...names].sort((one, other) => one.localeCompare(other));
}
