/** Notes what names look like that were taken before that was noted, or by other tables. */
import { LOOKS_NOTED_NAMES, NAME_RECORD_KEPT_MS } from "../base/limits.ts";
import type { Commit, Directory } from "../store/store.ts";
import { LOOKS_VERSION } from "../wire/names.ts";
import { Claims } from "./claims.ts";
import { Looks } from "./looks.ts";
import { type Listed, Records } from "./records.ts";
import { UndoLog } from "./undo.ts";

/**
 * What must be committed once, commit by commit, each before the next is asked for; nothing when all
 * is noted.
 *
 * @param now milliseconds UTC.
 */
export function* noteLooks(
  directory: Directory,
  now: number,
): Generator<Commit> {
  const undo = new UndoLog();
  const records = new Records(undo, directory);
  if (records.get("upgrade", "looks")?.version === LOOKS_VERSION) return;
  const { looks } = new Claims(records, () => false);
  const roomLooks = new Looks(records, "room-look", () => true);
  const until = now + NAME_RECORD_KEPT_MS;
  for (const kind of ["name", "room"] as const) {
    let after: string | undefined = "";
    while (after !== undefined) {
      const page: Listed<"name" | "room">[] = records.list(
        kind,
        "",
        LOOKS_NOTED_NAMES,
        after,
      );
      for (const { key: folded, value: { name: written } } of page) {
        const name = { written, folded };
        if (kind === "room") roomLooks.note(name, undefined, now);
        else looks.note(name, undefined, now, { until });
      }
      after = page.at(-1)?.key;
      yield* changesOf(records, undo);
    }
  }
  records.put("upgrade", "looks", { version: LOOKS_VERSION });
  yield* changesOf(records, undo);
}

/** What was changed so far; it is committed when this goes on. */
function* changesOf(records: Records, undo: UndoLog): Generator<Commit> {
  const writes = records.writes();
  if (writes.length === 0) return;
  yield { appends: [], writes };
  records.committed();
  undo.clear();
}
