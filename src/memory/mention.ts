/** Whom a text speaks to. */

/** Whether a text names somebody, as a word of its own. */
export function isMention(txt: string, name: string): boolean {
  if (name === "") return false;
  const text = txt.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = 0; (at = text.indexOf(wanted, at)) !== -1; at++) {
    const [before, after] = [text.slice(0, at), text.slice(at + wanted.length)];
    const isPart = /[\p{L}\p{N}_]$/u.test(before) ||
      /^[\p{L}\p{N}_]/u.test(after);
    if (!isPart) return true;
  }
  return false;
}
