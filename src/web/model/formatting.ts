/** Marks around what is selected: `*bold*`, `_italic_`, `` `code` ``. Pure. */

export type Mark = "*" | "_" | "`";

/** What takes the place of a part of a text, and what of the text is selected then. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly selected: readonly [from: number, to: number];
}

/** Sets marks around a selection, or takes them away where they are. */
export function toggleMark(
  text: string,
  start: number,
  end: number,
  mark: Mark,
): Edit {
  // A mark counts only right beside a word.
  const chosen = text.slice(start, end);
  const isBlank = chosen.trim() === "";
  const from = isBlank ? start : start + chosen.search(/\S/);
  const to = isBlank ? end : start + chosen.trimEnd().length;
  const inner = text.slice(from, to);
  const isAround = text[from - 1] === mark && text[to] === mark;
  if (isAround) {
    const selected = [from - 1, to - 1] as const;
    return { from: from - 1, to: to + 1, insert: inner, selected };
  }
  if (inner.length > 2 && inner.startsWith(mark) && inner.endsWith(mark)) {
    const insert = inner.slice(1, -1);
    return { from, to, insert, selected: [from, to - 2] };
  }
  const insert = `${mark}${inner}${mark}`;
  return { from, to, insert, selected: [from + 1, to + 1] };
}
