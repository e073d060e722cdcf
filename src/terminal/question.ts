/** A question on a terminal, and its answer as it is typed. Pure: bytes in, text to write out. */
import { edit } from "./input/bindings.ts";
import { Editor } from "./input/editor.ts";
import { type Key, KeyDecoder } from "./input/keys.ts";
import type { WindowSize } from "./process_terminal.ts";
import { clustersOf } from "./screen/cells.ts";
import { layOut } from "./screen/layout.ts";
import { ERASE_BELOW, ERASE_ROW, Screen } from "./screen/screen.ts";

/** How a question ends: with an answer, by Ctrl+C, or by Ctrl+D where nothing is typed. */
export type Outcome =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end" };

export interface QuestionOptions {
  readonly question: string;
  /** Whether the answer can be seen while it is typed. */
  readonly answer: "shown" | "hidden";
}

/** The input ended. */
export const ENDED: Outcome = { kind: "end" };

export class Question {
  readonly #screen = new Screen();
  readonly #editor = new Editor();
  readonly #keys = new KeyDecoder();
  readonly #options: QuestionOptions;
  #columns = 0;
  #rows = 0;

  constructor(options: QuestionOptions) {
    this.#options = options;
  }

  /** The question, and what is typed so far where that may be seen. */
  draw({ columns, rows }: WindowSize): string {
    const { question, answer } = this.#options;
    const asked = clustersOf(`${question} `);
    const { clusters, cursor } = this.#editor;
    if (this.#columns !== columns && this.#columns !== 0) {
      this.#screen.resized(columns, "unknown");
    }
    this.#columns = columns;
    const maxRows = Math.max(1, rows - 1);
    const input = layOut({
      prompt: { text: "", cells: 0 },
      clusters: answer === "shown" ? [...asked, ...clusters] : asked,
      cursor: asked.length + (answer === "shown" ? cursor : 0),
      ...{ columns, maxRows },
    });
    const text = this.#screen.render([], { hints: [], input, maxRows });
    const isSmaller = input.rows.length < this.#rows;
    this.#rows = input.rows.length;
    // tmux keeps what is erased from the top of the window down, each time, as if it had scrolled.
    return isSmaller ? text : text.replaceAll(ERASE_BELOW, ERASE_ROW);
  }

  /** Takes bytes of the input; gives how it ends when they end it, and forgets what is behind. */
  push(bytes: Uint8Array): Outcome | undefined {
    for (const key of this.#keys.push(bytes)) {
      const outcome = this.#press(key);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  #press(key: Key): Outcome | undefined {
    const { text, cursor } = this.#editor;
    if (key.kind === "text" || key.kind === "paste") {
      this.#editor.insert(key.text);
    }
    if (key.kind !== "key") return undefined;
    if (key.name === "enter") return { kind: "answer", text };
    if (key.name === "ctrl+c") return { kind: "interrupt" };
    if (key.name === "ctrl+d") {
      if (text === "") return ENDED;
      this.#editor.remove(cursor);
    } else edit(this.#editor, key.name);
    return undefined;
  }
}
