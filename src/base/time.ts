/** Lengths of time, and how moments are written where no clock of a person is at hand: in UTC. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** To the minute, for people: `2026-11-28 12:03 UTC`. `at`: milliseconds UTC. */
export function minuteText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** To the second, for files: `2026-11-28T12:03:07Z`. */
export function secondText(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, "Z");
}
