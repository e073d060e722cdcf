/** A turn is what comes within one `setImmediate`: one transaction, and one delivery. */
import { setImmediate } from "node:timers";
import { JOURNAL_PAGE_MESSAGES, TURN_EFFECTS } from "../base/limits.ts";
import type { Turn } from "../chat/effects.ts";
import type { ConnectionId, Input, Refusal } from "../chat/input.ts";
import type { Hub } from "../chat/hub.ts";
import { NOT_STORED } from "../chat/records.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { CommitConflict, type Entry, type Store } from "../store/store.ts";
import type { ClientMessage } from "../wire/client.ts";
import type { Tap } from "./tap.ts";

type MessageInput = Extract<Input, { kind: "message" }>;

interface TurnLoopOptions {
  readonly hub: Pick<Hub, "handle" | "takeTurn" | "pendingEffects">;
  readonly store: Pick<Store, "commit" | "read">;
  readonly delivery: Delivery;
  readonly watcher: Pick<
    Tap,
    "turned" | "notStored" | "storesAgain" | "failed"
  >;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Tries at one turn that others' writes keep from being stored. */
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
  /** When the first input of the present turn came, and the first of those held: monotonic ms. */
  #began = Infinity;
  #heldAt = Infinity;
  /** Turns in a row that could not be stored. */
  #failedTurns = 0;

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  /** Lets the hub take an input in the present turn or, while that is committed, in the next. */
  put(input: Input): void {
    if (this.#isCommitting) return this.#hold(input);
    const { hub, now } = this.#options;
    const began = this.#began === Infinity ? now() : this.#began;
    hub.handle(input);
    this.#began = began;
    this.#inputs.push(input);
    if (hub.pendingEffects >= TURN_EFFECTS) return this.#run();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      // A turn that grew too large has ended before.
      if (this.#isScheduled) this.#run();
    });
  }

  #hold(input: Input): void {
    if (this.#held.length === 0) this.#heldAt = this.#options.now();
    this.#held.push(input);
  }

  /** Takes what was written to the journal: what others wrote is delivered, and the hub told. */
  followed(entries: readonly Entry[]): void {
    // Who comes and goes in the present turn did so before this.
    if (this.#isCommitting || this.#isScheduled) {
      return void this.#followed.push(entries);
    }
    const foreign = this.#options.delivery.follow(entries);
    if (foreign.length > 0) this.put({ kind: "followed", entries: foreign });
  }

  /** Resolves when all that was put in so far is committed and queued for whom it concerns. */
  async done(): Promise<void> {
    while (this.#isScheduled || this.#isCommitting || this.#held.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #run(): void {
    this.#isScheduled = false;
    const { hub, delivery } = this.#options;
    const turn = hub.takeTurn();
    if (isStored(turn) && !delivery.needsPreparation(turn.effects)) {
      this.#committed(turn, 0);
      this.#takeFollowed();
      return this.#end();
    }
    this.#isCommitting = true;
    this.#commit(turn).then((failed) => {
      this.#isCommitting = false;
      this.#takeFollowed();
      this.#takeHeld(failed);
      this.#end();
    });
  }

  /** What came meanwhile is the next turn. */
  #takeHeld(failed: ReadonlySet<ConnectionId>): void {
    if (this.#held.length === 0) return;
    this.#began = Math.min(this.#began, this.#heldAt);
    for (const input of this.#held.splice(0)) {
      try {
        const isLate = input.kind === "message" && failed.has(input.connection);
        const refusal = isLate ? notStoredEither(input.message) : undefined;
        if (!isLate || refusal === undefined) this.put(input);
        else this.put({ ...input, kind: "refuse", refusal });
      } catch (error) {
        // A fault of this program: had it not waited, its connection alone would have ended.
        this.#options.watcher.failed("a message failed", error);
      }
    }
  }

  #takeFollowed(): void {
    for (const entries of this.#followed.splice(0)) {
      try {
        this.followed(entries);
      } catch (error) {
        // The directory cannot be read: the hub meets what it does not know of as a conflict.
        this.#options.watcher.failed("a message failed", error);
      }
    }
  }

  #end(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #committed(turn: Turn, commitMs: number): void {
    const { hub, delivery, watcher, now } = this.#options;
    hub.handle({ kind: "committed" });
    this.#inputs = [];
    delivery.deliver(turn.effects);
    let entries = 0;
    for (const append of turn.commit.appends) entries += append.entries.length;
    const effects = turn.effects.length;
    const turnMs = now() - this.#began;
    this.#began = Infinity;
    watcher.turned({ effects, entries, commitMs, turnMs });
  }

  /**
   * Commits and delivers a turn. Never rejects: what cannot be stored is said to its authors, and
   * what cannot be read is read again when it is fed.
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
      return new Set();
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

  /** Others wrote what this turn did not know of: it is delivered, and the hub takes it in. */
  async #heal({ conflict }: CommitConflict): Promise<void> {
    const { hub, store, delivery, watcher } = this.#options;
    const foreign: Entry[] = [];
    for (const { room, head } of conflict.heads) {
      try {
        const from = Math.max(1, head - JOURNAL_PAGE_MESSAGES + 1);
        const entries = await store.read(room, from, head - from + 1);
        delivery.follow(entries);
        foreign.push(...entries);
      } catch (error) {
        watcher.failed("journal not read", error);
      }
    }
    hub.handle({ kind: "failed", conflict });
    // First in the turn: should it fail again, the hub learns of them again.
    this.#inputs.unshift({ kind: "followed", entries: foreign });
  }

  /** Puts the turn's inputs in again. */
  #again(): Turn {
    const { hub, watcher } = this.#options;
    for (const input of this.#inputs) {
      try {
        hub.handle(input);
      } catch (error) {
        // The directory cannot be read, either: nobody else is to suffer from it.
        watcher.failed("a message failed", error);
        const refusal = input.kind === "message"
          ? notStored(input.message, NOT_STORED)
          : undefined;
        if (refusal === undefined) continue;
        hub.handle({ ...input as MessageInput, kind: "refuse", refusal });
      }
    }
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

/**
 * The answer to a message behind one of the same connection that was not stored: what is said keeps
 * its order, so it is not stored either; `undefined` for what is nothing said.
 */
export function notStoredEither(message: ClientMessage): Refusal | undefined {
  const text =
    "a message before this one was not stored, so this one was not either: try again later";
  return notStored(message, text);
}

function notStored(message: ClientMessage, text: string): Refusal | undefined {
  if (message.type !== "chat" && message.type !== "command") return undefined;
  return { code: "not-stored", message: text, id: message.id };
}

/** Whether nothing of a turn is left to be stored. */
function isStored({ commit }: Turn): boolean {
  return commit.appends.length === 0 && commit.writes.length === 0;
}
