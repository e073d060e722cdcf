/** The chat, or the monitor in its place. */
import { useEffect } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { followMonitorAddress } from "../../monitor_address.ts";
import { ChatView } from "../chat_view.tsx";
import { MonitorView } from "./monitor_view.tsx";

export function ChatOrMonitor({ chat }: { chat: Chat }) {
  useEffect(() => followMonitorAddress(chat), [chat]);
  const isOpen = chat.isMonitorOpen.value;
  useEffect(() => {
    // What came meanwhile is seen now.
    if (!isOpen) chat.look();
  }, [isOpen]);
  if (isOpen) return <MonitorView key={chat} chat={chat} />;
  const open = () => chat.isMonitorOpen.value = true;
  return <ChatView chat={chat} onMonitor={open} />;
}
