/** Whether somebody is here, in words. */
export const PRESENCE = {
  here: "here",
  away: "away",
  unknown: "in no room of yours",
} as const;
