/** Marked-up text for a terminal: SGR codes, or no codes at all. */
import { cleanText } from "../wire/text.ts";
import { type Color, parseMarkup, type Span } from "./markup.ts";

/** SGR parameters that begin and end a style (ECMA-48, 8.3.117); each end ends nothing else. */
type Sgr = readonly [on: string, off: string];
const BOLD = ["1", "22"] as const;
const ITALIC = ["3", "23"] as const;
const UNDERLINED = ["4", "24"] as const;
const INVERSE = ["7", "27"] as const;
/** What is looked out for. */
const MARKED = ["1;7", "22;27"] as const;
const NO_COLOR = "39";

export interface AnsiOptions {
  /** The parameter that begins a color; without it a text has none. */
  readonly colorOf?: ((color: Color) => string) | undefined;
  /** Where in a text something stands that is to be seen, from and to in code units. */
  readonly marksOf?: (text: string) => readonly (readonly [number, number])[];
}

/**
 * A message as a terminal shows it; without color the marks stay, which then tell the styles. No
 * style goes across a line feed, so that lines can be cut apart.
 */
export function markupToAnsi(
  text: string,
  color: "on" | "off",
  options: AnsiOptions = {},
): string {
  if (color === "off") {
    return parseMarkup(text, { marks: "uncolored" })
      .map((span) => cleanText(span.text)).join("");
  }
  return parseMarkup(text).map((span) => {
    const styles = stylesOf(span, options);
    const clean = cleanText(span.text);
    return cutAt(clean, options.marksOf?.(clean) ?? []).map((piece, at) =>
      styled(piece, at % 2 === 0 ? styles : [...styles, MARKED])
    ).join("");
  }).join("");
}

/** The pieces of a text between what is marked, and in it, by turns. */
function cutAt(
  text: string,
  marks: readonly (readonly [number, number])[],
): string[] {
  const pieces: string[] = [];
  let end = 0;
  for (const [from, to] of marks.toSorted(([one], [other]) => one - other)) {
    if (from < end) continue;
    pieces.push(text.slice(end, from), text.slice(from, to));
    end = to;
  }
  return [...pieces, text.slice(end)];
}

function stylesOf(
  { bold, italic, code, href, color }: Span,
  { colorOf }: AnsiOptions,
): Sgr[] {
  return [
    ...(bold ? [BOLD] : []),
    ...(italic ? [ITALIC] : []),
    ...(code ? [INVERSE] : []),
    ...(href !== undefined ? [UNDERLINED] : []),
    ...(color !== undefined && colorOf !== undefined
      ? [[colorOf(color), NO_COLOR] as const]
      : []),
  ];
}

function styled(text: string, styles: readonly Sgr[]): string {
  if (styles.length === 0) return text;
  const begin = styles.map(([on]) => on).join(";");
  const end = styles.map(([, off]) => off).join(";");
  return text.split("\n").map((line) =>
    line === "" ? "" : `\x1b[${begin}m${line}\x1b[${end}m`
  ).join("\n");
}
