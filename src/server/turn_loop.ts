/** A turn is what is handled together: from the first input until one `setImmediate` later. It is one transaction and one delivery. */
import { setImmediate } from "node:timers";
import type { ConnectionId, Turn } from "../chat/effects.ts";
import type { Hub } from "../chat/hub.ts";
import { describeError } from "../base/errors.ts";
import { TURN_EFFECTS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import type { Delivery } from "../delivery/delivery.ts";

export interface TurnLoopOptions {
  readonly hub: Hub;
  readonly store: Store;
  readonly delivery: Delivery;
  readonly log: Log;
  /** Messages were stored. */
  readonly onStored: () => void;
  /** Messages of these connections were not stored: what they have under way fails, too. */
  readonly onNotStored: (authors: ReadonlySet<ConnectionId>) => void;
}

export class TurnLoop {
  readonly #options: TurnLoopOptions;
  #isScheduled = false;
  #isCommitting = false;
  /** Inputs that came while a turn was being committed. */
  #held: Input[] = [];
  /** Authors of the turn that failed last, until what was held is handled. */
  #failed: ReadonlySet<ConnectionId> = NOBODY;
  /** Those who wait for the end of the present turn. */
  #waiting: (() => void)[] = [];
  /** Turns in a row that could not be stored. */
  #failures = 0;

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  /**
   * Lets `handle` call the hub, within the present turn. It is given the connections whose messages before this one were not stored while
   * this one waited.
   */
  input(handle: Input): void {
    if (this.#isCommitting) {
      this.#held.push(handle);
      return;
    }
    handle(NOBODY);
    if (this.#options.hub.pendingEffects >= TURN_EFFECTS) this.#run();
    else this.#schedule();
  }

  /** Resolves when all that was put in so far is committed and queued for those whom it concerns. */
  async done(): Promise<void> {
    while (this.#isScheduled || this.#isCommitting || this.#held.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      // A turn that grew too large has ended before.
      if (this.#isScheduled) this.#run();
    });
  }

  #run(): void {
    this.#isScheduled = false;
    const { hub, delivery } = this.#options;
    const turn = hub.takeTurn();
    const { appends, writes } = turn.commit;
    if (
      appends.length === 0 && writes.length === 0 &&
      !delivery.needsPreparation(turn.effects)
    ) {
      hub.settle();
      delivery.deliver(turn.effects);
      this.#end();
      return;
    }
    this.#isCommitting = true;
    this.#commit(turn).then(() => {
      this.#isCommitting = false;
      this.#handleHeld();
      this.#end();
    });
  }

  #handleHeld(): void {
    const held = this.#held;
    const failed = this.#failed;
    this.#held = [];
    this.#failed = NOBODY;
    for (const handle of held) {
      try {
        this.input(() => handle(failed));
      } catch (error) {
        // A fault of this program: without the wait it would have ended just the connection that it came from.
        this.#options.log.error("a message failed", {
          error: describeError(error),
          stack: (error as Error).stack,
        });
      }
    }
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Never rejects: what cannot be stored is said to its authors, and what cannot be read is read again when it is fed. */
  async #commit(turn: Turn): Promise<void> {
    const { hub, store, delivery, log } = this.#options;
    try {
      await delivery.prepare(turn.effects);
    } catch (error) {
      log.error("journal not read", { error: describeError(error) });
    }
    try {
      await store.commit(turn.commit);
    } catch (error) {
      this.#fail(turn, error);
      return;
    }
    if (this.#failures > 0) {
      log.warn("storing works again", { failedTurns: this.#failures });
    }
    this.#failures = 0;
    hub.settle();
    delivery.deliver(turn.effects);
    if (turn.commit.appends.length > 0) this.#options.onStored();
  }

  #fail(turn: Turn, error: unknown): void {
    const { hub, delivery, log, onNotStored } = this.#options;
    const authors = new Set<ConnectionId>();
    for (const effect of turn.effects) {
      if (effect.kind === "append") authors.add(effect.author);
    }
    this.#failures++;
    log.error("NOT STORED: messages were refused", {
      error: describeError(error),
      messages: authors.size,
      failedTurns: this.#failures,
    });
    delivery.deliver(hub.revert(turn).effects);
    this.#failed = authors;
    onNotStored(authors);
  }
}

/** Calls the hub; `failed` are connections of which a message before this one was not stored. */
export type Input = (failed: ReadonlySet<ConnectionId>) => void;

const NOBODY: ReadonlySet<ConnectionId> = new Set();
