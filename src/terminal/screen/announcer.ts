/** Calls the person: a bell, a notification of the desktop. */
import { cleanLine } from "../../wire/text.ts";
import type { Settings } from "../model/settings.ts";

const BELL = "\x07";
/** No more than this of a message is shown on the desktop. */
const TEXT_CHARS = 200;

/** What to write for a message that has arrived; `call` when it is meant for the person here. */
export function announcement(
  { bell, notify }: Settings,
  kind: "call" | "other",
  from: string,
  txt: string,
): string {
  const ring = bell === "all" || (bell === "private" && kind === "call");
  if (kind === "other") return ring ? BELL : "";
  return `${ring ? BELL : ""}${notification(notify, from, txt)}`;
}

/** OSC 9 (iTerm2, ConEmu) or OSC 777 (urxvt, VTE, foot); a semicolon ends a field of the latter. */
function notification(
  how: Settings["notify"],
  from: string,
  txt: string,
): string {
  const title = fieldOf(from);
  const text = fieldOf(txt).slice(0, TEXT_CHARS);
  if (how === "osc9") return `\x1b]9;${title}: ${text}\x07`;
  if (how === "osc777") return `\x1b]777;notify;${title};${text}\x07`;
  return "";
}

function fieldOf(text: string): string {
  return cleanLine(text.replace(/\s+/g, " ")).replaceAll(";", ",");
}

/** Whether a text names somebody, as a word of its own. */
export function isMention(txt: string, name: string): boolean {
  if (name === "") return false;
  const text = txt.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = text.indexOf(wanted); at !== -1;) {
    const around = [text.slice(0, at), text.slice(at + wanted.length)];
    if (
      !/[\p{L}\p{N}_]$/u.test(around[0]!) && !/^[\p{L}\p{N}_]/u.test(around[1]!)
    ) {
      return true;
    }
    at = text.indexOf(wanted, at + 1);
  }
  return false;
}
