/** Days and times of a log, local. */
import { clockTime, dateOf } from "../../text/render.ts";

const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** The same for all moments of a day. */
export function dayOf(at: number): string {
  return dateOf(at).toDateString();
}

/** `Today`, `Yesterday`, or `Saturday 21 November 2026`; `now` in milliseconds UTC. */
export function dayName(at: number, now: number): string {
  const yesterday = dateOf(now);
  yesterday.setDate(yesterday.getDate() - 1);
  const day = dayOf(at);
  if (day === dayOf(now)) return "Today";
  return day === yesterday.toDateString()
    ? "Yesterday"
    : DAY.format(dateOf(at));
}

/** `Saturday 21 November 2026, 12:03`. */
export function fullTime(at: number): string {
  return `${DAY.format(dateOf(at))}, ${clockTime(at)}`;
}
