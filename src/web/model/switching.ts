/** Where the quick switcher leads: places, people to talk with, rooms to enter. */
import { bareRoom } from "../../wire/slash.ts";
import type { Chat } from "./chat.ts";
import { join } from "./commands.ts";
import { peopleAt, roomsOf } from "./known.ts";
import { placesInOrder } from "./moves.ts";

export interface Target {
  readonly label: string;
  readonly detail: string;
  go(): void;
}

/** More are not shown at once. */
const TARGETS = 50;

/** What has the words in its name; first what begins with them. */
export function targetsFor(chat: Chat, words: string): Target[] {
  const wanted = bareRoom(words.trim()).toLowerCase().replace(/^@/, "");
  const all = allTargets(chat);
  const rank = ({ label }: Target) => {
    const at = label.replace(/^@/, "").toLowerCase().indexOf(wanted);
    return at < 0 ? 2 : Math.min(at, 1);
  };
  const found = all.filter((target) => rank(target) < 2)
    .sort((one, other) => rank(one) - rank(other));
  const isKnown = wanted === "" ||
    found.some(({ label }) => label.toLowerCase() === wanted);
  const added = isKnown || /\s/.test(wanted)
    ? []
    : [roomTarget(chat, bareRoom(words.trim()), "enter this room")];
  return [...found.slice(0, TARGETS), ...added];
}

function allTargets(chat: Chat): Target[] {
  const open = placesInOrder(chat);
  const calling = open.filter((place) => place.isCalling);
  const news = open.filter((place) => place.unread.value > 0);
  const current = chat.current.value;
  const places = [...new Set([...calling, ...news, ...open])]
    .filter((place) => place !== current);
  const people = peopleAt(chat, current ?? chat.nowhere)
    .filter((name) => chat.find(`@${name}`) === undefined);
  const rooms = roomsOf(chat).filter(({ name }) =>
    chat.find(name) === undefined
  );
  return [
    ...places.map((place): Target => ({
      label: place.name,
      detail: place.unread.value > 0 ? `${place.unread.value} unread` : "",
      go: () => chat.go(place),
    })),
    ...people.map((name): Target => ({
      label: `@${name}`,
      detail: "talk privately",
      go: () => chat.go(chat.open(`@${name}`)),
    })),
    ...rooms.map(({ name, people = 0 }) =>
      roomTarget(
        chat,
        name,
        `room to enter, ${people ? `${people} there` : "empty"}`,
      )
    ),
  ];
}

function roomTarget(chat: Chat, name: string, detail: string): Target {
  return {
    label: name,
    detail,
    go: () => void join(chat, name).catch((error) => chat.fault(error)),
  };
}
