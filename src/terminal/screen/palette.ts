/** Styles of the terminal client: SGR codes, or none at all. */
import { foldName } from "../../wire/fold.ts";

const SGR = {
  dim: "2",
  alarm: "1;97;41",
  error: "31",
  mention: "1;7",
  place: "1;36",
  news: "1;33",
} as const;

/** What a piece of text is; the palette says how it looks. */
export type Style = keyof typeof SGR;

export interface Palette {
  readonly color: "on" | "off";
  style(style: Style, text: string): string;
  /** A person's name: the same color each time. */
  name(name: string): string;
}

/** Foregrounds that can be read on dark and on light; red is left to errors. */
const NAME_COLORS = [32, 33, 34, 35, 36, 92, 94, 95, 96, 93];

export const PLAIN_PALETTE: Palette = {
  color: "off",
  style: (_, text) => text,
  name: (name) => name,
};

export const COLOR_PALETTE: Palette = {
  color: "on",
  style: (style, text) => text === "" ? "" : `\x1b[${SGR[style]}m${text}\x1b[m`,
  name: (name) => `\x1b[${colorOf(name)}m${name}\x1b[m`,
};

/** FNV-1a over the code units of the folded name. */
function colorOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of foldName(name)) {
    hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return NAME_COLORS[hash % NAME_COLORS.length]!;
}
