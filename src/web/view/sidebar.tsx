/** The rooms and conversations, with what is new there; and oneself. */
import type { Signal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import type { Chat } from "../model/chat.ts";
import { join, leave } from "../model/commands.ts";
import type { Place } from "../model/place.ts";
import type { Panel } from "./panel.ts";

export function Sidebar({ chat, panel }: { chat: Chat; panel: Signal<Panel> }) {
  const places = chat.places.value;
  const rooms = places.filter(({ isPrivate }) => !isPrivate);
  const talks = places.filter(({ isPrivate }) => isPrivate);
  const list = (all: readonly Place[]) =>
    all.map((place) => (
      <PlaceEntry key={place} chat={chat} place={place} panel={panel} />
    ));
  return (
    <nav class="sidebar" aria-label="Rooms and conversations">
      <h1 class="brand">{chat.serverName.value}</h1>
      <h2>Rooms</h2>
      <ul>{list(rooms)}</ul>
      <JoinForm chat={chat} />
      {talks.length > 0 && <h2>Private</h2>}
      <ul>{list(talks)}</ul>
      <p class="self">
        <span class={`dot ${chat.connection.value}`} aria-hidden="true" />
        {chat.name.value}
      </p>
    </nav>
  );
}

function PlaceEntry(
  { chat, place, panel }: { chat: Chat; place: Place; panel: Signal<Panel> },
) {
  const isCurrent = chat.current.value === place;
  const unread = place.unread.value;
  const isCalling = unread > 0 && (place.isPrivate || place.mentions.value > 0);
  const go = () => {
    chat.go(place);
    panel.value = "none";
  };
  return (
    <li class={`place ${isCurrent ? "current" : ""} ${unread ? "unread" : ""}`}>
      <button type="button" aria-current={isCurrent} onClick={go}>
        <span class="name">{place.title.value}</span>
        {unread > 0 && (
          <span class={`badge ${isCalling ? "call" : ""}`}>
            {unread}
            <span class="hidden">unread</span>
          </span>
        )}
      </button>
      <button
        type="button"
        class="close"
        aria-label={`Leave ${place.title.value}`}
        onClick={() =>
          leave(chat, place)}
      >
        ×
      </button>
    </li>
  );
}

function JoinForm({ chat }: { chat: Chat }) {
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const room = String(new FormData(form).get("room")).trim();
    if (room === "") return;
    form.reset();
    join(chat, room).catch((error) => chat.fault(error));
  };
  return (
    <form class="join" onSubmit={submit}>
      <input
        name="room"
        aria-label="Join a room"
        placeholder="Join a room…"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
    </form>
  );
}
