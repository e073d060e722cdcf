/** What the terminal shows: lines that scroll away, the prompt below them, the reader before both. */
import { cleanLine } from "../wire/text.ts";
import type { InputLine } from "./input/input_line.ts";
import type { Key } from "./input/keys.ts";
import type { ChatModel } from "./model/chat_model.ts";
import { promptOf } from "./model/prompt.ts";
import type { Terminal } from "./process_terminal.ts";
import { Reading } from "./reader/reading.ts";
import { cellsOfText, fitText } from "./screen/cells.ts";
import { layOut, type Row } from "./screen/layout.ts";
import { promptRow } from "./screen/prompt_line.ts";
import { Screen } from "./screen/screen.ts";
import type { TerminalQuestions } from "./terminal_questions.ts";

/** Lines that wait to be written; with more, no events are taken. */
const WAITING_LINES = 1_000;
/** Beyond this, lines that come while the chat is not seen are lost; messages are no such lines. */
const BEHIND_LINES = 10 * WAITING_LINES;
/** What was printed last is kept, for a window of so many rows. */
const SHOWN_LINES = 200;
const SUSPENDED = "* suspended: no shell yet? Ctrl+Z again, or Enter to stay";
const NOT_SUSPENDED = "only the executable can be suspended " +
  "(deno task compile makes it), and not on Windows";

export interface AppScreenOptions {
  readonly terminal: Terminal;
  readonly model: ChatModel;
  readonly line: InputLine;
  readonly questions: TerminalQuestions;
  /** What stands above the prompt, in a window of so many columns, the least important first. */
  readonly hints: (columns: number) => string[];
  /** Whether nothing is drawn any more but what ends it. */
  readonly isEnding: () => boolean;
}

export class AppScreen {
  readonly #options: AppScreenOptions;
  readonly #screen = new Screen();
  #lines: string[] = [];
  #signals = "";
  /** The history of a place, which is before the chat. */
  #reading: Reading | undefined;
  /** What ends that on the screen. */
  #uncovering = "";
  #columns: number;
  #isDrawn = true;
  #drawing: Promise<void> | undefined;
  /** While somebody else has the terminal: ends the wait for it. */
  #suspended: PromiseWithResolvers<void> | undefined;
  /** What was printed last, for a screen that is drawn again. */
  #shown: readonly string[] = [];
  #isWiped = false;

  constructor(options: AppScreenOptions) {
    this.#options = options;
    this.#columns = options.terminal.size.columns;
  }

