/** Calls the person: a bell, a notification of the desktop. */
import { cleanLine } from "../../wire/text.ts";
import type { Settings } from "../model/settings.ts";
import type { Said } from "../../wire/server.ts";

const BELL = "\x07";
/** No more than this of a message is shown on the desktop. */
const TEXT_CHARS = 200;

/**
 * What to write for a message that has arrived; `call` when it is meant for the person here.
 * Notifications are OSC 9 (iTerm2, ConEmu) or OSC 777 (urxvt, VTE, foot).
 */
export function announcement(
  { bell, notify }: Settings,
  kind: "call" | "other",
  { from, txt }: Said,
): string {
  const rings = bell === "all" || (bell === "private" && kind === "call");
  const ring = rings ? BELL : "";
  if (kind === "other" || notify === "off") return ring;
  const title = fieldOf(from);
  const text = fieldOf(txt).slice(0, TEXT_CHARS);
  return notify === "osc9"
    ? `${ring}\x1b]9;${title}: ${text}\x07`
    : `${ring}\x1b]777;notify;${title};${text}\x07`;
}

/** One line; a semicolon ends a field of OSC 777. */
function fieldOf(text: string): string {
  return cleanLine(text.replace(/\s+/g, " ")).replaceAll(";", ",");
}
