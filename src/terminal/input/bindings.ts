/** The keys that edit, as readline has them, and how. */
import { type Editor, NOT_SPACE } from "./editor.ts";

const EDITING: Readonly<Record<string, (editor: Editor) => void>> = {
  "left ctrl+b": (e) => e.moveTo(e.cursor - 1),
  "right ctrl+f": (e) => e.moveTo(e.cursor + 1),
  "alt+b alt+left ctrl+left": (e) => e.moveTo(e.wordStart()),
  "alt+f alt+right ctrl+right": (e) => e.moveTo(e.wordEnd()),
  "home ctrl+a": (e) => e.moveTo(e.lineStart()),
  "end ctrl+e": (e) => e.moveTo(e.lineEnd()),
  "ctrl+home alt+<": (e) => e.moveTo(0),
  "ctrl+end alt+>": (e) => e.moveTo(e.clusters.length),
  "backspace ctrl+h": (e) => e.remove(e.cursor - 1),
  "delete": (e) => e.remove(e.cursor),
  "alt+d ctrl+delete": (e) => e.kill(e.cursor, e.wordEnd()),
  "alt+backspace alt+ctrl+h ctrl+backspace": (e) =>
    e.kill(e.wordStart(), e.cursor),
  "ctrl+w": (e) => e.kill(e.wordStart(NOT_SPACE), e.cursor),
  "ctrl+k": (e) => {
    const isAtEnd = e.clusters[e.cursor] === "\n";
    e.kill(e.cursor, isAtEnd ? e.cursor + 1 : e.lineEnd());
  },
  "ctrl+u": (e) => e.kill(e.lineStart(), e.cursor),
  "ctrl+y": (e) => e.yank(),
  "alt+y": (e) => e.yankOther(),
  "ctrl+_": (e) => e.undo(),
  "alt+enter shift+enter alt+ctrl+j": (e) => e.insert("\n"),
  "ctrl+t": (e) => {
    const at = Math.min(e.cursor, e.clusters.length - 1);
    if (at < 1) return;
    e.rewrite(at - 1, at + 1, () => `${e.clusters[at]}${e.clusters[at - 1]}`);
  },
  "alt+u": (e) => changeWord(e, (word) => word.toUpperCase()),
  "alt+l": (e) => changeWord(e, (word) => word.toLowerCase()),
  "alt+c": (e) => changeWord(e, capitalized),
};

const BY_KEY = new Map(
  Object.entries(EDITING).flatMap(([keys, run]) =>
    keys.split(" ").map((key) => [key, run])
  ),
);

function changeWord(editor: Editor, change: (word: string) => string): void {
  editor.rewrite(editor.cursor, editor.wordEnd(), change);
}

function capitalized(word: string): string {
  const first = /[\p{L}\p{N}]/u;
  return word.toLowerCase().replace(first, (char) => char.toUpperCase());
}

/** Does what a key does to the text; `false` when it is no key that edits. */
export function edit(editor: Editor, key: string): boolean {
  const run = BY_KEY.get(key);
  run?.(editor);
  return run !== undefined;
}
