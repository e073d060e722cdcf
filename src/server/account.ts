/** What one connection is sent, as its person and address pay for it. */
import type { Clock } from "../base/clock.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { Budgets, Payer } from "./budgets.ts";

/** What is charged by its bytes: answers to one connection alone, and what is replayed to it. */
const CHARGED: ReadonlySet<ServerMessage["type"]> = new Set(
  [
    "history",
    "found",
    "users",
    "rooms",
    "whois",
    "help",
    "conversations",
  ] as const,
);

export class Account implements Payer {
  readonly person: string;
  readonly address?: string;
  readonly site?: string;
  readonly #budgets: Budgets;
  readonly #clock: Clock;
  /** Ends the wait for what is replayed, if it waits. */
  #cancel: (() => void) | undefined;

  constructor(
    { person, address, site }: Payer,
    budgets: Budgets,
    clock: Clock,
  ) {
    this.person = person;
    if (address !== undefined) this.address = address;
    if (site !== undefined) this.site = site;
    this.#budgets = budgets;
    this.#clock = clock;
  }

  /** A message of so many bytes was sent. */
  sent({ type }: ServerMessage, bytes: number): void {
    if (CHARGED.has(type)) this.#budgets.charge(this, bytes);
  }

  /** Whether what was sent is paid off; if not, `then` is called when it is. */
  isSettled(then: () => void): boolean {
    const waitMs = this.#budgets.debtMs(this);
    if (waitMs === 0) return true;
    this.#cancel ??= this.#clock.after(waitMs, () => {
      this.#cancel = undefined;
      then();
    });
    return false;
  }

  /** Nobody waits any more. */
  close(): void {
    this.#cancel?.();
  }
}
