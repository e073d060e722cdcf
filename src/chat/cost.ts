/** What messages cost, of the rate that a person and an address have. */
import {
  COST_CHAT,
  COST_HISTORY,
  COST_LIST,
  COST_SIGN_SHARED,
  HELLO_FREE_ROOMS,
  HELLO_ROOMS_PER_TOKEN,
} from "../base/limits.ts";
import type { ClientMessage, Hello } from "../wire/client.ts";
import { parseSlash } from "../wire/slash.ts";
import { findCommand } from "./commands/table.ts";

export interface Cost {
  readonly tokens: number;
  /** Of the rate of an address, where that is not the same. */
  readonly shared?: number;
  /** Over the rate, a request is refused with `rate-limited`; all else waits. */
  readonly isRequest: boolean;
  /** What happens while former answers are not paid off, to what has a large one. */
  readonly inDebt?: "waits" | "refused";
}

const CHAT: Cost = { tokens: COST_CHAT, isRequest: false };
const SIGN: Cost = { ...CHAT, shared: COST_SIGN_SHARED };
const HISTORY: Cost = {
  tokens: COST_HISTORY,
  isRequest: true,
  inDebt: "refused",
};
const WATCH: Cost = { tokens: COST_LIST, isRequest: true };

/** What a message costs; a `hello` for its rooms alone. */
export function costOf(message: ClientMessage): Cost {
  switch (message.type) {
    case "hello":
      return costOfHello(message);
    case "chat": {
      const command = parseSlash(message.txt);
      return command === undefined ? CHAT : costOfCommand(command.name);
    }
    case "command":
      return costOfCommand(message.name);
    case "history":
      return HISTORY;
    case "watch":
      return WATCH;
    default:
      return SIGN;
  }
}

/** All enter with the few rooms that most are in, and many may do so at the same time. */
function costOfHello({ resume }: Hello): Cost {
  const rooms = Math.max(0, (resume?.size ?? 0) - HELLO_FREE_ROOMS);
  const tokens = Math.ceil(rooms / HELLO_ROOMS_PER_TOKEN);
  const cost = { tokens, isRequest: false };
  return rooms > 0 ? { ...cost, inDebt: "waits" } : cost;
}

function costOfCommand(name: string): Cost {
  try {
    const { cost, isRequest, isDear } = findCommand(name);
    const price = { tokens: cost, isRequest: isRequest === true };
    return isDear ? { ...price, inDebt: "refused" } : price;
  } catch {
    return CHAT;
  }
}
