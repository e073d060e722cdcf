/** Reads the last messages with an id of a person, which takes time that its person pays for. */
import { type Clock, momentOf } from "../base/clock.ts";
import { COST_LOOP_MS, IDS_REMEMBERED } from "../base/limits.ts";
import type { Entry, Journal } from "../store/store.ts";
import type { Budgets } from "./budgets.ts";
import type { Session } from "./session.ts";

interface RecallOptions {
  readonly clock: Clock;
  readonly store: Pick<Journal, "recentOf">;
  readonly budgets: Budgets;
}

/**
 * The entries, newest first, once what the session's person and address had before is paid off.
 *
 * @throws what reading the journal throws.
 */
export async function recall(
  { clock, store, budgets }: RecallOptions,
  person: string,
  session: Pick<Session, "account" | "isOver" | "wait">,
): Promise<Entry[]> {
  const { account } = session;
  for (;;) {
    const debtMs = session.isOver ? 0 : budgets.debtMs(account);
    if (debtMs === 0) break;
    await session.wait(debtMs);
  }
  const { monotonic: began } = momentOf(clock);
  const entries = await store.recentOf(person, IDS_REMEMBERED);
  const tookMs = clock.monotonic() - began;
  budgets.chargeWork(account, COST_LOOP_MS * tookMs);
  return entries;
}
