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
    const fitting = points.slice(from, from + max + 1);
    const blank = ["\n", " "].map((one) => fitting.lastIndexOf(one))
      .find((at) => at > 0);
    const length = blank ?? max;
    parts.push(fitting.slice(0, length).join(""));
    from += blank === undefined ? length : length + 1;
  }
  if (from < points.length) parts.push(points.slice(from).join(""));
  return parts;
}
