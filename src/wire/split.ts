/** Text that is too long for one message, in parts. */
import { TEXT_MAX_CODE_POINTS } from "../base/limits.ts";
import { codePoints } from "./text.ts";

/** Parts of at most `max` code points, split at the last line feed that fits, or last space. */
export function splitText(
  text: string,
  max: number = TEXT_MAX_CODE_POINTS,
): string[] {
  if (codePoints(text) <= max) return [text];
  const points = [...text];
  const parts: string[] = [];
  let from = 0;
  while (points.length - from > max) {
    const blank = ["\n", " "].map((one) => points.lastIndexOf(one, from + max))
      .find((at) => at > from);
    const to = blank ?? from + max;
    parts.push(points.slice(from, to).join(""));
    from = blank === undefined ? to : to + 1;
  }
  if (from < points.length) parts.push(points.slice(from).join(""));
  return parts;
}
