/** The line being typed, with its history, search and completion: keys go in, and what is for somebody else comes out. Pure. */
import { cleanText } from "../wire/text.ts";
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
      const found = this.#search.at === undefined && this.#search.words !== ""
        ? "not found: "
        : "";
      return [`search: ${found}${this.#search.words}`];
    }
    if (this.#cycle !== undefined) return [candidatesText(this.#cycle)];
    return this.#notice === "" ? [] : [this.#notice];
  }

  /** Takes a key; the result is an action that is not the line's own (`enter`, `leave`, `news`, …). */
  press(key: Key): string | undefined {
    this.#notice = "";
    if (key.kind === "cursor") return undefined;
    const action = key.kind === "key" ? actionOf(key.name) : undefined;
    if (this.#search !== undefined && this.#searching(key, action)) {
      return undefined;
    }
    if (action === "complete" || action === "complete-back") {
      this.#complete(action === "complete" ? 1 : -1);
      return undefined;
    }
    this.#cycle = undefined;
    if (key.kind !== "key") this.#type(key);
    else if (action !== undefined) return this.#act(action);
    return undefined;
  }

  /** The line was sent: it is history, and the next one is empty. */
  sent(): void {
    this.#history.add(this.editor.text);
    this.editor.set("");
  }

  /** Clears the line; a yank brings it back. */
  clear(notice: string): void {
    act(this.editor, "kill-all");
    this.#notice = notice;
  }

  #type(key: Exclude<Key, { kind: "key" | "cursor" }>): void {
    const text = cleanText(key.text.toWellFormed());
    if (text === "") return;
    const how = key.kind === "paste" ? "paste" : "type";
    if (!this.editor.insert(text, how)) {
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
        return undefined;
      case "delete-or-leave":
        if (this.editor.isEmpty) return "leave";
        act(this.editor, "delete");
        return undefined;
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
    if (start > 0) {
      const above = lineStart(clusters, start - 1);
      return void this.editor.moveTo(
        Math.min(above + cursor - start, start - 1),
      );
    }
    const line = this.#history.older(text);
    if (line !== undefined) this.editor.set(line);
  }

  #newer(): undefined {
    const { clusters, cursor } = this.editor;
    const end = lineEnd(clusters, cursor);
    if (end < clusters.length) {
      const column = cursor - lineStart(clusters, cursor);
      return void this.editor.moveTo(
        Math.min(end + 1 + column, lineEnd(clusters, end + 1)),
      );
    }
    const line = this.#history.newer();
    if (line !== undefined) this.editor.set(line);
  }

  // ---- Search ----

  /** A key of the search; `false` when it ends the search and counts for itself. */
  #searching(key: Key, action: string | undefined): boolean {
    const search = this.#search!;
    if (key.kind === "text") this.#find(search.words + key.text, undefined);
    else if (action === "search") this.#find(search.words, search.at);
    else if (action === "backspace") {
      this.#find([...search.words].slice(0, -1).join(""), undefined);
    } else if (
      key.kind === "key" && (key.name === "ctrl+g" || action === "interrupt")
    ) {
      this.editor.set(search.draft);
      this.#search = undefined;
    } else {
      this.#search = undefined;
      return key.kind === "key" && key.name === "escape";
    }
    return true;
  }

  #find(words: string, before: number | undefined): void {
    const search = this.#search!;
    const found = words === "" ? undefined : this.#history.find(words, before);
    // A search that finds nothing older stays where it is.
    if (found === undefined && before !== undefined) return;
    search.words = words;
    search.at = found?.at;
    this.editor.set(found?.line ?? search.draft);
  }

  // ---- Completion ----

  #complete(by: 1 | -1): void {
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

  #offer(candidate: string): void {
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
