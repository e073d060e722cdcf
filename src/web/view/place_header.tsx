/** Where one is: its name, its topic, and the ways to the panels on a narrow screen. */
import type { Signal } from "@preact/signals";
import type { Chat } from "../model/chat.ts";
import type { Panel } from "./panel.ts";

export function PlaceHeader(
  { chat, panel }: { chat: Chat; panel: Signal<Panel> },
) {
  const place = chat.current.value;
  const toggle = (which: Panel) => () =>
    panel.value = panel.value === which ? "none" : which;
  return (
    <header class="place-header">
      <button
        type="button"
        class="icon narrow"
        aria-label="Rooms"
        aria-expanded={panel.value === "places"}
        onClick={toggle("places")}
      >
        ☰
      </button>
      <h2>{place?.title.value ?? ""}</h2>
      <p class="topic">{place?.topic.value}</p>
      {place !== undefined && !place.isPrivate && (
        <button
          type="button"
          class="icon"
          aria-label="People"
          aria-expanded={panel.value === "people"}
          onClick={toggle("people")}
        >
          {place.count.value ?? place.people.value.length}
        </button>
      )}
    </header>
  );
}
