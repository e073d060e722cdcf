/** The text of a message: its marks, its links, its emoji. Nothing in it becomes markup. */
import { parseMarkup, type Span } from "../../text/markup.ts";

export function TextView({ text }: { text: string }) {
  return <>{parseMarkup(text).map(view)}</>;
}

function view(span: Span, index: number) {
  const { text, bold, italic, code, href, emoji } = span;
  if (href !== undefined) {
    return (
      <a key={index} href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    );
  }
  if (code) return <code key={index}>{text}</code>;
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
  return italic ? <em key={index}>{text}</em> : text;
}
