/** What messages cost, of the rate that a person has. */
import { COST_CHAT, COST_HISTORY } from "../base/limits.ts";
import type { ClientMessage } from "../wire/client.ts";
import { parseSlash } from "../wire/slash.ts";
import { findCommand } from "./commands/table.ts";

export interface Cost {
  readonly tokens: number;
  /** Over the rate, a request is refused with `rate-limited`; all else waits. */
  readonly isRequest: boolean;
}

const CHAT: Cost = { tokens: COST_CHAT, isRequest: false };
const HISTORY: Cost = { tokens: COST_HISTORY, isRequest: true };

/** What a message costs, or `undefined` when it costs nothing. */
export function costOf(message: ClientMessage): Cost | undefined {
  switch (message.type) {
    case "chat": {
      const command = parseSlash(message.txt);
      return command === undefined ? CHAT : costOfCommand(command.name);
    }
    case "command":
      return costOfCommand(message.name);
    case "history":
      return HISTORY;
    case "typing":
    case "read":
      return CHAT;
    default:
      return undefined;
  }
}

function costOfCommand(name: string): Cost {
  try {
    const { cost, isRequest } = findCommand(name);
    return { tokens: cost, isRequest: isRequest === true };
  } catch {
    return CHAT;
  }
}
