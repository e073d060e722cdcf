/** What is above the first line of a log, and the way to its end. */
import type { Chat } from "../model/chat.ts";
import { loadOlder } from "../model/journal.ts";
import type { Place } from "../model/place.ts";
import type { Timeline } from "../model/timeline.ts";
import { Icon } from "./icon.tsx";

interface HeadProps {
  chat: Chat;
  place: Place;
  timeline: Timeline;
}

/** Always as high, so that nothing moves when it says something else. */
export function LogHead({ chat, place, timeline }: HeadProps) {
  return (
    <div class="log-head">
      <Head chat={chat} place={place} timeline={timeline} />
    </div>
  );
}

function Head({ chat, place, timeline }: HeadProps) {
  const { fault, hasOlder, isLoading } = timeline;
  if (fault.value !== "") {
    return (
      <p role="alert">
        Nothing more could be loaded: {fault.value}{" "}
        <button
          type="button"
          class="button quiet"
          onClick={() => loadOlder(chat, place)}
        >
          Try again
        </button>
      </p>
    );
  }
  if (isLoading.value) return <p>Loading…</p>;
  if (hasOlder.value) {
    return timeline.isFull ? <p>What is older, the search finds.</p> : null;
  }
  const title = place.title.value;
  if (title === "") return null;
  const what = place.isPrivate
    ? `your conversation with ${place.other}`
    : title;
  return <p>This is where {what} begins.</p>;
}

export function LogEnd({ place, toEnd }: { place: Place; toEnd: () => void }) {
  const isElsewhere = place.detached.value !== undefined;
  if (place.isAtEnd.value && !isElsewhere) return null;
  const unread = place.unread.value;
  const text = isElsewhere
    ? "Back to the present"
    : unread > 0
    ? `${unread} new`
    : "";
  return (
    <button
      type="button"
      class={`button to-end ${unread > 0 ? "primary" : ""}`}
      aria-label={text === "" ? "To the end" : undefined}
      onClick={toEnd}
    >
      <Icon name="down" />
      {text}
    </button>
  );
}
