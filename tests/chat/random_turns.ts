/** Of the random run: what is put into the hub. */
import type { Effect } from "../../src/chat/effects.ts";
import type { ConnectionId, Peer } from "../../src/chat/input.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import { commandOf } from "./random_commands.ts";
import type { Line } from "./random_model.ts";

export type Act =
  | { readonly kind: "open"; readonly id: ConnectionId; readonly peer: Peer }
  | {
    readonly kind: "message";
    readonly id: ConnectionId;
    readonly message: ClientMessage;
  }
  | {
    readonly kind: "close";
    readonly id: ConnectionId;
    readonly how: "closed" | "cut";
  }
  | { readonly kind: "tick" };

/** Why a connection leaves a room. */
export function whyLeft(act: Act, line: Line): string {
  if (act.kind === "close") return act.how;
  if (act.kind !== "message" || act.id !== line.id) return "kicked";
  const { message } = act;
  return message.type === "bye" || commandOf(message)?.name === "close"
    ? "closed"
    : "left";
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
