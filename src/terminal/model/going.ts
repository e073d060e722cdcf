/** The person goes from place to place, and leaves places. */
import type { Going } from "./chat_host.ts";
import type { ChatModel } from "./chat_model.ts";
import { showPeople } from "./people.ts";
import type { View } from "./view.ts";

/** Shows a place: its name and what waits there. */
export function show(
  model: ChatModel,
  view: View | undefined,
  how: Going = "chosen",
): void {
  const { views, host, places, out, showing } = model;
  const from = views.current;
  const isOther = from !== undefined && from !== view;
  if (isOther && views.all.includes(from)) views.before = from;
  views.current = view;
  host.moved(from, view, how);
  const isLeft = from !== view && from?.state === "gone";
  if (isLeft && from.draft + from.kept === "") views.close(from);
  places.saveSoon();
  host.changed();
  if (view === undefined) return;
  const topic = view.topic === "" ? "" : `: ${view.topic}`;
  out.rule(`${views.numberOf(view)} ${view.name}${topic}`);
  showPeople(model, view);
  showing.open(view);
}

/** The person goes to a place; where a move that is under way leads, it leads alone. */
export function go(model: ChatModel, view: View | undefined): void {
  if (view === undefined) return;
  model.moves.let();
  if (view !== model.views.current) show(model, view);
  model.host.changed();
}

/** Closes a place; whoever is there goes to where the server says that one is, or to another. */
export function close(model: ChatModel, view: View): void {
  const { views, here, host } = model;
  views.close(view);
  if (view === views.current) {
    const rooms = views.all.filter((one) => !one.isPrivate);
    const next = rooms.find(({ name }) => name === here) ?? rooms.at(-1) ??
      views.all.at(-1);
    show(model, next, "followed");
  }
  host.changed();
}
