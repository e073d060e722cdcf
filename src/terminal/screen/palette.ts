/**
 * Styles of the terminal client: SGR codes, or none at all. Colors are those of the cube of 256,
 * which look alike everywhere: the first 16 are what somebody's theme makes of them.
 *
 * They are chosen by contrast (WCAG 2): at least 4.5 on each usual dark ground, or on each light one
 * (`GROUNDS`). Where the ground is not known they have at least 2.8 on all of them: more on both
 * kinds no color has, but for greys and some reds that would look alike.
 */
import { foldName } from "../../wire/fold.ts";
import type { Color } from "../../text/markup.ts";

/** What is behind the text; `either` where the terminal does not say. */
export type Ground = "dark" | "light" | "either";

/** Backgrounds of terminals and of editors' themes in wide use. */
export const GROUNDS = {
  dark: ["#000000", "#1e1e1e", "#282c34", "#002b36", "#300a24"],
  light: ["#ffffff", "#fafafa", "#fdf6e3", "#eee8d5"],
} as const;

/** What a piece of text is; the palette says how it looks. */
export type Style = "dim" | "alarm" | "error" | "mention" | "place" | "news";

export interface Palette {
  readonly color: "on" | "off";
  style(style: Style, text: string): string;
  /** A person's name: the same color each time. */
  name(name: string): string;
  /** The parameter that begins a color of a text. */
  text(color: Color): string;
}

/** Numbers of colors. Those of names are no red, which is left to errors. */
interface Colors {
  readonly names: readonly number[];
  readonly text: Readonly<Record<Color, number>>;
  readonly place: number;
}

export const COLORS: Readonly<Record<Ground, Colors>> = {
  dark: {
    names: [209, 214, 184, 113, 78, 80, 39, 111, 141, 177, 212],
    text: {
      ...{ red: 203, yellow: 221, green: 113, cyan: 80, blue: 75 },
      ...{ magenta: 177, grey: 247 },
    },
    place: 80,
  },
  light: {
    names: [94, 58, 22, 23, 25, 20, 57, 54, 91, 127, 125],
    text: {
      ...{ red: 124, yellow: 94, green: 22, cyan: 23, blue: 25 },
      ...{ magenta: 127, grey: 241 },
    },
    place: 24,
  },
  either: {
    names: [166, 100, 64, 30, 32, 68, 99, 134, 164, 168],
    text: {
      ...{ red: 196, yellow: 100, green: 28, cyan: 30, blue: 32 },
      ...{ magenta: 164, grey: 244 },
    },
    place: 30,
  },
};

export const PLAIN_PALETTE: Palette = {
  color: "off",
  style: (_, text) => text,
  name: (name) => name,
  text: () => "",
};

export const COLOR_PALETTES: Readonly<Record<Ground, Palette>> = {
  dark: paletteOf(COLORS.dark),
  light: paletteOf(COLORS.light),
  either: paletteOf(COLORS.either),
};
export const COLOR_PALETTE = COLOR_PALETTES.either;

function paletteOf({ names, text, place }: Colors): Palette {
  const sgr: Readonly<Record<Style, string>> = {
    dim: "2",
    alarm: "1;97;41",
    error: foreground(text.red),
    mention: "1;7",
    place: `1;${foreground(place)}`,
    news: `1;${foreground(text.yellow)}`,
  };
  const styled = (code: string, text: string) =>
    text === "" ? "" : `\x1b[${code}m${text}\x1b[m`;
  return {
    color: "on",
    style: (style, text) => styled(sgr[style], text),
    name: (name) =>
      styled(foreground(names[hashOf(name) % names.length]!), name),
    text: (color) => foreground(text[color]),
  };
}

function foreground(color: number): string {
  return `38;5;${color}`;
}

/** FNV-1a over the code points of the folded name. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of foldName(name)) {
    hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return hash;
}

/** Whether a color as a terminal says it (`rgb:1e1e/1e1e/1e1e`) is dark; parts of 1 to 4 digits. */
export function groundOf(color: string): Ground | undefined {
  const parts = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i
    .exec(color)?.slice(1);
  if (parts === undefined) return undefined;
  const [red, green, blue] = parts.map((part) =>
    parseInt(part, 16) / (16 ** part.length - 1)
  ) as [number, number, number];
  return luminance(red, green, blue) < MIDDLE ? "dark" : "light";
}

/** Black and white have the same contrast with what is as bright as this. */
const MIDDLE = 0.179;

/** Of WCAG 2, from parts between 0 and 1. */
export function luminance(red: number, green: number, blue: number): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** What `COLORFGBG` says, which some terminals set: `15;0`, or with a word between. */
export function groundOfNumbers(value: string | undefined): Ground | undefined {
  const last = /^[\w;]*;(\d{1,2})$/.exec(value ?? "")?.[1];
  if (last === undefined) return undefined;
  const number = Number(last);
  return number < 7 || number === 8 ? "dark" : "light";
}
