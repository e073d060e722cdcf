/** Opens and closes the search. */
import type { Chat } from "../model/chat.ts";
import { Icon } from "./icon.tsx";

export function SearchButton({ chat }: { chat: Chat }) {
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
