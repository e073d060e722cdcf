/** The keys of a log beside the browser's own: a way from message to message, and to the end. */
import type { TargetedKeyboardEvent } from "preact";

export function takeLogKey(
  event: TargetedKeyboardEvent<HTMLElement>,
  toEnd: () => void,
): void {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (ctrlKey || metaKey || altKey || shiftKey) return;
  if (key === "End") toEnd();
  else if (key === "ArrowUp") move(event.currentTarget, "up");
  else if (key === "ArrowDown") move(event.currentTarget, "down");
  else return;
  event.preventDefault();
}

/** Goes to the message above or below; from the log itself, to the last that is in the view. */
function move(log: HTMLElement, way: "up" | "down"): void {
  const rows = [...log.querySelectorAll<HTMLElement>("li[tabindex]")];
  const focused = document.activeElement?.closest("li");
  const at = rows.findIndex((row) => row === focused);
  const { bottom } = log.getBoundingClientRect();
  const last = rows.findLast((row) =>
    row.getBoundingClientRect().bottom <= bottom + 1
  );
  const next = at < 0 ? last : rows[way === "up" ? at - 1 : at + 1];
  next?.focus();
}
