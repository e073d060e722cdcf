/** The chat on a terminal: keys and events come in, and the screen is drawn. */
import { counted } from "../text/counted.ts";
import { AppScreen } from "./app_screen.ts";
import { completionsOf } from "./commands/completions.ts";
import { InputLine } from "./input/input_line.ts";
import type { Key } from "./input/keys.ts";
import { KeyReader } from "./key_reader.ts";
import { Leaving } from "./leaving.ts";
import type { ChatHost, ChatOptions, Going } from "./model/chat_host.ts";
import { ChatModel } from "./model/chat_model.ts";
import { takeEvent } from "./model/event_handlers.ts";
import { go } from "./model/going.ts";
import { hintsOf } from "./model/hints.ts";
import { tellTyping } from "./model/typing.ts";
import { endChat, unsentCount } from "./model/unsent.ts";
import type { Meant, View } from "./model/view.ts";
import { fitTwo, PlacedLine } from "./placed_line.ts";
import type { Terminal } from "./process_terminal.ts";
import { TerminalQuestions } from "./terminal_questions.ts";

const AGAIN_LEAVES = "Ctrl+C again leaves";

export type AppOptions = Omit<ChatOptions, "host"> & {
  readonly terminal: Terminal;
};

export class App implements ChatHost {
  readonly #options: AppOptions;
  readonly #model: ChatModel;
  readonly #line: InputLine;
  readonly #placed: PlacedLine;
  readonly #keys: KeyReader;
  readonly #questions: TerminalQuestions;
  readonly #screen: AppScreen;
  readonly #leaving: Leaving;

  constructor(options: AppOptions) {
    const { terminal, client, clock } = options;
    this.#options = options;
    const model = this.#model = new ChatModel({ ...options, host: this });
    const line = this.#line = new InputLine(() => completionsOf(model));
    this.#placed = new PlacedLine(model, line);
    this.#keys = new KeyReader({ clock, press: (key) => this.#press(key) });
    this.#leaving = new Leaving({
      ...{ client, clock },
      unsent: () => unsentCount(model),
    });
    const questions = this.#questions = new TerminalQuestions({
      ...{ terminal, clock },
      onGround: (ground) => {
        model.ground = ground ?? model.ground;
        this.changed();
      },
    });
    this.#screen = new AppScreen({
      ...{ terminal, model, line, questions },
      hints: (columns) => this.#hints(columns),
      isEnding: () => this.#leaving.isEnding,
    });
  }

  /** Runs until the person leaves or the client ends; throws what ended it. */
  async run(): Promise<void> {
    const { terminal, client } = this.#options;
    terminal.open({
      onResize: () => this.#screen.resized(),
      onStop: () => this.#stop(),
      onContinue: () => this.#screen.continued(),
    });
    try {
      void this.#readKeys();
      const { color } = this.#model.palette;
      if (color === "on") await this.#questions.askGround();
      for await (const event of client) {
        takeEvent(this.#model, event);
        if (this.#leaving.isEnding && event.kind === "ended") break;
        await this.#screen.drained();
      }
    } finally {
      this.#leaving.over();
      this.#keys.drop();
      this.#questions.end();
      await this.#screen.settle();
      const { current } = this.#model.views;
      if (current !== undefined) current.draft = this.typed();
      endChat(this.#model);
      terminal.close(this.#screen.last());
    }
  }

  // ---- What the chat wants of its host ----

  print(rows: readonly string[]): void {
    this.#screen.print(rows);
    this.#leaving.look();
  }

  columns(): number {
    // As it is now: a resize may not be heard of yet.
    return this.#options.terminal.size.columns;
  }

  rows(): number {
    return this.#options.terminal.size.rows;
  }

  read(place: string, at?: number): void {
    this.#screen.read(place, at);
  }

  signal(sequence: string): void {
    this.#screen.signal(sequence);
  }

  changed(): void {
    this.#leaving.look();
    this.#screen.changed();
  }

  typed(): string {
    return this.#placed.draft;
  }

  moved(from: View | undefined, to: View | undefined, how: Going): void {
    this.#placed.moved(from, to, how);
  }

  giveBack(view: View | undefined, text: string, meant: Meant): void {
    this.#placed.giveBack(view, text, meant);
  }

  leave(): void {
    this.#leaving.leave();
    this.changed();
  }

  // ---- Keys ----

  async #readKeys(): Promise<void> {
    const { terminal } = this.#options;
    for await (const bytes of terminal.input) {
      if (!this.#screen.isSuspended) this.#keys.push(bytes);
      else {
        // A line that was entered, in whose terminal this is not: the person is back.
        this.#keys.drop();
        terminal.resume();
      }
    }
    this.#stop();
  }

  #press(key: Key): void {
    if (this.#questions.take(key) || this.#screen.reads(key)) return;
    const before = this.typed();
    this.#placed.press(key, (action) => this.#act(action));
    const text = this.typed();
    if (key.kind !== "key" && text !== before) {
      this.#leaving.stay();
      tellTyping(this.#model, text);
    }
    // What was sent must not come back as a draft.
    if (text === "" && before !== "") this.#model.places.saveSoon();
    else if (text !== before) this.#model.places.saveLater();
    this.changed();
  }

  #act(action: string): void {
    const { views } = this.#model;
    switch (action) {
      case "enter":
        return this.#placed.enter(this.columns());
      case "leave":
        return this.leave();
      case "ask-leave":
        // Who waits to leave has asked for it already.
        if (this.#leaving.isPatient) return this.leave();
        return this.#line.askLeave(AGAIN_LEAVES);
      case "clear":
        return this.#line.clear(`${AGAIN_LEAVES}, Ctrl+Y brings it back`);
      case "ctrl+n":
        return go(this.#model, views.step(1));
      case "ctrl+p":
        return go(this.#model, views.step(-1));
      case "pageup":
        return views.current && this.read(views.current.name);
      case "alt+a":
        return go(this.#model, views.nextWithNews());
      case "alt+g":
        return this.#line.putAside("/go ");
      case "alt+/":
      case "alt+`":
      case "ctrl+^":
        return go(this.#model, views.before);
      case "ctrl+l":
        return this.#screen.redraw();
      case "ctrl+z":
        return void this.#screen.suspend();
      default:
        if (/^alt\+[0-9]$/.test(action)) {
          go(this.#model, views.all[(Number(action.slice(4)) || 10) - 1]);
        }
    }
  }

  #stop(): void {
    this.#leaving.stop();
    this.changed();
  }

  // ---- Above the prompt ----

  #hints(columns: number): string[] {
    return [
      ...hintsOf(this.#model),
      ...(this.#leaving.isPatient ? this.#patience(columns) : []),
      ...this.#line.hints,
    ];
  }

  #patience(columns: number): string[] {
    const count = counted(unsentCount(this.#model), "message");
    const why = `waiting for ${count} to be sent; `;
    return fitTwo(why, `${AGAIN_LEAVES} at once`, columns);
  }
}
