/** Lines that a person typed, as messages of the wire. Pure. */
import { TEXT_MAX_CODE_POINTS } from "../base/limits.ts";
import { readClientObject } from "../wire/client.ts";
import { enslash, parseSlash, unslash } from "../wire/slash.ts";
import { splitText } from "../wire/split.ts";
import { cleanText } from "../wire/text.ts";
import { type Heard, heard } from "./codec.ts";

/** A line as it counts: a command or words, fit for the wire; nothing for a blank one. */
export function spokenLine(line: string): Heard[] {
  const text = cleanText(line);
  return parseSlash(text) === undefined ? words(unslash(text)) : [chat(text)];
}

/**
 * Text that is said as it is, a slash too; in parts when it is too long for one message. `idOf`
 * gives each part an id.
 */
export function words(
  line: string,
  idOf?: (part: "one of more" | "last") => string,
): Heard[] {
  const text = cleanText(line);
  if (text.trim() === "") return [];
  // A slash at the beginning of a part is doubled, and needs its place.
  return splitText(text, TEXT_MAX_CODE_POINTS - 1)
    .map((part, at, parts) =>
      chat(
        enslash(part),
        idOf?.(at < parts.length - 1 ? "one of more" : "last"),
      )
    );
}

function chat(txt: string, id?: string): Heard {
  return heard(() => readClientObject({ type: "chat", txt, id }));
}
