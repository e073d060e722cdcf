/** Oneself: the name, the key in words, whether one is away, and what one can do about it. */
import { wordsOfFingerprint } from "../../secure/fingerprint.ts";
import { isFingerprint } from "../../wire/fingerprint_text.ts";
import type { Chat } from "../model/chat.ts";
import { actionsOnSelf } from "../model/place_actions.ts";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";

interface SelfMenuProps {
  chat: Chat;
  onMonitor: (() => void) | undefined;
}

export function SelfMenu({ chat, onMonitor }: SelfMenuProps) {
  const name = chat.name.value;
  const away = chat.away.value;
  const isOnline = chat.connection.value === "online";
  const state = !isOnline
    ? "not connected"
    : away === undefined
    ? firstWords(chat.key.value)
    : `away: ${away}`;
  const look = !isOnline ? "offline" : away === undefined ? "here" : "away";
  return (
    <Menu
      label="You"
      shows="words"
      class="self"
      items={actionsOnSelf(chat, onMonitor)}
    >
      <span class={`dot ${look}`} aria-hidden="true" />
      <span class="who">
        <span class="name">{name}</span>
        <span class="small">{state}</span>
        <span class="hidden">, you</span>
      </span>
      <Icon name="more" />
    </Menu>
  );
}

/** The beginning of one's fingerprint, to know one's keys apart. */
function firstWords(key: string | undefined): string {
  if (key === undefined || !isFingerprint(key)) return "a guest, without a key";
  return `${wordsOfFingerprint(key).split("-").slice(0, 3).join("-")}…`;
}
