/** Text that is too long for one message, in parts. */
import { TEXT_MAX_CODE_POINTS } from "../base/limits.ts";
import { codePoints } from "./text.ts";

/** Parts of at most `max` code points, split at the last space that fits where there is one. */
export function splitText(
  text: string,
  max: number = TEXT_MAX_CODE_POINTS,
): string[] {
  if (codePoints(text) <= max) return [text];
  const points = [...text];
  const parts: string[] = [];
  let from = 0;
  while (points.length - from > max) {
    const space = points.lastIndexOf(" ", from + max);
    const to = space > from ? space : from + max;
    parts.push(points.slice(from, to).join(""));
    from = to === space ? to + 1 : to;
  }
  if (from < points.length) parts.push(points.slice(from).join(""));
  return parts;
}
