/** The text being typed: clusters, a cursor between them, what was killed, what was before. */
import { codePoints } from "../../wire/text.ts";
import { clustersOf } from "../screen/cells.ts";

/** More cannot be typed: ten messages of the greatest length. */
export const INPUT_MAX_CODE_POINTS = 40_000;
const KILLS = 32;
const UNDOS = 256;

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
    return this.#clusters.join("");
  }

  get clusters(): readonly string[] {
    return this.#clusters;
  }

  /** In clusters. */
  get cursor(): number {
    return this.#cursor;
  }

  get isEmpty(): boolean {
    return this.#clusters.length === 0;
  }

  /** What stands before the cursor. */
  get before(): string {
    return this.#clusters.slice(0, this.#cursor).join("");
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

  remove(from: number, to: number): void {
    this.#remember("other");
    this.#replace(from, to, "");
  }

  /** Takes a range off, to be yanked. Kills in a row go together. */
  kill(from: number, to: number): void {
    if (from >= to) return;
    const text = this.#clusters.slice(from, to).join("");
    const isMore = this.#last === "kill";
    this.#remember("kill");
    const latest = isMore ? this.#kills.pop() ?? "" : "";
    const isBackward = to === this.#cursor;
    this.#kills.push(isBackward ? text + latest : latest + text);
    if (this.#kills.length > KILLS) this.#kills.shift();
    this.#replace(from, to, "");
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
    this.#cursor = state.cursor;
    this.#last = "other";
  }

  /** Replaces a range by what `change` makes of it; the cursor stands behind it. */
  rewrite(from: number, to: number, change: (text: string) => string): void {
    this.#remember("other");
    const text = this.#clusters.slice(from, to).join("");
    this.#replace(from, to, change(text));
  }

  #replace(from: number, to: number, text: string): void {
    const before = this.#clusters.slice(0, from).join("") + text;
    this.#put(before + this.#clusters.slice(to).join(""), before);
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