  print(rows: readonly string[]): void {
    if (this.#lines.length > BEHIND_LINES) return;
    for (const row of rows) this.#lines.push(row);
    this.changed();
  }

  signal(sequence: string): void {
    this.#signals = sequence;
    this.changed();
  }

  changed(): void {
    this.#isDrawn = false;
    const { isEnding } = this.#options;
    if (this.#mayDraw && !isEnding()) this.#drawing ??= this.#draw();
  }

  /** Resolves when so much is written that more may be printed. */
  async drained(): Promise<void> {
    if (!this.#isFull || this.#reading !== undefined) return;
    await (this.#suspended?.promise ?? this.#drawing);
  }

  /** Draws everything again, where others have written on the screen. */
  redraw(): void {
    this.#isWiped = true;
    this.changed();
  }

  resized(): void {
    const { terminal, questions } = this.#options;
    const { columns } = terminal.size;
    if (columns === this.#columns) return this.changed();
    this.#columns = columns;
    if (this.#screen.isCursorUnsure(columns) && terminal.reflow === "unknown") {
      return questions.askCursor((column) => {
        this.#screen.resized(this.#columns, "unknown", column);
        this.changed();
      });
    }
    this.#screen.resized(columns, terminal.reflow);
    this.changed();
  }

  /** It is over: resolves when the last drawing is. */
  async settle(): Promise<void> {
    this.#suspended?.resolve();
    await this.#drawing;
  }

  /** What leaves the terminal with the chat above and nothing below. */
  last(): string {
    const lines = this.#lines.map((line) => `${line}\r\n`).join("");
    const over = (this.#reading?.end() ?? "") + this.#uncovering;
    return over + this.#screen.clear() + lines;
  }

  // ---- The reader ----

  /** Opens the history of a place at a seq, else before its end. */
  read(place: string, at?: number): void {
    if (this.#reading !== undefined) return;
    const { model, terminal: { size } } = this.#options;
    const isFull = () => this.#isFull;
    this.#reading = new Reading({ model, place, at, size, isFull });
    this.changed();
  }

  /** Whether a key was for the reader, and not for the chat. */
  reads(key: Key): boolean {
    const ended = this.#reading?.press(key);
    if (ended === "stays") this.changed();
    else if (ended !== undefined) this.#endReading();
    return ended === "stays" || ended === "leaves";
  }

  #endReading(): void {
    this.#uncovering = this.#reading?.end() ?? "";
    this.#reading = undefined;
    this.#options.model.showing.uncover();
    this.changed();
  }

  // ---- Suspending ----

  /** Gives the terminal to whoever the program was started from. */
  async suspend(): Promise<void> {
    const { terminal, model, isEnding } = this.#options;
    if (!terminal.canSuspend) return model.out.note(NOT_SUSPENDED);
    this.#suspended = Promise.withResolvers();
    await this.#drawing;
    if (isEnding()) return;
    terminal.suspend(`${this.#screen.clear()}${SUSPENDED}\r\n`);
  }

  get isSuspended(): boolean {
    return this.#suspended !== undefined;
  }

  /** The process goes on, or the person; the screen holds what others wrote meanwhile. */
  continued(): void {
    if (this.#suspended === undefined) return this.redraw();
    this.#suspended.resolve();
    this.#suspended = undefined;
    this.changed();
  }

  // ---- Drawing ----

  get #isFull(): boolean {
    return this.#lines.length > WAITING_LINES;
  }

  /** Not while the terminal is asked where its cursor is, or others have it. */
  get #mayDraw(): boolean {
    const { questions } = this.#options;
    return !questions.isCursorAsked && this.#suspended === undefined;
  }

  async #draw(): Promise<void> {
    // What happens in the same moment is drawn together.
    await Promise.resolve();
    while (!this.#isDrawn && this.#mayDraw) {
      const { terminal } = this.#options;
      if (terminal.size.columns !== this.#columns) {
        this.resized();
        continue;
      }
      this.#isDrawn = true;
      const signals = this.#signals;
      this.#signals = "";
      await terminal.write(signals + this.#compose());
    }
    this.#drawing = undefined;
  }

  #compose(): string {
    const { model, line, terminal: { size } } = this.#options;
    const { columns, rows } = size;
    if (this.#reading !== undefined) {
      return this.#reading.draw(size, this.#screen);
    }
    const { clusters, cursor } = line.editor;
    const hints = this.#hints(columns, Math.floor(rows / 3));
    const most = Math.max(1, rows - 1);
    const prompt = promptRow(promptOf(model), model.palette, columns);
    const maxRows = most - hints.length;
    const input = layOut({ prompt, clusters, cursor, columns, maxRows });
    const [lines, uncovering] = [this.#lines, this.#uncovering];
    this.#lines = [];
    this.#uncovering = "";
    const room = Math.max(0, rows - hints.length - input.rows.length);
    const again = this.#isWiped && room > 0 ? this.#shown.slice(-room) : [];
    const wipe = this.#isWiped ? this.#screen.wipe() : "";
    this.#isWiped = false;
    this.#shown = [...this.#shown, ...lines].slice(-SHOWN_LINES);
    const area = { hints, input, maxRows: most };
    const drawn = this.#screen.render([...again, ...lines], area);
    return uncovering + wipe + drawn;
  }

  #hints(columns: number, most: number): Row[] {
    const { model: { palette }, hints } = this.#options;
    const texts = hints(columns);
    return texts.slice(Math.max(0, texts.length - most)).map((text) => {
      const line = cleanLine(text.replace(/\s+/g, " "));
      const fitting = fitText(line, columns - 1);
      const cells = cellsOfText(fitting);
      return { text: palette.style("dim", fitting), cells };
    });
  }
}
