/** The keys of a log: pages from wherever one types, and a way from message to message. */

/** So much of the view goes on with a page. */
const PAGE = 0.85;

/** Follows the keys of the page until the result is called. */
export function keysOfLog(
  log: HTMLElement,
  toggleSearch: () => void,
): () => void {
  const down = (event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) {
      return;
    }
    if (takeKey(log, event, toggleSearch)) event.preventDefault();
  };
  document.addEventListener("keydown", down);
  return () => document.removeEventListener("keydown", down);
}

function takeKey(
  log: HTMLElement,
  event: KeyboardEvent,
  toggleSearch: () => void,
): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
  if ((ctrlKey || metaKey) && shiftKey && key.toLowerCase() === "f") {
    toggleSearch();
    return true;
  }
  if (ctrlKey || metaKey || altKey || shiftKey) return false;
  const isPage = key === "PageUp" || key === "PageDown";
  const isTyped = target instanceof HTMLTextAreaElement;
  const isHere = target instanceof Node && log.contains(target);
  if (isPage && (isTyped || isHere)) {
    const page = PAGE * log.clientHeight;
    log.scrollTop += key === "PageUp" ? -page : page;
    return true;
  }
  if (!isHere) return false;
  if (key === "Home") log.scrollTop = 0;
  else if (key === "End") log.scrollTop = log.scrollHeight;
  else if (key === "ArrowUp" || key === "ArrowDown") {
    return move(log, key === "ArrowUp" ? "up" : "down");
  } else return false;
  return true;
}

/** Goes to the message above or below; from the log itself, to the last that is in the view. */
function move(log: HTMLElement, way: "up" | "down"): boolean {
  const rows = [...log.querySelectorAll<HTMLElement>("li[tabindex]")];
  const focused = document.activeElement?.closest("li");
  const at = rows.findIndex((row) => row === focused);
  const { bottom } = log.getBoundingClientRect();
  const last = rows.findLast((row) =>
    row.getBoundingClientRect().bottom <= bottom + 1
  );
  const next = at < 0 ? last : rows[way === "up" ? at - 1 : at + 1];
  next?.focus();
  return next !== undefined;
}
