/** What was entered and is not known to be said: counted, and named at the end. */
import { enslash } from "../../wire/slash.ts";
import type { ChatModel } from "./chat_model.ts";

/** How much was entered that is not known to be said. */
export function unsentCount({ outgoing, moves }: ChatModel): number {
  return outgoing.size + moves.waiting.length;
}

/**
 * It is over: what is not known to be said is named, and what surely was not is what was being typed
 * in its place; what waits to be remembered is written.
 */
export function endChat(model: ChatModel): void {
  const { outgoing, moves, out } = model;
  model.lag.end();
  model.comings.tell();
  for (const { txt, isOnWire } of outgoing) {
    out.fault(`${isOnWire ? "perhaps not sent" : "not sent"}: ${txt}`);
  }
  for (const text of moves.give()) out.fault(`not sent: ${text}`);
  const unsent = Map.groupBy(
    [...outgoing].filter(({ isOnWire }) => !isOnWire),
    ({ view }) => view,
  );
  for (const [view, texts] of unsent) {
    const lines = texts.map(({ txt, action }) => action ? `/me ${txt}` : txt);
    const [first, ...others] = [...lines, view.draft].filter((one) => one);
    const isAction = texts[0]!.action === true;
    view.draft = [isAction ? first : enslash(first!), ...others].join("\n");
  }
  outgoing.clear();
  model.readMarks.flush();
  model.places.flush();
}
