/** Says that there is no connection, and when the next try is. */
import type { Chat } from "../model/chat.ts";

export function ConnectionBar({ chat }: { chat: Chat }) {
  if (chat.connection.value !== "offline") return null;
  return (
    <p class="connection-bar" role="status">
      {chat.reason.value}; what you say waits
    </p>
  );
}
