/** The line being typed, with its history, search and completion: keys in, actions out. Pure. */
import { cleanText } from "../../wire/text.ts";
import { edit } from "./bindings.ts";
import { commonPrefix, complete, type Completions } from "./completion.ts";
import { Editor, INPUT_MAX_CODE_POINTS } from "./editor.ts";
import { InputHistory } from "../../memory/input_history.ts";
import type { Key } from "./keys.ts";

/** A search in the history: the words, and the line that holds them. */
interface Search {
  words: string;
  at: number | undefined;
  readonly draft: string;
}

/** Candidates that Tab goes through. */
interface Cycle {
  readonly head: string;
  readonly candidates: readonly string[];
  readonly after: string;
  at: number;
}

export class InputLine {
  readonly editor = new Editor();
  readonly #history = new InputHistory();
  readonly #completions: () => Completions;
  #search: Search | undefined;
  #cycle: Cycle | undefined;
  /** What was being typed before a command was put in its place. */
  #aside: string | undefined;
  /** Something to say about the line, until the next key. */
  #notices: readonly string[] = [];
  /** Whether it is said that Ctrl+C leaves now, until the next key. */
  #isAsked = false;

  constructor(completions: () => Completions) {
    this.#completions = completions;
  }

  /** What stands above the prompt for the line's sake. */
  get hints(): string[] {
    if (this.#search !== undefined) {
      const { at, words } = this.#search;
      const isFound = at !== undefined || words === "";
      return [`search: ${isFound ? "" : "not found: "}${words}`];
    }
    if (this.#cycle !== undefined) return [candidatesText(this.#cycle)];
    return [...this.#notices];
  }

  /**
   * Takes a key; gives `leave`, `ask-leave` (the next Ctrl+C would) or `clear`, or the name of a
   * key that is not the line's own.
   */
  press(key: Key): string | undefined {
    const isAsked = this.#isAsked;
    this.#isAsked = false;
    this.#notices = [];
    if (this.#search !== undefined && this.#searching(this.#search, key)) {
      return;
    }
    const name = key.kind === "key" ? key.name : undefined;
    if (name === "tab") return this.#complete(1);
    if (name === "shift+tab") return this.#complete(-1);
    this.#cycle = undefined;
    if (key.kind === "text" || key.kind === "paste") this.#type(key);
    return name === undefined ? undefined : this.#act(name, isAsked);
  }

  /** What is being typed here, but for a command that was put in its place. */
  get draft(): string {
    return this.#aside ?? this.editor.text;
  }

  /** Puts a command in the place of the line, which comes back when that is sent or cleared. */
  putAside(command: string): void {
    this.#aside ??= this.editor.text;
    this.editor.set(command);
  }

  /** Begins with another line. */
  begin(text: string): void {
    this.#aside = undefined;
    this.editor.set(text);
  }

  /** The line, which is sent now: it is history, and the next one is empty. */
  sent(): string {
    const { text } = this.editor;
    this.#history.add(text);
    this.begin(this.#aside ?? "");
    return text;
  }

  /** Clears the line; a yank brings it back. */
  clear(notice: string): void {
    if (this.#aside !== undefined) return this.begin(this.#aside);
    const { length } = this.editor.clusters;
    this.editor.moveTo(length);
    this.editor.kill(0, length);
    this.askLeave(notice);
  }

  /** Says that Ctrl+C leaves now: it does, when it is the next key. */
  askLeave(notice: string): void {
    this.notice(notice);
    this.#isAsked = true;
  }

  /** Says something about the line. */
  notice(...notices: readonly string[]): void {
    this.#notices = notices;
  }

  #type({ kind, text: typed }: Extract<Key, { kind: "text" | "paste" }>): void {
    const text = cleanText(typed.toWellFormed());
    const how = kind === "paste" ? "paste" : "type";
    if (text !== "" && !this.editor.insert(text, how)) {
      this.notice(
        `not taken: a line holds at most ${INPUT_MAX_CODE_POINTS} characters`,
      );
    }
  }

  #act(key: string, isAsked: boolean): string | undefined {
    const { text, cursor } = this.editor;
    switch (key) {
      case "up":
        return this.#older();
      case "down":
        return this.#newer();
      case "ctrl+r":
        this.#search = { words: "", at: undefined, draft: text };
        return;
      case "ctrl+d":
        return text === "" ? "leave" : void this.editor.remove(cursor);
      case "ctrl+c":
        if (text !== "") return "clear";
        return isAsked ? "leave" : "ask-leave";
    }
    return edit(this.editor, key) ? undefined : key;
  }

  /** A line up, where there is one; else the line that was sent before. */
  #older(): undefined {
    const { editor } = this;
    const start = editor.lineStart();
    if (start === 0) return this.#recall(this.#history.older(editor.text));
    const above = editor.lineStart(start - 1);
    editor.moveTo(Math.min(above + editor.cursor - start, start - 1));
  }

  #newer(): undefined {
    const { editor } = this;
    const end = editor.lineEnd();
    const isLast = end === editor.clusters.length;
    if (isLast) return this.#recall(this.#history.newer());
    const below = end + 1 + editor.cursor - editor.lineStart();
    editor.moveTo(Math.min(below, editor.lineEnd(end + 1)));
  }

  #recall(line: string | undefined): undefined {
    if (line !== undefined) this.editor.set(line);
  }

  /** A key of the search; `false` when it ends the search and counts for itself. */
  #searching(search: Search, key: Key): boolean {
    const name = key.kind === "key" ? key.name : "";
    if (key.kind === "text") this.#find(search, search.words + key.text);
    else if (name === "ctrl+r") this.#find(search, search.words, search.at);
    else if (name === "backspace" || name === "ctrl+h") {
      this.#find(search, [...search.words].slice(0, -1).join(""));
    } else {
      this.#search = undefined;
      if (name !== "ctrl+g" && name !== "ctrl+c") return name === "escape";
      this.editor.set(search.draft);
    }
    return true;
  }

  #find(search: Search, words: string, before?: number): void {
    const found = words === "" ? undefined : this.#history.find(words, before);
    // A search that finds nothing older stays where it is.
    if (found === undefined && before !== undefined) return;
    search.words = words;
    search.at = found?.at;
    this.editor.set(found?.line ?? search.draft);
  }

  #complete(by: 1 | -1): undefined {
    if (this.#cycle !== undefined) {
      const { candidates, at } = this.#cycle;
      const next = at < 0 && by < 0 ? -1 : at + by;
      this.#cycle.at = (next + candidates.length) % candidates.length;
      return this.#offer(candidates[this.#cycle.at]!);
    }
    const { before, text } = this.editor;
    const { head, word, candidates } = complete(before, this.#completions());
    if (candidates.length === 0) return;
    const after = text.slice(before.length);
    this.#cycle = { head, candidates, after, at: -1 };
    if (candidates.length === 1) {
      this.#offer(candidates[0]!);
      this.#cycle = undefined;
    } else {
      const prefix = commonPrefix(candidates);
      // In the case that was typed, unless there is more.
      if (prefix.length > word.length) this.#offer(prefix);
    }
  }

  #offer(candidate: string): undefined {
    const { head, after } = this.#cycle!;
    // One space is enough.
    const rest = candidate.endsWith(" ") ? after.replace(/^ /, "") : after;
    const before = head + cleanText(candidate);
    this.editor.set(before + rest, before);
  }
}

function candidatesText({ candidates, at }: Cycle): string {
  const from = Math.max(0, at);
  const shown = candidates.slice(from).map((one) => one.trim());
  return (at >= 0 ? [`[${shown[0]}]`, ...shown.slice(1)] : shown).join("  ");
}
