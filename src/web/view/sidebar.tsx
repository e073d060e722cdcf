/** The rooms and conversations, with what is new there; and oneself. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Chat } from "../model/chat.ts";
import { talkTo, waitingCallers } from "../model/conversations.ts";
import type { Place } from "../model/place.ts";
import { Drawer } from "./drawer.tsx";
import { Icon } from "./icon.tsx";
import { JoinForm } from "./join_form.tsx";
import { moveFocus } from "./move_focus.ts";
import type { Panel } from "./panel.ts";
import { PlaceEntry } from "./place_entry.tsx";
import { SelfMenu } from "./self_menu.tsx";

interface SidebarProps {
  chat: Chat;
  panel: Signal<Panel>;
  onMonitor: (() => void) | undefined;
}

export function Sidebar({ chat, panel, onMonitor }: SidebarProps) {
  const places = chat.places.value;
  const rooms = places.filter(({ isPrivate }) => !isPrivate);
  const talks = places.filter(({ isPrivate }) => isPrivate);
  const close = () => panel.value = "none";
  const list = (all: readonly Place[]) =>
    all.map((place) => (
      <PlaceEntry key={place} chat={chat} place={place} onGo={close} />
    ));
  return (
    <Drawer
      as="nav"
      class="sidebar"
      label="Rooms and conversations"
      which="places"
      panel={panel}
    >
      <h1 class="brand">{chat.serverName.value}</h1>
      <div
        class="places"
        onKeyDown={(event) => moveFocus(event, ".place > button:first-child")}
      >
        <header>
          <h2>Rooms</h2>
          <button
            type="button"
            class="icon"
            aria-label="All rooms"
            title="All rooms"
            onClick={() => chat.dialog.value = { kind: "rooms" }}
          >
            <Icon name="plus" />
          </button>
        </header>
        <ul>{list(rooms)}</ul>
        <JoinForm chat={chat} onJoined={close} />
        <Talks chat={chat} onGo={close}>{list(talks)}</Talks>
      </div>
      <SelfMenu chat={chat} onMonitor={onMonitor} />
    </Drawer>
  );
}

/** Conversations, and those who wait for one. */
function Talks(
  { chat, onGo, children }: {
    chat: Chat;
    onGo: () => void;
    children: ComponentChildren[];
  },
) {
  const callers = waitingCallers(chat);
  if (callers.length + children.length === 0) return null;
  return (
    <>
      <h2>Private</h2>
      <ul>
        {children}
        {callers.map(({ name, unread }) => (
          <li key={`caller ${name}`} class="place unread">
            <button
              type="button"
              onClick={() => {
                talkTo(chat, name);
                onGo();
              }}
            >
              <span class="name">{name}</span>
              <span class="badge call">
                {unread}
                <span class="hidden">unread, from before</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
