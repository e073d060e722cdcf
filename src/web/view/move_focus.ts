/** Up and down lead through what stands in a list. */
import type { TargetedKeyboardEvent } from "preact";

export function moveFocus(
  event: TargetedKeyboardEvent<HTMLElement>,
  selector: string,
): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isOther = event.altKey || event.ctrlKey || event.metaKey;
  if (step === undefined || isOther || event.defaultPrevented) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = all[at + step];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
