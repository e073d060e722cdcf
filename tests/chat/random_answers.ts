/**
 * Of the random run: that every request gets its one answer in its order, and that no message is
 * journaled twice.
 */
import type { Effect } from "../../src/chat/effects.ts";
import type { ConnectionId } from "../../src/chat/input.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import type { Line } from "./random_model.ts";
import { violated } from "./random_names.ts";

/** A message that has its ack. */
export interface Acked {
  readonly message: ClientMessage;
  readonly seq: number;
  readonly at: number;
}

/** The id of a message that wants an answer. */
export function requestId(message: ClientMessage): string | undefined {
  return "id" in message ? message.id : undefined;
}

/** The id that an effect answers, and who gets it. */
function answered(
  effect: Effect,
): [line: ConnectionId, id: string] | undefined {
  let id: string | undefined;
  if (effect.kind === "append") {
    id = effect.ack.id;
    return id === undefined ? undefined : [effect.author, id];
  }
  if (effect.kind === "answer") {
    const { message } = effect;
    if (message.type !== "chat" && "id" in message) id = message.id;
  } else if (effect.kind === "page") id = effect.page.id;
  else if (effect.kind === "search") id = effect.search.id;
  else return undefined;
  return id === undefined ? undefined : [effect.to, id];
}

export class Answers {
  /** Ids that were asked with in this turn, by connection and in their order. */
  #asked = new Map<ConnectionId, string[]>();
  /** Journaled messages of each person by id. */
  readonly #acked = new Map<string, Map<string, Acked>>();
  /** What was said in turns that were not kept, and is to be sent again. */
  lost: { line: Line; message: ClientMessage }[] = [];

  ask(line: Line, message: ClientMessage): void {
    const id = requestId(message);
    if (id === undefined) return;
    const ids = this.#asked.get(line.id);
    if (ids === undefined) this.#asked.set(line.id, [id]);
    else ids.push(id);
  }

  /**
   * What an input gave: a message is journaled under a new id only, and one that was gets the same
   * ack.
   */
  answered(line: Line, message: ClientMessage, effects: Iterable<Effect>) {
    const id = requestId(message);
    if (id === undefined) return;
    const person = line.human.id;
    const before = this.#acked.get(person)?.get(id);
    for (const effect of effects) {
      if (effect.kind === "append") {
        if (before !== undefined) violated(`${id} is journaled again`);
        const { seq, at } = effect.entry;
        this.#remember(line, id, { message, seq, at });
      } else if (effect.kind === "answer") {
        if (effect.message.type === "error" && message.type === "chat") {
          if (effect.message.code === "not-stored") {
            this.lost.push({ line, message });
          }
        }
        this.#judge(id, message, effect.message, before);
      }
    }
  }

  #judge(
    id: string,
    message: ClientMessage,
    answer: Extract<Effect, { kind: "answer" }>["message"],
    before: Acked | undefined,
  ): void {
    if (answer.type === "error" && answer.code === "id-reused") {
      if (before === undefined) violated(`${id} is said to be used`);
    }
    if (answer.type !== "ack" || !answer.seq) return;
    if (
      before?.seq !== answer.seq || before.at !== answer.at ||
      JSON.stringify(before.message) !== JSON.stringify(message)
    ) violated(`the second ack of ${id} is not the first`);
  }

  #remember(line: Line, id: string, acked: Acked): void {
    const person = line.human.id;
    const all = this.#acked.get(person) ?? new Map();
    this.#acked.set(person, all.set(id, acked));
  }

  /** A message that a person said not long ago. */
  lastOf(person: string): Acked | undefined {
    return [...this.#acked.get(person)?.values() ?? []].at(-1);
  }

  /** The turn is over, and gave these effects. */
  endTurn(effects: Iterable<Effect>): void {
    const given = new Map<ConnectionId, string[]>();
    for (const effect of effects) {
      const pair = answered(effect);
      if (pair === undefined) continue;
      const ids = given.get(pair[0]);
      if (ids === undefined) given.set(pair[0], [pair[1]]);
      else ids.push(pair[1]);
    }
    const asked = this.#asked;
    this.#asked = new Map();
    for (const line of new Set([...asked.keys(), ...given.keys()])) {
      const want = asked.get(line)?.join(" ");
      const got = given.get(line)?.join(" ");
      if (want !== got) {
        violated(`connection ${line} asked ${want} and was answered ${got}`);
      }
    }
  }
}
