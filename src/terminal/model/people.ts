/** Who is in the rooms here, and what one has said of oneself there. */
import type { User, Users } from "../../wire/server.ts";
import { cleanLine } from "../../wire/text.ts";
import { rosterLines, rosterOf, shortRoster } from "../screen/roster.ts";
import type { ChatModel } from "./chat_model.ts";
import type { View } from "./view.ts";

/** The server says who is in a room. */
export function setPeople(
  model: ChatModel,
  view: View,
  users: readonly User[],
): void {
  const { name } = model.client;
  const before = view.people.get(name);
  view.setPeople(users);
  const now = view.people.get(name);
  // Where one is muted, it is not shown that one is away: only that it ended says something.
  if (now?.away !== undefined) model.away = now.away;
  else if (before?.away !== undefined) model.away = undefined;
  model.host.changed();
}

/** Says who is in a room, once. */
export function showPeople(model: ChatModel, view: View): void {
  if (view.arePeopleShown || view.isPrivate || view.people.size === 0) return;
  view.arePeopleShown = true;
  const people = rosterOf(view.people.values(), model.standing);
  model.out.note(`in ${view.name}: ${shortRoster(people)}`);
}

/** What `/users` answers. */
export function showUsers(
  { out, host, standing }: ChatModel,
  { room, users, count }: Users,
): void {
  const people = rosterOf(users, standing);
  out.note(rosterLines(room, people, host.columns() - 2, count).join("\n"));
}

/** One has said `/away`: the server tells that to the others, not to this connection. */
export function setAway(model: ChatModel, text: string): void {
  const { views, client: { name }, host } = model;
  const away = cleanLine(text);
  model.away = away === "" ? undefined : away;
  for (const { people } of views.all) {
    const own = people.get(name);
    if (own === undefined) continue;
    const { away: _, ...rest } = own;
    people.set(name, away === "" ? rest : { ...rest, away });
  }
  host.changed();
}
