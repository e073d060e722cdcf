/** Opens and closes the search of a room. */
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import { toggleSearch } from "../model/search.ts";
import { Icon } from "./icon.tsx";

export function SearchButton({ chat, place }: { chat: Chat; place: Place }) {
  if (place.isPrivate) return null;
  return (
    <button
      type="button"
      class="icon"
      aria-label="Search"
      aria-expanded={place.search.value !== undefined}
      title="Search (Ctrl+Shift+F)"
      onClick={() => toggleSearch(chat, place)}
    >
      <Icon name="search" />
    </button>
  );
}
