/** Who is in a place, in the order in which they are shown, and who ranks above whom. */
import type { User } from "../../wire/server.ts";
import type { Chat } from "./chat.ts";
import type { Place } from "./place.ts";

/** Those further behind may do more (docs/protocol.md); `undefined` is everybody else. */
const RANKS = [undefined, "operator", "creator", "admin"] as const;

export const OPERATOR = RANKS.indexOf("operator");
export const CREATOR = RANKS.indexOf("creator");
export const ADMIN = RANKS.indexOf("admin");

/** The rank of a role as the server names it; one that is not known is none. */
export function rankOf(role: string | undefined): number {
  return Math.max(0, (RANKS as readonly unknown[]).indexOf(role));
}

/** One's own rank in a place; an administrator is one everywhere. */
export function ownRank(chat: Chat, place: Place): number {
  if (chat.isAdmin.value) return ADMIN;
  return rankOf(place.byName.value.get(chat.name.value)?.role);
}

export interface Group {
  readonly title: "Operators" | "People" | "Away";
  readonly people: readonly User[];
}

const { compare } = new Intl.Collator(undefined, { sensitivity: "base" });

/** Those who keep the room come first, who is away last; groups of nobody are left out. */
export function groupsOf(people: readonly User[], filter = ""): Group[] {
  const wanted = filter.trim().toLowerCase();
  const found = people
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((one, two) =>
      rankOf(two.role) - rankOf(one.role) || compare(one.name, two.name)
    );
  const { Operators = [], People = [], Away = [] } = Object.groupBy(
    found,
    ({ role, away }) =>
      rankOf(role) > 0 ? "Operators" : away === undefined ? "People" : "Away",
  );
  const groups: Group[] = [
    { title: "Operators", people: Operators },
    { title: "People", people: People },
    { title: "Away", people: Away },
  ];
  return groups.filter(({ people }) => people.length > 0);
}

/** Somebody as a room shows them that one is in, too; the current one before others. */
export function seenOf(chat: Chat, name: string): User | undefined {
  const current = chat.current.value?.byName.value.get(name);
  if (current !== undefined) return current;
  for (const place of chat.places.value) {
    const user = place.isEntered.value && place.byName.value.get(name);
    if (user) return user;
  }
  return undefined;
}

/** Whether somebody is here; `unknown` where no room is shared. */
export function presenceOf(
  chat: Chat,
  name: string,
): "here" | "away" | "unknown" {
  const user = seenOf(chat, name);
  if (user === undefined) return "unknown";
  return user.away === undefined ? "here" : "away";
}
