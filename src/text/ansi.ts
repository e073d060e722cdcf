/** Marked-up text for a terminal: SGR codes, and hyperlinks where they are asked for. */
import { cleanText } from "../wire/text.ts";
import { parseMarkup, type Span } from "./markup.ts";

export interface AnsiOptions {
  /** `off` for a terminal that is to get no codes at all (default: `on`). */
  readonly color?: "on" | "off";
  /**
   * Makes addresses OSC 8 hyperlinks, which not every terminal knows (default: `off`; never without
   * color).
   */
  readonly hyperlinks?: "on" | "off";
}

/** SGR parameters that begin and end a style (ECMA-48, 8.3.117); each end ends nothing else. */
const BOLD = ["1", "22"] as const;
const ITALIC = ["3", "23"] as const;
const UNDERLINED = ["4", "24"] as const;
const INVERSE = ["7", "27"] as const;

/** A message as a terminal shows it; without color the marks stay, which then tell the styles. */
export function markupToAnsi(text: string, options: AnsiOptions = {}): string {
  const marks = options.color === "off" ? "shown" : "hidden";
  return spansToAnsi(parseMarkup(text, { marks }), options);
}

/** Spans in a row. No style goes across a line feed, so that lines can be cut apart. */
export function spansToAnsi(
  spans: readonly Span[],
  { color = "on", hyperlinks = "off" }: AnsiOptions = {},
): string {
  return spans.map((span) => {
    const text = cleanText(span.text);
    if (color === "off") return text;
    return text.split("\n").map((line) => styled(line, span, hyperlinks))
      .join("\n");
  }).join("");
}

function styled(line: string, span: Span, hyperlinks: "on" | "off"): string {
  const styles = stylesOf(span);
  if (line === "" || styles.length === 0) return line;
  const begin = styles.map(([on]) => on).join(";");
  const end = styles.map(([, off]) => off).join(";");
  const text = span.href !== undefined && hyperlinks === "on"
    ? hyperlink(line, span.href)
    : line;
  return `\x1b[${begin}m${text}\x1b[${end}m`;
}

function stylesOf({ bold, italic, code, href }: Span) {
  return [
    ...(bold ? [BOLD] : []),
    ...(italic ? [ITALIC] : []),
    ...(code ? [INVERSE] : []),
    ...(href !== undefined ? [UNDERLINED] : []),
  ];
}

function hyperlink(text: string, href: string): string {
  return `\x1b]8;;${cleanText(href)}\x1b\\${text}\x1b]8;;\x1b\\`;
}
