/** Changes of a text field that one can take back, as what is typed. */

/** Replaces a part of the text; the caret stands behind it. */
export function replaceIn(
  field: HTMLTextAreaElement,
  from: number,
  to: number,
  text: string,
): void {
  field.focus();
  field.setSelectionRange(from, to);
  // The one way that the browser can undo; others see the event of an input in either case.
  const isDone = text === ""
    ? document.execCommand("delete")
    : document.execCommand("insertText", false, text);
  if (isDone) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** As high as its text, up to what the style allows. */
export function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  const border = field.offsetHeight - field.clientHeight;
  field.style.height = `${field.scrollHeight + border}px`;
}

/** Whether one types on the screen: then Enter makes a line, and a button sends. */
export function isTouch(): boolean {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}
