/** Pages of what was said before, printed as they are asked for. */
import type { History, Said } from "../../wire/server.ts";
import type { ChatModel } from "./chat_model.ts";
import { isSaid } from "./showing.ts";
import type { View } from "./view.ts";

/** Prints messages of any place under a title, without noting that they were read. */
export function showPage(
  model: ChatModel,
  title: string,
  messages: readonly Said[],
  { lead = "", end = "now" } = {},
): void {
  const { out, known } = model;
  out.rule(title);
  if (lead !== "") out.rule(lead);
  for (const one of messages) {
    const author = known.authorOf(one, "replayed");
    if (model.isIgnored(author)) continue;
    out.said(one, model.aboutOf(one), model.markOf(author));
  }
  out.rule(end);
}

/** Prints a page of the history of a place, and how one goes on; `last`: it ends at the newest. */
export function showHistory(
  model: ChatModel,
  view: View,
  page: History,
  which: "last" | "older",
): void {
  const { out, showing } = model;
  const { messages, more } = page;
  const first = messages.find(({ seq }) => seq !== undefined)?.seq;
  if (first === undefined) {
    view.oldest ??= 1;
    return out.note(
      which === "last"
        ? `nothing was said in ${view.name} yet`
        : beginningOf(view, 1),
    );
  }
  view.oldest = more ? first : 1;
  const around = more
    ? { end: "/history again: what was before that" }
    : { lead: beginningOf(view, first) };
  const title = `history of ${view.name}`;
  showPage(model, title, messages.filter(isSaid), around);
  if (which === "older") return;
  showing.seen(view, messages.at(-1)?.seq ?? 0);
}

/** At the beginning of what there is. */
function beginningOf({ name }: View, first: number): string {
  return first === 1
    ? `that is where ${name} begins`
    : `that is where ${name} begins: the ${
      first - 1
    } before are not kept any more`;
}
