/** Where one is: its name, its topic, its menu, and the ways to the panels. */
import type { Signal } from "@preact/signals";
import type { Chat } from "../model/chat.ts";
import { presenceOf, seenOf } from "../model/people.ts";
import { actionsOn } from "../model/person_actions.ts";
import { actionsOnRoom, askTopic, mayKeep } from "../model/place_actions.ts";
import type { Place } from "../model/place.ts";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { isNarrow } from "./narrow.ts";
import type { Panel } from "./panel.ts";
import { Locked } from "./place_entry.tsx";
import { PRESENCE } from "./presence.ts";
import { SearchButton } from "./search_button.tsx";

interface HeaderProps {
  chat: Chat;
  panel: Signal<Panel>;
}

export function PlaceHeader({ chat, panel }: HeaderProps) {
  const place = chat.current.value;
  return (
    <header class="place-header">
      {/* Elsewhere the list of places has it. */}
      {isNarrow.value && panel.value === "none" && (
        <h1 class="hidden">{chat.serverName.value}</h1>
      )}
      <button
        type="button"
        class="icon narrow"
        aria-expanded={panel.value === "places"}
        onClick={() => panel.value = "places"}
      >
        <Icon name="menu" />
        <span class="hidden">Rooms</span>
        {chat.calls.value > 0 && (
          <span class="badge call">
            {chat.calls.value}
            <span class="hidden">unread for you</span>
          </span>
        )}
      </button>
      {place === undefined
        ? <h2>{chat.serverName.value}</h2>
        : place.isPrivate
        ? <TalkTitle chat={chat} place={place} />
        : <RoomTitle chat={chat} place={place} panel={panel} />}
    </header>
  );
}

interface TitleProps {
  chat: Chat;
  place: Place;
}

function TalkTitle({ chat, place }: TitleProps) {
  const name = place.title.value.slice(1);
  const presence = presenceOf(chat, name);
  const user = seenOf(chat, name);
  const { key } = user ?? chat.known.of(name);
  const shown = { name, ...key === undefined ? {} : { key } };
  return (
    <>
      <span class={`dot ${presence}`} aria-hidden="true" />
      <h2>{name}</h2>
      {chat.isVerified(name, key) && (
        <span class="verified">
          <Icon name="check" />
          <span class="hidden">verified</span>
        </span>
      )}
      <p class="topic">{user?.away ?? PRESENCE[presence]}</p>
      <Menu
        label={`What to do with ${name}`}
        class="icon"
        items={actionsOn(chat, undefined, shown)}
      >
        <Icon name="more" />
      </Menu>
    </>
  );
}

function RoomTitle({ chat, place, panel }: TitleProps & HeaderProps) {
  return (
    <>
      <h2>{place.title.value}</h2>
      {place.isLocked.value && <Locked />}
      <Topic chat={chat} place={place} />
      {place.isEntered.value && (
        <>
          <SearchButton chat={chat} />
          <PeopleButton chat={chat} place={place} panel={panel} />
          <Menu
            label={`What to do in ${place.title.value}`}
            class="icon"
            items={actionsOnRoom(chat, place)}
          >
            <Icon name="more" />
          </Menu>
        </>
      )}
    </>
  );
}

function Topic({ chat, place }: TitleProps) {
  const topic = place.topic.value;
  if (!mayKeep(chat, place)) {
    return <p class="topic" title={topic}>{topic}</p>;
  }
  return (
    <button
      type="button"
      class="topic"
      title={topic}
      onClick={() => askTopic(chat, place)}
    >
      {topic === "" ? "Set a topic…" : topic}
      {topic !== "" && <span class="hidden">, change the topic</span>}
    </button>
  );
}

/** Shows and hides who is here: beside what is said, or over it where there is no space. */
function PeopleButton({ chat, place, panel }: TitleProps & HeaderProps) {
  const isShown = isNarrow.value
    ? panel.value === "people"
    : chat.settings.value.people === "shown";
  const toggle = () => {
    if (isNarrow.value) panel.value = isShown ? "none" : "people";
    else chat.set("people", isShown ? "hidden" : "shown");
  };
  const count = place.count.value ?? place.people.value.length;
  return (
    <button
      type="button"
      class="icon"
      aria-expanded={isShown}
      onClick={toggle}
    >
      <Icon name="people" />
      {count}
      <span class="hidden">{count === 1 ? "person" : "people"} here</span>
    </button>
  );
}
