/** What is said in a place. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import { LineView } from "./line_view.tsx";
import { PendingView } from "./pending_view.tsx";

export function Messages({ chat, place }: { chat: Chat; place: Place }) {
  const list = useRef<HTMLDivElement>(null);
  const timeline = place.timeline;
  timeline.version.value;
  useLayoutEffect(() => {
    const element = list.current!;
    element.scrollTop = element.scrollHeight;
  }, [timeline.version.value]);
  return (
    <div
      class="messages"
      ref={list}
      role="log"
      aria-label={`What is said in ${place.title.value}`}
      tabIndex={0}
    >
      <ol>
        {timeline.lines.map((line, at) => (
          <LineView
            key={line.key}
            chat={chat}
            place={place}
            line={line}
            before={timeline.lines[at - 1]}
          />
        ))}
        {timeline.pending.map((line) => (
          <PendingView key={line.key} chat={chat} place={place} line={line} />
        ))}
      </ol>
    </div>
  );
}
