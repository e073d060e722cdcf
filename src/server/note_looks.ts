/** Notes once, at a start, what the names look like that nobody has looked at. */
import type { Clock } from "../base/clock.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { noteLooks } from "../chat/look_upgrade.ts";
import { CommitConflict, type Store } from "../store/store.ts";

/** A server that cannot store anything serves all the same, and notes them another time. */
export async function noteAllLooks(
  store: Store,
  log: Log,
  clock: Clock,
): Promise<void> {
  for (;;) {
    try {
      for (const commit of noteLooks(store, clock.wall())) {
        await store.commit(commit);
      }
      return;
    } catch (error) {
      // Others write, too: what they have noted is not noted again.
      if (error instanceof CommitConflict) continue;
      if (!(error instanceof ConfabError)) throw error;
      return log.warn("looks of names not noted", {
        error: describeError(error),
      });
    }
  }
}
