/** The actions of the line editor by their names, as keys are bound to them. */
import type { Editor } from "./editor.ts";
import { lineEnd, lineStart, notSpace, wordEnd, wordStart } from "./words.ts";

const ACTIONS: Readonly<Record<string, (editor: Editor) => void>> = {
  "left": (e) => e.moveTo(e.cursor - 1),
  "right": (e) => e.moveTo(e.cursor + 1),
  "word-left": (e) => e.moveTo(wordStart(e.clusters, e.cursor)),
  "word-right": (e) => e.moveTo(wordEnd(e.clusters, e.cursor)),
  "line-start": (e) => e.moveTo(lineStart(e.clusters, e.cursor)),
  "line-end": (e) => e.moveTo(lineEnd(e.clusters, e.cursor)),
  "text-start": (e) => e.moveTo(0),
  "text-end": (e) => e.moveTo(e.clusters.length),
  "backspace": (e) => e.cursor > 0 && e.remove(e.cursor - 1, e.cursor),
  "delete": (e) =>
    e.cursor < e.clusters.length && e.remove(e.cursor, e.cursor + 1),
  "kill-to-end": (e) =>
    e.kill(
      e.cursor,
      Math.max(
        lineEnd(e.clusters, e.cursor),
        e.clusters[e.cursor] === "\n" ? e.cursor + 1 : 0,
      ),
    ),
  "kill-to-start": (e) => e.kill(lineStart(e.clusters, e.cursor), e.cursor),
  "kill-all": (e) => {
    e.moveTo(e.clusters.length);
    e.kill(0, e.clusters.length);
  },
  "kill-word": (e) => e.kill(e.cursor, wordEnd(e.clusters, e.cursor)),
  "kill-word-back": (e) => e.kill(wordStart(e.clusters, e.cursor), e.cursor),
  "kill-argument-back": (e) =>
    e.kill(wordStart(e.clusters, e.cursor, notSpace), e.cursor),
  "yank": (e) => e.yank(),
  "yank-other": (e) => e.yankOther(),
  "undo": (e) => e.undo(),
  "newline": (e) => e.insert("\n"),
  "transpose": (e) => {
    const at = Math.min(e.cursor, e.clusters.length - 1);
    if (at < 1) return;
    const [one, two] = e.clusters.slice(at - 1, at + 1);
    e.rewrite(at - 1, at + 1, () => `${two}${one}`);
  },
  "upcase": (e) => changeWord(e, (word) => word.toUpperCase()),
  "downcase": (e) => changeWord(e, (word) => word.toLowerCase()),
  "capitalize": (e) =>
    changeWord(
      e,
      (word) =>
        word.toLowerCase().replace(
          /[\p{L}\p{N}]/u,
          (char) => char.toUpperCase(),
        ),
    ),
};

function changeWord(editor: Editor, change: (word: string) => string): void {
  editor.rewrite(
    editor.cursor,
    wordEnd(editor.clusters, editor.cursor),
    change,
  );
}

/** Carries out an action by its name; `false` when there is none of this name. */
export function act(editor: Editor, name: string): boolean {
  const action = ACTIONS[name];
  if (action === undefined) return false;
  action(editor);
  return true;
}
