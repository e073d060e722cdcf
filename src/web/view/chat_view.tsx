/** The chat: places to the left, what is said in the middle, people to the right. */
import { useSignal } from "@preact/signals";
import type { Chat } from "../model/chat.ts";
import { Composer } from "./composer.tsx";
import { ConnectionBar } from "./connection_bar.tsx";
import { Messages } from "./messages.tsx";
import type { Panel } from "./panel.ts";
import { People } from "./people.tsx";
import { PlaceHeader } from "./place_header.tsx";
import { Sidebar } from "./sidebar.tsx";

export function ChatView({ chat }: { chat: Chat }) {
  const panel = useSignal<Panel>("none");
  const place = chat.current.value;
  const hasPeople = place !== undefined && !place.isPrivate &&
    chat.settings.value.people === "shown";
  return (
    <div
      class={`chat ${hasPeople ? "with-people" : ""}`}
      data-panel={panel.value}
    >
      <Sidebar chat={chat} panel={panel} />
      <main class="middle">
        <PlaceHeader chat={chat} panel={panel} />
        <ConnectionBar chat={chat} />
        {place === undefined
          ? <p class="nowhere">Choose a room on the left, or join one.</p>
          : <Messages key={place} chat={chat} place={place} />}
        {place !== undefined && <Composer chat={chat} place={place} />}
      </main>
      {hasPeople && <People chat={chat} place={place} panel={panel} />}
    </div>
  );
}
