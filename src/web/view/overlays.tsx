/** What the keys of the page open over the chat. */
import type { Chat } from "../model/chat.ts";
import { KeysDialog } from "./keys_dialog.tsx";
import { usePageKeys } from "./page_keys.ts";
import { Switcher } from "./switcher.tsx";

export function Overlays({ chat }: { chat: Chat }) {
  usePageKeys(chat);
  const close = () => {
    chat.overlay.value = undefined;
  };
  switch (chat.overlay.value) {
    case "switcher":
      return <Switcher chat={chat} onClose={close} />;
    case "keys":
      return <KeysDialog onClose={close} />;
    default:
      return null;
  }
}
