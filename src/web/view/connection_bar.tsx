/** Says that there is no connection, and when the next try is. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Chat } from "../model/chat.ts";

const SECOND_MS = 1_000;

export function ConnectionBar({ chat }: { chat: Chat }) {
  if (chat.connection.value !== "offline") return null;
  return (
    <p class="connection-bar">
      {chat.reason.value}; what you say waits. <NextTry chat={chat} />
      {chat.client.hasten !== undefined && (
        <button
          type="button"
          onClick={() => chat.client.hasten?.()}
        >
          Try now
        </button>
      )}
    </p>
  );
}

/** Counts down; who cannot see it was told once that the connection was lost. */
function NextTry({ chat }: { chat: Chat }) {
  const now = useSignal(chat.clock.wall());
  const at = chat.retryAt.value;
  useEffect(() => {
    now.value = chat.clock.wall();
    const timer = setInterval(() => now.value = chat.clock.wall(), SECOND_MS);
    return () => clearInterval(timer);
  }, [at]);
  if (at === undefined) return null;
  const seconds = Math.ceil((at - now.value) / SECOND_MS);
  return <>{seconds > 0 ? `Next try in ${seconds} s` : "Trying now…"}</>;
}
