/** The line being typed, with its history, search and completion: keys in, actions out. Pure. */
import { cleanText } from "../../wire/text.ts";
import { actionOf } from "./bindings.ts";
import { commonPrefix, complete, type Completions } from "./completion.ts";
import { act } from "./editor_actions.ts";
import { Editor, INPUT_MAX_CODE_POINTS } from "./editor.ts";
import { InputHistory } from "./input_history.ts";
import type { Key } from "./keys.ts";
import { lineEnd, lineStart } from "./words.ts";

/** A search in the history: the words, and the line that holds them. */
interface Search {
  words: string;
  at: number | undefined;
  /** What was being typed. */
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
  /** Something to say about the line. */
  #notice = "";

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
    return this.#notice === "" ? [] : [this.#notice];
  }

  /** Takes a key; gives an action that is not the line's own (`enter`, `leave`, `news`, …). */
  press(key: Key): string | undefined {
    this.#notice = "";
    const action = key.kind === "key" ? actionOf(key.name) : undefined;
    const search = this.#search;
    if (search !== undefined && this.#searching(search, key, action)) return;
    if (action === "complete") return this.#complete(1);
    if (action === "complete-back") return this.#complete(-1);
    this.#cycle = undefined;
    if (key.kind === "text" || key.kind === "paste") this.#type(key);
    return action === undefined ? undefined : this.#act(action);
  }

  /** The line, which is sent now: it is history, and the next one is empty. */
  sent(): string {
    const { text } = this.editor;
    this.#history.add(text);
    this.editor.set("");
    return text;
  }

  /** Clears the line; a yank brings it back. */
  clear(notice: string): void {
    act(this.editor, "kill-all");
    this.#notice = notice;
  }

  #type(key: Extract<Key, { kind: "text" | "paste" }>): void {
    const text = cleanText(key.text.toWellFormed());
    const how = key.kind === "paste" ? "paste" : "type";
    if (text !== "" && !this.editor.insert(text, how)) {
      this.#notice =
        `not taken: a line holds at most ${INPUT_MAX_CODE_POINTS} characters`;
    }
  }

  #act(action: string): string | undefined {
    if (act(this.editor, action)) return undefined;
    switch (action) {
      case "older":
        return this.#older();
      case "newer":
        return this.#newer();
      case "search":
        this.#search = { words: "", at: undefined, draft: this.editor.text };
        return;
      case "delete-or-leave":
        if (this.editor.isEmpty) return "leave";
        act(this.editor, "delete");
        return;
      case "interrupt":
        return this.editor.isEmpty ? "leave" : "clear";
      default:
        return action;
    }
  }

  // ---- History ----

  /** A line up, where there is one; else the line that was sent before. */
  #older(): undefined {
    const { clusters, cursor, text } = this.editor;
    const start = lineStart(clusters, cursor);
    if (start === 0) return this.#recall(this.#history.older(text));
    const above = lineStart(clusters, start - 1);
    this.editor.moveTo(Math.min(above + cursor - start, start - 1));
  }

  #newer(): undefined {
    const { clusters, cursor } = this.editor;
    const end = lineEnd(clusters, cursor);
    if (end === clusters.length) return this.#recall(this.#history.newer());
    const below = end + 1 + cursor - lineStart(clusters, cursor);
    this.editor.moveTo(Math.min(below, lineEnd(clusters, end + 1)));
  }

  #recall(line: string | undefined): undefined {
    if (line !== undefined) this.editor.set(line);
  }

  // ---- Search ----

  /** A key of the search; `false` when it ends the search and counts for itself. */
  #searching(
    search: Search,
    key: Key,
    action: string | undefined,
  ): boolean {
    const name = key.kind === "key" ? key.name : undefined;
    if (key.kind === "text") this.#find(search, search.words + key.text);
    else if (action === "search") this.#find(search, search.words, search.at);
    else if (action === "backspace") {
      this.#find(search, [...search.words].slice(0, -1).join(""));
    } else {
      this.#search = undefined;
      if (name !== "ctrl+g" && action !== "interrupt") return name === "escape";
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

  // ---- Completion ----

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
