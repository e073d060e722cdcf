/** A text of any length in messages: whole lines stay together where they can. */
import { TEXT_MAX_CODE_POINTS } from "../base/limits.ts";
import { splitText } from "../wire/split.ts";
import { codePoints } from "../wire/text.ts";

/** Parts of at most `max` code points, without empty lines at either end. */
export function splitMessage(
  text: string,
  max: number = TEXT_MAX_CODE_POINTS,
): string[] {
  const parts: string[] = [];
  let part = "";
  for (const line of text.split("\n").flatMap((one) => splitText(one, max))) {
    const longer = part === "" ? line : `${part}\n${line}`;
    if (codePoints(longer) <= max) part = longer;
    else {
      parts.push(part);
      part = line;
    }
  }
  return [...parts, part].map((one) => one.replace(/^\n+|\s+$/g, ""))
    .filter((one) => one !== "");
}
