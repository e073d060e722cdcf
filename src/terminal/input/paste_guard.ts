/**
 * Tells a paste from typing in terminals that do not mark it: nobody types a line, Enter and more
 * within one read.
 */
import type { Key } from "./keys.ts";

/** What comes so soon after a paste belongs to it. */
const SAME_PASTE_MS = 50;

const TYPED: Readonly<Record<string, string>> = { enter: "\n", tab: "\t" };

export class PasteGuard {
  #pastedAt = -Infinity;
  /** The terminal marks its pastes: nothing needs to be guessed. */
  #isMarked = false;

  /** The keys of one read at `now` (monotonic milliseconds); a paste becomes a marked one. */
  guard(keys: readonly Key[], now: number): readonly Key[] {
    this.#isMarked ||= keys.some(({ kind }) => kind === "paste");
    if (this.#isMarked) return keys;
    const text = textOf(keys);
    const isMore = now < this.#pastedAt + SAME_PASTE_MS;
    if (text === undefined || !(isMore || /\n[^]/.test(text))) return keys;
    this.#pastedAt = now;
    return [{ kind: "paste", text }];
  }
}

/** The text of keys that are all text, Enter and Tab. */
function textOf(keys: readonly Key[]): string | undefined {
  const parts = keys.map((key) =>
    key.kind === "text" ? key.text : key.kind === "key" && TYPED[key.name]
  );
  return parts.every((part) => typeof part === "string")
    ? parts.join("")
    : undefined;
}
