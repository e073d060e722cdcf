/** How a text is shown that is longer or shorter than others. */

/** So many lines of a text are shown until somebody wants all of them. */
const LINES_SHOWN = 30;
const FOLDED_SHOWN = 20;
/** So few emoji alone are shown larger. */
const EMOJI_LARGE = 8;
/** Emoji of more than one code point have as many as this in UTF-16. */
const EMOJI_CHARS = 16;
const GRAPHEMES = new Intl.Segmenter("en");
/** How many hues authors have; the styles have as many. */
const HUES = 10;

/** The first lines of a long text, and how many there are in all; `undefined` of others. */
export function foldText(
  text: string,
): { readonly text: string; readonly lines: number } | undefined {
  let at = -1;
  let lines = 1;
  let end = 0;
  while ((at = text.indexOf("\n", at + 1)) >= 0) {
    if (lines === FOLDED_SHOWN) end = at;
    lines++;
  }
  return lines > LINES_SHOWN ? { text: text.slice(0, end), lines } : undefined;
}

/** Whether a text is some emoji and nothing else. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > EMOJI_LARGE * EMOJI_CHARS || text.includes("\n")) {
    return false;
  }
  const shown = Array.from(GRAPHEMES.segment(text), ({ segment }) => segment)
    .filter((segment) => segment.trim() !== "");
  return shown.length > 0 && shown.length <= EMOJI_LARGE &&
    shown.every(isEmoji);
}

/** By the blocks that have pictures, or because a picture is asked for. */
function isEmoji(grapheme: string): boolean {
  const code = grapheme.codePointAt(0)!;
  return code >= 0x1f000 && code < 0x20000 ||
    code >= 0x2600 && code < 0x27c0 || grapheme.includes("\ufe0f");
}

/** The hue of somebody, the same wherever the key, or the folded name of a guest, is the same. */
export function hueOf(identity: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < identity.length; index++) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % HUES;
}
