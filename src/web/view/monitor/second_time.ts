/** `12:03:07`, local time. */
import { clockTime, dateOf } from "../../../text/render.ts";

export function secondTime(at: number): string {
  const seconds = String(dateOf(at).getSeconds()).padStart(2, "0");
  return `${clockTime(at)}:${seconds}`;
}
