/** What the terminal is asked: it answers among the keys, late, in pieces, or never. */
import { type Clock, delay } from "../base/clock.ts";
import type { Key } from "./input/keys.ts";
import type { Terminal } from "./process_terminal.ts";
import { type Ground, groundOf } from "./screen/palette.ts";

/** How long the terminal may take to say where its cursor is. */
const CURSOR_MS = 250;
const ASK_CURSOR = "\x1b[6n";
/** How long the first lines wait for what is behind them. */
const GROUND_MS = 250;
/** Behind it the question that every terminal answers: then no other answer is to come. */
const ASK_GROUND = "\x1b]11;?\x1b\\\x1b[c";

export interface TerminalQuestionsOptions {
  readonly terminal: Pick<Terminal, "write" | "tellsGround">;
  readonly clock: Clock;
  /** The terminal says what is behind its text; `undefined` where that cannot be read. */
  readonly onGround: (ground: Ground | undefined) => void;
}

export class TerminalQuestions {
  readonly #options: TerminalQuestionsOptions;
  readonly #groundKnown = new AbortController();
  /** Ends the wait for where the cursor is. */
  #cancelCursor: (() => void) | undefined;
  #onCursor: (column?: number) => void = () => {};

  constructor(options: TerminalQuestionsOptions) {
    this.#options = options;
  }

  /** Whether it is asked where its cursor is, and has not said it yet. */
  get isCursorAsked(): boolean {
    return this.#cancelCursor !== undefined;
  }

  /** Asks what is behind the text; an answer that comes later counts from then on. */
  async askGround(): Promise<void> {
    const { terminal, clock } = this.#options;
    if (!terminal.tellsGround) return;
    await terminal.write(ASK_GROUND);
    await delay(clock, GROUND_MS, this.#groundKnown.signal);
  }

  /** Asks in which column the cursor is, from 1; `answered` has none where it is not said in time. */
  askCursor(answered: (column?: number) => void): void {
    const { terminal, clock } = this.#options;
    this.#cancelCursor?.();
    this.#onCursor = answered;
    this.#cancelCursor = clock.after(CURSOR_MS, () => this.#cursorAt());
    void terminal.write(ASK_CURSOR);
  }

  /** Takes an answer; `false` for a key that is none. */
  take(key: Key): boolean {
    if (key.kind === "cursor") this.#cursorAt(key.column);
    else if (key.kind === "attributes") this.#groundKnown.abort();
    else if (key.kind === "ground") {
      this.#options.onGround(groundOf(key.color));
      this.#groundKnown.abort();
    } else return false;
    return true;
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#cancelCursor?.();
    this.#groundKnown.abort();
  }

  #cursorAt(column?: number): void {
    if (this.#cancelCursor === undefined) return;
    this.#cancelCursor();
    this.#cancelCursor = undefined;
    this.#onCursor(column);
  }
}
