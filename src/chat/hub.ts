/**
 * The chat: people, rooms and commands. It is pure: no sockets, no clock, no randomness and no
 * storage of its own. Inputs go in one by one, as data; what they want done is taken turn by turn,
 * as data. Whether a turn was committed is an input like any other.
 */
import { ProtocolError } from "../base/errors.ts";
import type { Conflict, Entry } from "../store/store.ts";
import type { Core, HubOptions } from "./core.ts";
import { Dispatch, type MessageInput } from "./dispatch.ts";
import type { Turn } from "./effects.ts";
import type { Input } from "./input.ts";
import { Lifecycle } from "./lifecycle.ts";
import { assemble, type Parts } from "./parts.ts";
import { NOT_STORED } from "./records.ts";
import { turnOf } from "./turn.ts";

export type { HubOptions } from "./core.ts";

export class Hub {
  readonly #core: Core;
  readonly #parts: Parts;
  readonly #lifecycle: Lifecycle;
  readonly #dispatch: Dispatch;

  constructor(options: HubOptions) {
    this.#parts = assemble(options);
    this.#core = this.#parts.core;
    this.#lifecycle = new Lifecycle(this.#parts);
    this.#dispatch = new Dispatch(options, this.#parts, this.#lifecycle);
    this.#core.undo.clear();
  }

  /** Effects that wait to be taken. */
  get pendingEffects(): number {
    return this.#core.effects.length;
  }

  /** What the inputs since the last turn want. The input `committed` or `failed` must come next. */
  takeTurn(): Turn {
    const { effects } = this.#core;
    this.#core.effects = [];
    this.#parts.deletions.endTurn();
    return turnOf(effects, this.#core.records.writes());
  }

  /**
   * Takes what has happened. A fault of a peer is answered, nothing is thrown for it.
   *
   * After `failed` everything is as it was before the turn, whose inputs are to be put in again.
   * After a conflict they meet what others have written; else all that wants something stored is
   * refused, until the next `committed`.
   *
   * @throws what asking the directory throws: then the input has not happened.
   */
  handle(input: Input): void {
    if ("at" in input) this.#core.now = input.at;
    else return this.#take(input);
    const { undo, effects } = this.#core;
    const mark = undo.mark;
    const { length } = effects;
    try {
      this.#take(input);
    } catch (error) {
      undo.rollback(mark);
      effects.length = length;
      throw error;
    }
  }

  #take(input: Input): void {
    switch (input.kind) {
      case "open":
        return this.#lifecycle.open(input.connection, input.peer);
      case "recalled":
        return this.#lifecycle.recalled(input.connection, input.entries);
      case "message":
        return this.#message(input);
      case "password":
        return this.#lifecycle.shown(input.connection);
      case "refuse":
        if (!this.#core.connections.has(input.connection)) return;
        return this.#core.refuse(input.connection, input.refusal);
      case "answer": {
        const to = this.#core.connections.get(input.connection);
        return to && this.#core.answer(to, input.message);
      }
      case "caught-up":
        return this.#lifecycle.caughtUp(input.connection, input.room);
      case "close":
        return this.#lifecycle.close(input.connection, input.how);
      case "followed":
        return this.#followed(input.entries);
      case "allowed":
        return this.#lifecycle.allowed(input.keys);
      case "admins":
        return this.#parts.roles.name(input.keys);
      case "tick":
        return this.#tick();
      case "space":
        return this.#core.rooms.limit(input.refusal);
      case "committed":
        this.#core.undo.clear();
        this.#core.rooms.committed();
        return this.#core.records.committed();
      case "failed":
        return this.#failed(input.conflict);
    }
  }

  #tick(): void {
    const { membership, readMarks, roles, typing, watching } = this.#parts;
    membership.tick();
    readMarks.tick();
    roles.lists.tick();
    typing.tick();
    // Another program may have changed who may.
    watching.review();
  }

  #failed(conflict: Conflict | undefined): void {
    const { undo, records, rooms } = this.#core;
    this.#core.effects = [];
    undo.rollback();
    if (conflict === undefined) return records.stopStoring();
    for (const { room, head } of conflict.heads) rooms.follow(room, head);
    records.askAnew();
    for (const record of conflict.records) records.adopt(record);
    this.#parts.roles.askAnew();
    undo.clear();
  }

  /** Others wrote to the journal. */
  #followed(entries: readonly Entry[]): void {
    const { records, rooms, people, undo } = this.#core;
    records.askAnew();
    this.#parts.roles.askAnew();
    for (const entry of entries) {
      if (entry.seq > rooms.headOf(entry.room)) {
        rooms.follow(entry.room, entry.seq);
      }
      if (entry.person !== undefined) {
        people.get(entry.person)?.ids.add(entry, undo);
      }
    }
  }

  /** All of a message happens, or nothing but the answer that says why not. */
  #message(input: MessageInput): void {
    const { connections, undo, effects } = this.#core;
    const connection = connections.get(input.connection);
    if (connection === undefined) return;
    const { message } = input;
    const mark = undo.mark;
    const { length } = effects;
    try {
      this.#dispatch.handle(connection, message);
    } catch (error) {
      undo.rollback(mark);
      effects.length = length;
      if (!(error instanceof ProtocolError)) throw error;
      const id = error.id ?? ("id" in message ? message.id : undefined);
      const { code, message: text, retryAfterMs } = error;
      this.#core.refuse(connection.id, {
        code,
        message: text,
        id,
        retryAfterMs,
      });
      if (code === "not-stored" && message.type === "hello") {
        this.#lifecycle.end(connection, "refused", NOT_STORED);
      }
    }
  }
}
