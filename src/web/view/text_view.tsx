/** The text of a message: its marks, its links, its emoji. Nothing in it becomes markup. */
import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { parseMarkup, type Span } from "../../text/markup.ts";
import { foldText, isEmojiOnly } from "../model/look_of_text.ts";

export function TextView({ text }: { text: string }) {
  const spans = useMemo(() => parseMarkup(text), [text]);
  const isLarge = useMemo(
    () => isEmojiOnly(textOf(spans)),
    [spans],
  );
  const views = spans.map(view);
  return isLarge ? <span class="large">{views}</span> : <>{views}</>;
}

/** What a person reads of a text, without its marks. */
export function textOf(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join("");
}

interface FoldedProps {
  text: string;
  id: string;
  /** The ids of long texts that somebody wants as a whole. */
  unfolded: Signal<ReadonlySet<string>>;
}

/** A text whose end is shown on demand when it is long. */
export function FoldedText({ text, id, unfolded }: FoldedProps) {
  const folded = useMemo(() => foldText(text), [text]);
  if (folded === undefined) return <TextView text={text} />;
  const isOpen = unfolded.value.has(id);
  return (
    <>
      <TextView text={isOpen ? text : folded.text} />
      <button
        type="button"
        class="fold"
        aria-expanded={isOpen}
        onClick={() => {
          const others = new Set(unfolded.peek());
          if (!others.delete(id)) others.add(id);
          unfolded.value = others;
        }}
      >
        {isOpen ? "Show less" : `Show all ${folded.lines} lines`}
      </button>
    </>
  );
}

function isBlock(span?: Span): boolean {
  return span?.code === true && span.text.includes("\n");
}

function view(span: Span, index: number, spans: readonly Span[]) {
  const { color } = span;
  const inner = plain(span, index, spans);
  return color === undefined
    ? inner
    : <span key={index} class={`ink ${color}`}>{inner}</span>;
}

function plain(span: Span, index: number, spans: readonly Span[]) {
  const { text, bold, italic, code, href, emoji } = span;
  if (href !== undefined) {
    return (
      <a key={index} href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    );
  }
  if (code) {
    if (!isBlock(span)) return <code key={index}>{text}</code>;
    const lines = text.startsWith("\n") ? text.slice(1) : text;
    return <code key={index} class="block">{lines.trimEnd()}</code>;
  }
  if (emoji !== undefined) {
    return <span key={index} role="img" aria-label={emoji}>{text}</span>;
  }
  if (bold && italic) {
    return (
      <strong key={index}>
        <em>{text}</em>
      </strong>
    );
  }
  if (bold) return <strong key={index}>{text}</strong>;
  if (italic) return <em key={index}>{text}</em>;
  // A block ends its line itself.
  return isBlock(spans[index - 1]) && text.startsWith("\n")
    ? text.slice(1)
    : text;
}
