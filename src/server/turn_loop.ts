/** A turn is what is handled together: from the first input until one `setImmediate` later. It is one transaction and one delivery. */
import { setImmediate } from "node:timers";
import { JOURNAL_PAGE_MESSAGES, TURN_EFFECTS } from "../base/limits.ts";
import type { Turn } from "../chat/effects.ts";
import type { ConnectionId, Input } from "../chat/input.ts";
import type { Hub } from "../chat/hub.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { CommitConflict, type Entry, type Store } from "../store/store.ts";
import { isSaying, notStoredEither } from "./saying.ts";

/** Is told what becomes of turns. */
export interface TurnWatcher {
  /** A turn is over. */
  turned(turn: TurnFigures): void;
  /** A turn was not stored, the `failedTurns`th in a row; these connections said something in it. */
  notStored(
    error: unknown,
    authors: ReadonlySet<ConnectionId>,
    failedTurns: number,
  ): void;
  /** A turn was stored, after so many that were not. */
  storesAgain(failedTurns: number): void;
  /** Something went wrong that is no fault of a peer's. */
  failed(event: string, error: unknown): void;
}

export interface TurnFigures {
  readonly effects: number;
  /** Entries that were stored. */
  readonly entries: number;
  /** How long that took; 0 where nothing had to be stored. */
  readonly commitMs: number;
}

export interface TurnLoopOptions {
  readonly hub: Pick<Hub, "handle" | "takeTurn" | "pendingEffects">;
  readonly store: Pick<Store, "commit" | "read">;
  readonly delivery: Pick<
    Delivery,
    "prepare" | "needsPreparation" | "deliver" | "follow"
  >;
  readonly watcher: TurnWatcher;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Tries at one turn that others' writes keep from being stored; what others write so fast leaves no room for it. */
const TRIES_MAX = 8;

export class TurnLoop {
  readonly #options: TurnLoopOptions;
  #isScheduled = false;
  #isCommitting = false;
  /** Inputs of the present turn: should it fail, they are put in again. */
  #inputs: Input[] = [];
  /** Inputs that came while a turn was being committed. */
  #held: Input[] = [];
  /** What others wrote, and was noticed while a turn was being committed. */
  #followed: (readonly Entry[])[] = [];
  /** Those who wait for the end of the present turn. */
  #waiting: (() => void)[] = [];
  /** Turns in a row that could not be stored. */
  #failedTurns = 0;

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  /** Lets the hub take an input, within the present turn or, while that is being committed, the next. */
  put(input: Input): void {
    if (this.#isCommitting) {
      this.#held.push(input);
      return;
    }
    this.#options.hub.handle(input);
    this.#inputs.push(input);
    if (this.#options.hub.pendingEffects >= TURN_EFFECTS) this.#run();
    else this.#schedule();
  }

  /** Takes what the journal says was written, by whomever: what others wrote is delivered, and the hub learns of it. */
  followed(entries: readonly Entry[]): void {
    if (this.#isCommitting) {
      this.#followed.push(entries);
      return;
    }
    const foreign = this.#options.delivery.follow(entries);
    if (foreign.length > 0) this.put({ kind: "followed", entries: foreign });
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
    if (isStored(turn) && !delivery.needsPreparation(turn.effects)) {
      this.#committed(turn, 0);
      return this.#end();
    }
    this.#isCommitting = true;
    this.#commit(turn).then((failed) => {
      this.#isCommitting = false;
      for (const entries of this.#followed.splice(0)) this.followed(entries);
      this.#takeHeld(failed);
      this.#end();
    });
  }

  /** What came meanwhile is the next turn. What an author says behind something that was not stored is not stored either. */
  #takeHeld(failed: ReadonlySet<ConnectionId>): void {
    for (const input of this.#held.splice(0)) {
      try {
        this.put(
          input.kind === "message" && failed.has(input.connection) &&
            isSaying(input.message)
            ? {
              ...input,
              kind: "refuse",
              refusal: notStoredEither(input.message),
            }
            : input,
        );
      } catch (error) {
        // A fault of this program: without the wait it would have ended just the connection that it came from.
        this.#options.watcher.failed("a message failed", error);
      }
    }
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #committed(turn: Turn, commitMs: number): void {
    const { hub, delivery, watcher } = this.#options;
    hub.handle({ kind: "committed" });
    this.#inputs = [];
    delivery.deliver(turn.effects);
    let entries = 0;
    for (const append of turn.commit.appends) entries += append.entries.length;
    watcher.turned({ effects: turn.effects.length, entries, commitMs });
  }

  /**
   * Commits and delivers a turn. Never rejects: what cannot be stored is said to its authors, and what cannot be read is read again when
   * it is fed.
   *
   * @returns those who said something that was not stored.
   */
  async #commit(turn: Turn): Promise<ReadonlySet<ConnectionId>> {
    const { store, watcher, now } = this.#options;
    let wanted = turn;
    for (let tries = 1;; tries++) {
      await this.#prepare(wanted);
      const began = now();
      try {
        if (!isStored(wanted)) await store.commit(wanted.commit);
      } catch (error) {
        if (!(error instanceof CommitConflict) || tries === TRIES_MAX) {
          return await this.#notStored(wanted, error);
        }
        await this.#heal(error);
        wanted = this.#again();
        continue;
      }
      if (this.#failedTurns > 0) watcher.storesAgain(this.#failedTurns);
      this.#failedTurns = 0;
      this.#committed(wanted, now() - began);
      return NOBODY;
    }
  }

  async #prepare({ effects }: Turn): Promise<void> {
    const { delivery, watcher } = this.#options;
    try {
      await delivery.prepare(effects);
    } catch (error) {
      watcher.failed("journal not read", error);
    }
  }

  /** Others wrote what this turn did not know of: it is delivered, and the hub begins the turn anew from there. */
  async #heal({ conflict }: CommitConflict): Promise<void> {
    const { hub, store, delivery, watcher } = this.#options;
    const foreign: Entry[] = [];
    for (const { room, head } of conflict.heads) {
      try {
        const from = Math.max(1, head - JOURNAL_PAGE_MESSAGES + 1);
        const entries = await store.read(room, from, head - from + 1);
        foreign.push(...delivery.follow(entries));
      } catch (error) {
        watcher.failed("journal not read", error);
      }
    }
    hub.handle({ kind: "failed", conflict });
    // Of the turn: what is learned here must not be undone by another conflict.
    this.#inputs.unshift({ kind: "followed", entries: foreign });
  }

  /** Puts the turn's inputs in again. */
  #again(): Turn {
    const { hub } = this.#options;
    for (const input of this.#inputs) hub.handle(input);
    return hub.takeTurn();
  }

  async #notStored(
    turn: Turn,
    error: unknown,
  ): Promise<ReadonlySet<ConnectionId>> {
    const { hub, watcher } = this.#options;
    const authors = new Set<ConnectionId>();
    for (const effect of turn.effects) {
      if (effect.kind === "append") authors.add(effect.author);
    }
    watcher.notStored(error, authors, ++this.#failedTurns);
    hub.handle({ kind: "failed" });
    const rest = this.#again();
    await this.#prepare(rest);
    this.#committed(rest, 0);
    return authors;
  }
}

const NOBODY: ReadonlySet<ConnectionId> = new Set();

/** Whether nothing of a turn is left to be stored. */
function isStored({ commit }: Turn): boolean {
  return commit.appends.length === 0 && commit.writes.length === 0;
}
