/** A room or a conversation in the list, with what is new there. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { presenceOf } from "../model/people.ts";
import { leaveWithCare } from "../model/place_actions.ts";
import type { Place } from "../model/place.ts";
import { Icon } from "./icon.tsx";
import { PRESENCE } from "./presence.ts";

interface PlaceEntryProps {
  chat: Chat;
  place: Place;
  onGo: () => void;
}

export function PlaceEntry({ chat, place, onGo }: PlaceEntryProps) {
  const isCurrent = chat.current.value === place;
  const isLeft = !place.isEntered.value;
  const unread = place.unread.value;
  const title = place.title.value;
  const entry = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (isCurrent) entry.current!.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  const look = [
    "place",
    ...isCurrent ? ["current"] : [],
    ...unread > 0 ? ["unread"] : [],
    ...isLeft ? ["left"] : [],
  ];
  const go = () => {
    chat.go(place);
    onGo();
  };
  return (
    <li ref={entry} class={look.join(" ")}>
      <button
        type="button"
        aria-current={isCurrent ? "page" : undefined}
        onClick={go}
      >
        {place.isPrivate && <Dot chat={chat} name={place.other} />}
        <span class="name">{place.isPrivate ? title.slice(1) : title}</span>
        {place.isLocked.value && <Locked />}
        {isLeft && <span class="hidden">, you were removed</span>}
        {place.draft.value !== "" && !isCurrent && (
          <span class="small">draft</span>
        )}
        <Badges place={place} />
      </button>
      <button
        type="button"
        class="close"
        aria-label={`${place.isPrivate || isLeft ? "Close" : "Leave"} ${title}`}
        onClick={() => leaveWithCare(chat, place)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function Dot({ chat, name }: { chat: Chat; name: string }) {
  const presence = presenceOf(chat, name);
  return (
    <>
      <span class={`dot ${presence}`} aria-hidden="true" />
      <span class="hidden">{PRESENCE[presence]}:</span>
    </>
  );
}

export function Locked() {
  return (
    <span class="locked" title="Locked: one is invited">
      <Icon name="lock" />
      <span class="hidden">, locked</span>
    </span>
  );
}

/** How much is new, and how much of it is meant for the person. */
function Badges({ place }: { place: Place }) {
  const unread = place.unread.value;
  const calls = place.isPrivate ? unread : place.mentions.value;
  if (unread === 0) return null;
  return (
    <span class="badges">
      {unread > calls && (
        <span class="badge">
          {unread}
          <span class="hidden">unread</span>
        </span>
      )}
      {calls > 0 && (
        <span class="badge call">
          {place.isPrivate ? calls : `@${calls}`}
          <span class="hidden">
            {place.isPrivate ? "unread" : "of them for you"}
          </span>
        </span>
      )}
    </span>
  );
}
