/** Of the random run: what is put into the hub, and what of a turn stands though it was not kept. */
import type { Effect } from "../../src/chat/effects.ts";
import type { Peer } from "../../src/chat/people.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import { commandOf } from "./random_commands.ts";
import type { Line } from "./random_model.ts";

export type Input =
  | { readonly kind: "open"; readonly id: number; readonly peer: Peer }
  | {
    readonly kind: "message";
    readonly id: number;
    readonly message: ClientMessage;
  }
  | {
    readonly kind: "close";
    readonly id: number;
    readonly reason: "closed" | "cut";
  }
  | { readonly kind: "tick" };

/** An input, or what the hub adds of itself after a turn that was not kept. */
export type Cause = Input | {
  readonly kind: "refusal";
  readonly greeted: readonly Line[];
};

/** Why a connection leaves a room. */
export function whyLeft(cause: Cause, line: Line): string {
  if (cause.kind === "close") return cause.reason;
  if (cause.kind === "refusal") {
    return cause.greeted.includes(line) ? "closed" : "kicked";
  }
  if (cause.kind !== "message" || cause.id !== line.id) return "kicked";
  const { message } = cause;
  return message.type === "bye" || commandOf(message)?.name === "close"
    ? "closed"
    : "left";
}

const STANDING = new Set<Effect["kind"]>(["enter", "exit", "ready", "end"]);

/** Whether an effect stands though its turn was not kept: people are where they went. */
export function isStanding({ kind }: Effect): boolean {
  return STANDING.has(kind);
}

/** Whether something is left of an effect; those whose hello was lost get nothing of it. */
export function isLasting(
  effect: Effect,
  refused: ReadonlySet<number>,
): boolean {
  if ("ifFailed" in effect && effect.ifFailed === null) return false;
  switch (effect.kind) {
    case "append":
      return !refused.has(effect.author);
    case "enter":
    case "ready":
      return !refused.has(effect.connection);
    case "answer":
    case "page":
    case "search":
      return !refused.has(effect.to);
    default:
      return true;
  }
}

/** What an effect is called where they are counted. */
export function nameOf(effect: Effect): string {
  if (effect.kind === "enter") {
    return `enter ${effect.room.startsWith("@") ? "conversation" : "room"}`;
  }
  return "message" in effect
    ? `${effect.kind} ${effect.message.type}`
    : effect.kind;
}
