/** That somebody is away: of people with keys it is kept, over restarts of the server too. */
import { AWAY_KEPT_MS } from "../base/limits.ts";
import type { Core } from "./core.ts";
import type { Person } from "./state.ts";

/** Somebody is away from now on, and why; or back. */
export function setAway(
  core: Core,
  person: Person,
  text: string | undefined,
): void {
  const { undo, records, now: { wall: at } } = core;
  undo.assign(person, "away", text);
  const { key } = person;
  if (key === undefined) return;
  if (text === undefined) return records.removeLater("away", key);
  const until = at + AWAY_KEPT_MS;
  records.putLater("away", key, { text, at }, { until });
}

/** Somebody comes who may have been away when it was here last. */
export function recallAway(core: Core, person: Person): void {
  core.undo.assign(person, "away", keptAway(core, person.key));
}

/** Why somebody with a key is away, here or not. */
export function keptAway(
  { records, now }: Core,
  key: string | undefined,
): string | undefined {
  const kept = key === undefined ? undefined : records.get("away", key);
  return kept !== undefined && kept.at + AWAY_KEPT_MS > now.wall
    ? kept.text
    : undefined;
}
