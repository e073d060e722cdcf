/** Marked-up text for a terminal: SGR codes, or no codes at all. */
import { cleanText } from "../wire/text.ts";
import { parseMarkup, type Span } from "./markup.ts";

/** SGR parameters that begin and end a style (ECMA-48, 8.3.117); each end ends nothing else. */
const BOLD = ["1", "22"] as const;
const ITALIC = ["3", "23"] as const;
const UNDERLINED = ["4", "24"] as const;
const INVERSE = ["7", "27"] as const;

/**
 * A message as a terminal shows it; without color the marks stay, which then tell the styles. No
 * style goes across a line feed, so that lines can be cut apart.
 */
export function markupToAnsi(text: string, color: "on" | "off"): string {
  if (color === "off") {
    return parseMarkup(text, { marks: "shown" })
      .map((span) => cleanText(span.text)).join("");
  }
  return parseMarkup(text).map((span) =>
    cleanText(span.text).split("\n").map((line) => styled(line, span))
      .join("\n")
  ).join("");
}

function styled(line: string, { bold, italic, code, href }: Span): string {
  const styles = [
    ...(bold ? [BOLD] : []),
    ...(italic ? [ITALIC] : []),
    ...(code ? [INVERSE] : []),
    ...(href !== undefined ? [UNDERLINED] : []),
  ];
  if (line === "" || styles.length === 0) return line;
  const begin = styles.map(([on]) => on).join(";");
  const end = styles.map(([, off]) => off).join(";");
  return `\x1b[${begin}m${line}\x1b[${end}m`;
}
