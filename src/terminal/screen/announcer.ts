/** Calls the person: a bell, a notification of the desktop. */
import { cleanLine } from "../../wire/text.ts";
import type { Settings } from "../model/settings.ts";
import type { Said } from "./printer.ts";

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

/** Whether a text names somebody, as a word of its own. */
export function isMention(txt: string, name: string): boolean {
  if (name === "") return false;
  const text = txt.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = 0; (at = text.indexOf(wanted, at)) !== -1; at++) {
    const [before, after] = [text.slice(0, at), text.slice(at + wanted.length)];
    const isPart = /[\p{L}\p{N}_]$/u.test(before) ||
      /^[\p{L}\p{N}_]/u.test(after);
    if (!isPart) return true;
  }
  return false;
}
