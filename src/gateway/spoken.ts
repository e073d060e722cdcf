/** Lines that a person typed, as messages of the wire. Pure. */
import { findCommand } from "../chat/commands/table.ts";
import { TEXT_MAX_CODE_POINTS } from "../base/limits.ts";
import type { ClientMessage } from "../wire/client.ts";
import { splitText } from "../wire/split.ts";
import { enslash, parseSlash, unslash } from "../wire/slash.ts";
import { cleanText } from "../wire/text.ts";

type ChatLine = { readonly type: "chat"; readonly txt: string };

/**
 * What needs an id: `users` and `history` also come unasked, when one enters a room, and only the id tells the answer from that; a page
 * and a search are answered some time later, and one who leaves meanwhile waits for it.
 */
const NEEDS_ID: ReadonlySet<string> = new Set(["users", "history", "search"]);

/** A line as it counts: a command or words, fit for the wire; nothing for a blank one. */
export function spokenLine(line: string): ChatLine[] {
  const text = cleanText(line);
  if (parseSlash(text) !== undefined) return [{ type: "chat", txt: text }];
  return words(unslash(text));
}

/** Text that is said as it is, also when it begins with a slash; in parts when it is too long for one message. */
export function words(line: string): ChatLine[] {
  const text = cleanText(line);
  if (text.trim() === "") return [];
  // A slash at the beginning of a part is doubled, and needs its place.
  return splitText(text, TEXT_MAX_CODE_POINTS - 1).map((part) => ({
    type: "chat",
    txt: enslash(part),
  }));
}

/** Whether a message needs an id for its answer to be told apart. */
export function needsId(message: ClientMessage): boolean {
  if (message.type === "history") return true;
  const name = message.type === "command"
    ? message.name
    : message.type === "chat"
    ? parseSlash(message.txt)?.name
    : undefined;
  return name !== undefined && NEEDS_ID.has(commandName(name));
}

/** The name of a command that may be given by an alias. */
function commandName(given: string): string {
  try {
    return findCommand(given).name;
  } catch {
    return given; // The hub says that there is none.
  }
}
