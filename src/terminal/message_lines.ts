/** What is printed above the prompt: messages as lines with styles. Text of others gets nothing into them but text. */
import { markupToAnsi } from "../text/ansi.ts";
import { clockTime, renderMessage } from "../text/render.ts";
import type { Chat, Private, ServerMessage } from "../wire/server.ts";
import { cleanLine, cleanText } from "../wire/text.ts";
import type { Palette } from "./palette.ts";

/** Something that somebody said. */
export type Said = Chat | Private;

export interface LineOptions {
  readonly palette: Palette;
  readonly timestamps: "on" | "off";
}

/** Behind the width of `[12:03] `. */
const INDENT = " ".repeat(8);
const RULE = "──";
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** The local day of a moment, as its own line names it. */
export function dayOf(at: number): string {
  return DAY.format(at);
}

/** A message that was said; `mention` when it speaks to the person here. */
export function saidLines(
  message: Said,
  { palette, timestamps }: LineOptions,
  about: "mention" | "other" = "other",
): string[] {
  const { action, at } = message;
  const from = cleanLine(message.from);
  const indent = timestamps === "on" ? INDENT : "  ";
  const text = markupToAnsi(cleanText(message.txt), { color: palette.color })
    .replaceAll("\n", `\n${indent}`);
  const name = about === "mention"
    ? palette.style("mention", from)
    : palette.name(from);
  const line = action ? `* ${name} ${text}` : `${name}: ${text}`;
  return `${stamp(at, palette, timestamps)}${line}`.split("\n");
}

/** Anything else that the server says, or `undefined` for what has nothing to show. */
export function otherLines(
  message: ServerMessage,
  { palette }: LineOptions,
): string[] | undefined {
  const text = renderMessage(message);
  if (text === undefined) return undefined;
  const style = message.type === "error" ? "error" : "dim";
  return cleanText(text).split("\n").map((line) => palette.style(style, line));
}

/** `── dev ──` */
export function ruleLine(text: string, palette: Palette): string {
  return palette.style("dim", `${RULE} ${cleanLine(text)} ${RULE}`);
}

/** `── new ──`: what follows was not read yet. */
export function newsLine(text: string, palette: Palette): string {
  return palette.style("news", `${RULE} ${cleanLine(text)} ${RULE}`);
}

/** Something that the client itself says. */
export function noteLines(text: string, palette: Palette): string[] {
  return cleanText(text).split("\n").map((line) =>
    palette.style("dim", `* ${line}`)
  );
}

/** Something that went wrong. */
export function faultLine(text: string, palette: Palette): string {
  return palette.style("error", `! ${cleanLine(text)}`);
}

/** Something that must not be overlooked. */
export function alarmLine(text: string, palette: Palette): string {
  return palette.style("alarm", `!!! ${cleanLine(text)} !!!`);
}

function stamp(
  at: number,
  palette: Palette,
  timestamps: "on" | "off",
): string {
  return timestamps === "on"
    ? `${palette.style("dim", `[${clockTime(at)}]`)} `
    : "";
}
