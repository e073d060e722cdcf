/** What the effects of a turn want stored. */
import type { Append, Entry, Place, RecordWrite } from "../store/store.ts";
import type { Effect, Turn } from "./effects.ts";

/** A turn of these effects, which changes these records. */
export function turnOf(
  effects: readonly Effect[],
  writes: readonly RecordWrite[],
): Turn {
  const appends = appendsOf(effects);
  const erasures = erasuresOf(effects);
  const commit = { appends, writes };
  return {
    commit: erasures.length > 0 ? { ...commit, erasures } : commit,
    effects,
  };
}

/** The entries of a turn by room, in their order. */
function appendsOf(effects: readonly Effect[]): Append[] {
  const rooms = new Map<string, Entry[]>();
  for (const effect of effects) {
    if (effect.kind !== "append") continue;
    const entries = rooms.get(effect.entry.room);
    if (entries === undefined) rooms.set(effect.entry.room, [effect.entry]);
    else entries.push(effect.entry);
  }
  return Array.from(
    rooms,
    ([room, entries]) => ({ room, expectedHead: entries[0]!.seq - 1, entries }),
  );
}

/** The entries that are gone with a turn. */
function erasuresOf(effects: readonly Effect[]): Place[] {
  return effects.flatMap((effect) =>
    effect.kind === "append" && effect.erases !== undefined
      ? [{ room: effect.entry.room, seq: effect.erases }]
      : []
  );
}
