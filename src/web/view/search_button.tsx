/** Opens and closes the search of a room. */
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import { Icon } from "./icon.tsx";

export function SearchButton({ chat, place }: { chat: Chat; place: Place }) {
  if (place.isPrivate) return null;
  return (
    <button
      type="button"
      class="icon"
      aria-label="Search"
      aria-expanded={chat.searching.value}
      title="Search (Ctrl+Shift+F)"
      onClick={() => chat.searching.value = !chat.searching.peek()}
    >
      <Icon name="search" />
    </button>
  );
}
