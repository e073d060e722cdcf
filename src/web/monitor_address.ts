/** The monitor has an address: what stands there opens it, and going back closes it. */
import { effect } from "@preact/signals-core";
import { MONITOR_HASH } from "./link.ts";
import type { Chat } from "./model/chat.ts";

/** Keeps the address and the monitor the same; the result ends that. */
export function followMonitorAddress(chat: Chat): () => void {
  const isThere = () => location.hash === MONITOR_HASH;
  const look = () => chat.isMonitorOpen.value = isThere();
  look();
  globalThis.addEventListener("popstate", look);
  const stop = effect(() => {
    const isOpen = chat.isMonitorOpen.value;
    if (isOpen === isThere()) return;
    if (isOpen) history.pushState({ isFromChat: true }, "", MONITOR_HASH);
    else if (history.state?.isFromChat) history.back();
    else history.replaceState(null, "", location.pathname);
  });
  return () => {
    stop();
    globalThis.removeEventListener("popstate", look);
  };
}
