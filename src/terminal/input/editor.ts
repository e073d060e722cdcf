/** The text being typed: clusters, a cursor between them, what was killed, what was before. */
import { codePoints } from "../../wire/text.ts";
import { clustersOf } from "../screen/cells.ts";

/** More cannot be typed: ten messages of the greatest length. */
export const INPUT_MAX_CODE_POINTS = 40_000;
const KILLS = 32;
const UNDOS = 256;
/** Parts of a word as readline has it, and of what stands between blanks. */
const IN_WORD = /^[\p{L}\p{N}\p{M}_]/u;
export const NOT_SPACE = /^\S/;

interface State {
  readonly clusters: readonly string[];
  readonly cursor: number;
}

/**
 * What the last action was, where the next depends on it: kills in a row are one, Alt+Y follows a
 * yank, typing is undone together.
 */
type Last = "kill" | "yank" | "type" | "other";

export class Editor {
  #clusters: readonly string[] = [];
  #cursor = 0;
  #kills: string[] = [];
  #undos: State[] = [];
  #last: Last = "other";
  #yanked = { from: 0, kill: 0 };

  get text(): string {
    return this.#textOf(0);
  }

  get clusters(): readonly string[] {
    return this.#clusters;
  }

  /** In clusters. */
  get cursor(): number {
    return this.#cursor;
  }

  get before(): string {
    return this.#textOf(0, this.#cursor);
  }

  /** Where the word before the cursor begins. */
  wordStart(part = IN_WORD): number {
    let at = this.#cursor;
    while (at > 0 && !part.test(this.#clusters[at - 1]!)) at--;
    while (at > 0 && part.test(this.#clusters[at - 1]!)) at--;
    return at;
  }

  wordEnd(): number {
    const { length } = this.#clusters;
    let at = this.#cursor;
    while (at < length && !IN_WORD.test(this.#clusters[at]!)) at++;
    while (at < length && IN_WORD.test(this.#clusters[at]!)) at++;
    return at;
  }

  /** Where the line around `at` begins. */
  lineStart(at = this.#cursor): number {
    while (at > 0 && this.#clusters[at - 1] !== "\n") at--;
    return at;
  }

  lineEnd(at = this.#cursor): number {
    while (at < this.#clusters.length && this.#clusters[at] !== "\n") at++;
    return at;
  }

  /** Puts another text in the place of this one, the cursor at its end or after `before`. */
  set(text: string, before: string = text): void {
    this.#remember("other");
    this.#put(text, before);
  }

  /** Types or pastes; `false` when it would be too much. */
  insert(text: string, how: "type" | "paste" = "paste"): boolean {
    const length = codePoints(this.text) + codePoints(text);
    if (length > INPUT_MAX_CODE_POINTS) return false;
    if (how === "paste" || this.#last !== "type" || text === " ") {
      this.#remember("other");
    }
    this.#last = how === "type" ? "type" : "other";
    this.#replace(this.#cursor, this.#cursor, text);
    return true;
  }

  moveTo(cursor: number): void {
    this.#last = "other";
    this.#cursor = Math.max(0, Math.min(cursor, this.#clusters.length));
  }

  /** Deletes the cluster at a place, if there is one. */
  remove(at: number): void {
    if (this.#clusters[at] === undefined) return;
    this.#remember("other");
    this.#replace(at, at + 1, "");
  }

  /** Takes a range off, to be yanked. Kills in a row go together. */
  kill(from: number, to: number): void {
    if (from >= to) return;
    const text = this.#textOf(from, to);
    const latest = this.#last === "kill" ? this.#kills.pop() ?? "" : "";
    const isBackward = to === this.#cursor;
    this.#remember("kill");
    this.#kills.push(isBackward ? text + latest : latest + text);
    if (this.#kills.length > KILLS) this.#kills.shift();
    this.#replace(from, to, "");
  }

  /** Lets a text that is not here be yanked. */
  offer(text: string): void {
    this.#kills.push(text);
    if (this.#kills.length > KILLS) this.#kills.shift();
    this.#last = "other";
  }

  yank(): void {
    const text = this.#kills.at(-1);
    if (text === undefined) return;
    this.#yanked = { from: this.#cursor, kill: this.#kills.length - 1 };
    this.insert(text);
    this.#last = "yank";
  }

  /** After a yank: the kill before that one in its place. */
  yankOther(): void {
    if (this.#last !== "yank") return;
    const { from, kill } = this.#yanked;
    const next = (kill + this.#kills.length - 1) % this.#kills.length;
    this.#replace(from, this.#cursor, "");
    this.insert(this.#kills[next]!);
    this.#yanked = { from, kill: next };
    this.#last = "yank";
  }

  undo(): void {
    const state = this.#undos.pop();
    if (state === undefined) return;
    this.#clusters = state.clusters;
    this.moveTo(state.cursor);
  }

  /** Replaces a range by what `change` makes of it; the cursor stands behind it. */
  rewrite(from: number, to: number, change: (text: string) => string): void {
    this.#remember("other");
    this.#replace(from, to, change(this.#textOf(from, to)));
  }

  #textOf(from: number, to?: number): string {
    return this.#clusters.slice(from, to).join("");
  }

  #replace(from: number, to: number, text: string): void {
    const before = this.#textOf(0, from) + text;
    this.#put(before + this.#textOf(to), before);
  }

  #remember(last: Last): void {
    this.#last = last;
    this.#undos.push({ clusters: this.#clusters, cursor: this.#cursor });
    if (this.#undos.length > UNDOS) this.#undos.shift();
  }

  /** What is joined may become one cluster: the whole is taken apart again. */
  #put(text: string, before: string): void {
    this.#clusters = clustersOf(text);
    let chars = 0;
    this.#cursor = 0;
    while (chars < before.length) {
      chars += this.#clusters[this.#cursor++]!.length;
    }
  }
}
