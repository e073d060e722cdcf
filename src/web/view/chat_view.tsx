/** The chat: places to the left, what is said in the middle, people to the right. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { loadConversation } from "../model/conversations.ts";
import { Composer } from "./composer.tsx";
import { ConnectionBar } from "./connection_bar.tsx";
import { JoinAgain } from "./join_again.tsx";
import { Messages } from "./messages.tsx";
import { isNarrow } from "./narrow.ts";
import { PageDialogs } from "./page_dialogs.tsx";
import { Overlays } from "./overlays.tsx";
import type { Panel } from "./panel.ts";
import { People } from "./people.tsx";
import { PlaceHeader } from "./place_header.tsx";
import { Sidebar } from "./sidebar.tsx";

interface ChatViewProps {
  chat: Chat;
  /** Opens the monitor, for an administrator. */
  onMonitor?: (() => void) | undefined;
}

export function ChatView({ chat, onMonitor }: ChatViewProps) {
  const panel = useSignal<Panel>("none");
  const place = chat.current.value;
  const isRoom = place !== undefined && !place.isPrivate &&
    place.isEntered.value;
  const hasPeople = isRoom &&
    (isNarrow.value || chat.settings.value.people === "shown");
  useEffect(() => {
    if (place !== undefined) void loadConversation(chat, place);
    // Another place has other people; the list of places closes by itself.
    if (panel.peek() === "people") panel.value = "none";
  }, [place]);
  const isBehind = isNarrow.value && panel.value !== "none";
  return (
    <div
      class={`chat ${hasPeople ? "with-people" : ""}`}
      data-panel={panel.value}
    >
      <Sidebar chat={chat} panel={panel} onMonitor={onMonitor} />
      <main class="middle" inert={isBehind}>
        <PlaceHeader chat={chat} panel={panel} />
        <ConnectionBar chat={chat} />
        {place === undefined
          ? <p class="nowhere">Choose a room on the left, or join one.</p>
          : <Messages key={place} chat={chat} place={place} />}
        {place === undefined && chat.nowhere.live.version.value > 0 && (
          <Messages chat={chat} place={chat.nowhere} />
        )}
        {place === undefined || place.isEntered.value
          ? <Composer chat={chat} place={place ?? chat.nowhere} />
          : <JoinAgain key={place} chat={chat} place={place} />}
      </main>
      {hasPeople && (
        <People key={place} chat={chat} place={place} panel={panel} />
      )}
      <PageDialogs chat={chat} />
      <Overlays chat={chat} />
    </div>
  );
}
