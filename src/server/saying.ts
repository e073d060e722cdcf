/** What keeps its order: nothing of a connection is stored behind what was not stored. */
import type { Refusal } from "../chat/input.ts";
import type { ChatSend, ClientMessage, CommandSend } from "../wire/client.ts";

/** Whether a message has an answer that may say that it is stored. */
export function isSaying(
  message: ClientMessage,
): message is ChatSend | CommandSend {
  return message.type === "chat" || message.type === "command";
}

/** The answer to a message that was under way when one before it was not stored. */
export function notStoredEither(
  { id }: ChatSend | CommandSend,
): Refusal {
  const message =
    "a message before this one was not stored, so this one was not either: try again later";
  return { code: "not-stored", message, id };
}
