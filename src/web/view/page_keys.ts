/** What the keys do wherever one is on the page; and what is typed anywhere goes to the field. */
import { useEffect } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { nextWithNews, placesInOrder, stepFrom } from "../model/moves.ts";
import { actionOf, type KeyAction } from "./keys.ts";

/** Where keys have a meaning of their own. */
const OWN_KEYS = "dialog, [role=menu], [role=grid], [role=dialog]";
const EDITABLE = "input, textarea, select, [contenteditable]";

/** Listens for as long as the chat is shown. */
export function usePageKeys(chat: Chat): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.defaultPrevented || isWithin(event.target, OWN_KEYS)) return;
      const isTyping = isWithin(event.target, EDITABLE);
      const isAsking = event.key === "?" && !isTyping;
      const action = isAsking ? "keys" : actionOf(event);
      if (action !== undefined && act(chat, action, isTyping)) {
        event.preventDefault();
      } else if (!isTyping && isText(event)) focusField();
    };
    const keep = () => chat.keep();
    document.addEventListener("keydown", press);
    // There is time to write until the next page is there; behind `pagehide` there may be none.
    globalThis.addEventListener("beforeunload", keep);
    globalThis.addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
    return () => {
      document.removeEventListener("keydown", press);
      globalThis.removeEventListener("beforeunload", keep);
      globalThis.removeEventListener("pagehide", keep);
      document.removeEventListener("visibilitychange", keep);
    };
  }, [chat]);
}

/** The caret goes where one types. */
export function focusField(): void {
  document.querySelector<HTMLElement>(".composer textarea")?.focus();
}

/** Does what a key is for; `false` when it is for something else here. */
function act(chat: Chat, action: KeyAction, isTyping: boolean): boolean {
  switch (action) {
    case "switcher":
    case "keys":
      chat.overlay.value = action;
      return true;
    case "search":
      chat.searching.value = true;
      return true;
    case "close":
      if (!chat.searching.peek()) return false;
      chat.searching.value = false;
      return true;
    case "news":
      return go(chat, nextWithNews(chat));
    case "before":
      return go(chat, stepFrom(chat, -1, "any"));
    case "next":
      return go(chat, stepFrom(chat, 1, "any"));
    case "unread-before":
      return go(chat, stepFrom(chat, -1, "unread"));
    case "unread-next":
      return go(chat, stepFrom(chat, 1, "unread"));
    case "page-up":
      return isTyping && scroll(-1);
    case "page-down":
      return isTyping && scroll(1);
    case "bold":
    case "italic":
    case "code":
      return false;
    default:
      return go(chat, placesInOrder(chat)[Number(action.slice(6)) - 1]);
  }
}

function go(chat: Chat, place: ReturnType<typeof nextWithNews>): boolean {
  if (place !== undefined) chat.go(place);
  return true;
}

/** Scrolls what is said while the caret stays in the field. */
function scroll(by: 1 | -1): boolean {
  const log = document.querySelector<HTMLElement>("[role=log]");
  log?.scrollBy({ top: by * log.clientHeight * 0.9 });
  return log !== null;
}

/** A key that types something, or pastes. */
function isText(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if (altKey && !ctrlKey) return false;
  if (ctrlKey || metaKey) return key === "v" && !altKey;
  return [...key].length === 1 && !(key === " " && isWithin(target, "*:focus"));
}

function isWithin(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
