/** Reads the last messages with an id of a person, which takes time that its person pays for. */
import { type Clock, momentOf } from "../base/clock.ts";
import { COST_LOOP_MS, IDS_REMEMBERED } from "../base/limits.ts";
import type { Entry, Journal } from "../store/store.ts";
import type { ConnectionId } from "../chat/input.ts";
import type { Budgets, Payer } from "./budgets.ts";

interface RecallOptions {
  readonly clock: Clock;
  readonly store: Pick<Journal, "recentOf">;
  readonly budgets: Budgets;
}

/** The session for whose person they are read. */
export interface Recalling {
  readonly id: ConnectionId;
  readonly account: Payer;
  readonly isOver: boolean;
  /** Waits; that time is not the client's. */
  wait(ms: number): Promise<void>;
}

/**
 * The entries, newest first, once what the session's person and address had before is paid off.
 *
 * @throws what reading the journal throws.
 */
export async function recall(
  { clock, store, budgets }: RecallOptions,
  person: string,
  session: Omit<Recalling, "id">,
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
