/** The chat on a terminal: keys and events come in, and the screen is drawn. */
import { delay } from "../base/clock.ts";
import { cleanLine } from "../wire/text.ts";
import { completionsOf } from "./commands/commands.ts";
import { InputLine } from "./input/input_line.ts";
import { type Key, KeyDecoder } from "./input/keys.ts";
import { PasteGuard } from "./input/paste_guard.ts";
import { ChatModel } from "./model/chat_model.ts";
import type { ChatHost, ChatOptions, Going } from "./model/chat_model.ts";
import { takeEvent } from "./model/event_handlers.ts";
import { counted } from "./model/meant.ts";
import { endChat, hintsOf, typing, unsentCount } from "./model/sending.ts";
import type { Meant, View } from "./model/view.ts";
import { fitTwo, PlacedLine } from "./placed_line.ts";
import { cellsOfText, fitText } from "./screen/cells.ts";
import { layOut, type Row } from "./screen/layout.ts";
import { type Ground, groundOf } from "./screen/palette.ts";
import { Reading } from "./reader/reading.ts";
import { promptRow } from "./screen/prompt_line.ts";
import { Screen } from "./screen/screen.ts";
import type { Terminal } from "./process_terminal.ts";

export type AppOptions = Omit<ChatOptions, "host"> & {
  readonly terminal: Terminal;
};

/** An escape that nothing has followed for this long is the key of this name. */
const ESCAPE_MS = 50;
/** How long the terminal may take to say where its cursor is. */
const CURSOR_MS = 250;
/** How long what was said may take to be sent when the process is told to end. */
const PATIENCE_MS = 2_000;
/** How long the goodbye may take. */
const GOODBYE_MS = 1_000;
/** Lines that wait to be written; with more, no events are taken. */
const WAITING_LINES = 1_000;
/** What was printed last is kept, for a window of so many rows. */
const SHOWN_LINES = 200;
const SUSPENDED = "* suspended: no shell yet? Ctrl+Z again, or Enter to stay";
const NOT_SUSPENDED = "only the executable can be suspended " +
  "(deno task compile makes it), and not on Windows";
/** Beyond this, lines that come while the chat is not seen are lost; messages are no such lines. */
const BEHIND_LINES = 10 * WAITING_LINES;
const ASK_CURSOR = "\x1b[6n";
/** How long the first lines wait for what is behind them. */
const GROUND_MS = 250;
/** Behind it the question that every terminal answers: then no other answer is to come. */
const ASK_GROUND = "\x1b]11;?\x1b\\\x1b[c";

export class App implements ChatHost {
  readonly #options: AppOptions;
  readonly #model: ChatModel;
  readonly #line: InputLine;
  readonly #placed: PlacedLine;
  readonly #screen = new Screen();
  readonly #keys = new KeyDecoder();
  readonly #guard = new PasteGuard();
  #lines: string[] = [];
  #signals = "";
  /** The history of a place, which is before the chat. */
  #reading: Reading | undefined;
  /** What ends that on the screen. */
  #uncovering = "";
  #columns: number;
  #isDrawn = true;
  #drawing: Promise<void> | undefined;
  #cancelEscape = () => {};
  /** Ends the wait for where the cursor is. */
  #cancelCursor: (() => void) | undefined;
  #isEnding = false;
  readonly #groundKnown = new AbortController();
  /** The person leaves when all is sent. */
  #isPatient = false;
  #cancelPatience = () => {};
  /** While somebody else has the terminal: ends the wait for it. */
  #suspended: PromiseWithResolvers<void> | undefined;
  /** What was printed last, for a screen that is drawn again. */
  #shown: readonly string[] = [];
  #isWiped = false;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#model = new ChatModel({ ...options, host: this });
    this.#line = new InputLine(() => completionsOf(this.#model));
    this.#placed = new PlacedLine(this.#model, this.#line);
    this.#columns = options.terminal.size.columns;
  }

  /** Runs until the person leaves or the client ends; throws what ended it. */
  async run(): Promise<void> {
    const { terminal, client } = this.#options;
    terminal.open({
      onResize: () => this.#resized(),
      onStop: () => this.#stop(),
      onContinue: () => this.#continued(),
    });
    try {
      void this.#readKeys();
      await this.#askGround();
      for await (const event of client) {
        takeEvent(this.#model, event);
        if (this.#isEnding && event.kind === "ended") break;
        const isFull = this.#lines.length > WAITING_LINES;
        if (isFull && this.#reading === undefined) {
          await (this.#suspended?.promise ?? this.#drawing);
        }
      }
    } finally {
      this.#isEnding = true;
      this.#cancelEscape();
      this.#cancelCursor?.();
      this.#groundKnown.abort();
      this.#cancelPatience();
      this.#suspended?.resolve();
      await this.#drawing;
      const { current } = this.#model.views;
      if (current !== undefined) current.draft = this.typed();
      endChat(this.#model);
      const lines = this.#lines.map((line) => `${line}\r\n`).join("");
      const over = (this.#reading?.end() ?? "") + this.#uncovering;
      terminal.close(over + this.#screen.clear() + lines);
    }
  }

  // ---- What the chat wants to be seen ----

  print(rows: readonly string[]): void {
    if (this.#lines.length > BEHIND_LINES) return;
    for (const row of rows) this.#lines.push(row);
    this.changed();
  }

  columns(): number {
    // As it is now: a resize may not be heard of yet.
    return this.#options.terminal.size.columns;
  }

  read(place: string, at?: number): void {
    if (this.#reading !== undefined) return;
    const isFull = () => this.#lines.length > WAITING_LINES;
    const { size } = this.#options.terminal;
    const model = this.#model;
    this.#reading = new Reading({ model, place, at, size, isFull });
    this.changed();
  }

  signal(sequence: string): void {
    this.#signals = sequence;
    this.changed();
  }

  changed(): void {
    if (this.#isPatient && unsentCount(this.#model) === 0) void this.#end();
    this.#isDrawn = false;
    if (this.#mayDraw && !this.#isEnding) this.#drawing ??= this.#draw();
  }

  /** Not while the terminal is asked where its cursor is, or others have it. */
  get #mayDraw(): boolean {
    return this.#cancelCursor === undefined && this.#suspended === undefined;
  }

  rows(): number {
    return this.#options.terminal.size.rows;
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
    if (this.#isPatient || unsentCount(this.#model) === 0) {
      return void this.#end();
    }
    this.#isPatient = true;
    this.changed();
  }

  // ---- Keys ----

  async #readKeys(): Promise<void> {
    const { terminal, clock } = this.#options;
    for await (const bytes of terminal.input) {
      this.#cancelEscape();
      if (this.#suspended !== undefined) {
        // A line that was entered, in whose terminal this is not: the person is back.
        terminal.resume();
        continue;
      }
      const keys = this.#keys.push(bytes);
      for (const key of this.#guard.guard(keys, clock.monotonic())) {
        this.#press(key);
      }
      if (this.#keys.isWaiting) {
        this.#cancelEscape = clock.after(ESCAPE_MS, () => {
          for (const key of this.#keys.flush()) this.#press(key);
        });
      }
    }
    this.#stop();
  }

  #press(key: Key): void {
    if (key.kind === "cursor") return this.#cursorAt(key.column);
    if (key.kind === "attributes") return this.#groundKnown.abort();
    if (key.kind === "ground") return this.#groundIs(groundOf(key.color));
    const ended = this.#reading?.press(key);
    if (ended === "stays") return this.changed();
    if (ended !== undefined) this.#endReading();
    if (ended === "leaves") return;
    const before = this.typed();
    this.#placed.press(key, (action) => this.#act(action));
    const text = this.typed();
    if (key.kind !== "key" && text !== before) {
      this.#isPatient = false;
      typing(this.#model, text);
    }
    if (text !== before) this.#model.places.typed();
    this.changed();
  }

  #act(action: string): void {
    const { views } = this.#model;
    switch (action) {
      case "enter":
        return this.#placed.enter(this.#options.terminal.size.columns);
      case "leave":
        return this.leave();
      case "clear":
        return this.#line.clear("Ctrl+C again leaves, Ctrl+Y brings it back");
      case "ctrl+n":
        return this.#model.go(views.step(1));
      case "ctrl+p":
        return this.#model.go(views.step(-1));
      case "pageup":
        return views.current && this.read(views.current.name);
      case "alt+a":
        return this.#model.go(views.nextWithNews());
      case "alt+g":
        return this.#line.putAside("/go ");
      case "alt+/":
      case "alt+`":
      case "ctrl+^":
        return this.#model.go(views.before);
      case "ctrl+l":
        return this.#redraw();
      case "ctrl+z":
        return void this.#suspend();
      default:
        if (/^alt\+[0-9]$/.test(action)) {
          this.#model.go(views.all[(Number(action.slice(4)) || 10) - 1]);
        }
    }
  }

  /** The process is told to end, or the terminal is gone: what was said has a short time yet. */
  #stop(): void {
    if (this.#isEnding) return;
    this.#isPatient = true;
    this.#cancelPatience();
    this.#cancelPatience = this.#options.clock.after(
      PATIENCE_MS,
      () => void this.#end(),
    );
    this.changed();
  }

  async #end(): Promise<void> {
    const { client, clock } = this.#options;
    if (this.#isEnding) return;
    this.#isEnding = true;
    const patience = new AbortController();
    const closing = client.close().finally(() => patience.abort());
    await Promise.race([closing, delay(clock, GOODBYE_MS, patience.signal)]);
    // Whoever iterates ends, too.
    await client[Symbol.asyncIterator]().return?.();
  }

  // ---- The screen ----

  /** Asks what is behind the text; an answer that comes later counts from then on. */
  async #askGround(): Promise<void> {
    const { terminal, clock } = this.#options;
    const isAsked = this.#model.palette.color === "on" && terminal.tellsGround;
    if (!isAsked) return;
    await terminal.write(ASK_GROUND);
    await delay(clock, GROUND_MS, this.#groundKnown.signal);
  }

  #groundIs(ground: Ground | undefined): void {
    this.#model.ground = ground ?? this.#model.ground;
    this.#groundKnown.abort();
    this.changed();
  }

  #endReading(): void {
    this.#uncovering = this.#reading?.end() ?? "";
    this.#reading = undefined;
    this.#model.uncover();
    this.changed();
  }

  #resized(): void {
    const { terminal, clock } = this.#options;
    const { columns } = terminal.size;
    if (columns === this.#columns) return this.changed();
    this.#columns = columns;
    if (this.#screen.isCursorUnsure(columns) && terminal.reflow === "unknown") {
      this.#cancelCursor?.();
      this.#cancelCursor = clock.after(CURSOR_MS, () => this.#cursorAt());
      void terminal.write(ASK_CURSOR);
      return;
    }
    this.#screen.resized(columns, terminal.reflow);
    this.changed();
  }

  /** The terminal says in which column its cursor is, or has not said it in time. */
  #cursorAt(column?: number): void {
    if (this.#cancelCursor === undefined) return;
    this.#cancelCursor();
    this.#cancelCursor = undefined;
    this.#screen.resized(this.#columns, "unknown", column);
    this.changed();
  }

  async #draw(): Promise<void> {
    // What happens in the same moment is drawn together.
    await Promise.resolve();
    while (!this.#isDrawn && this.#mayDraw) {
      if (this.#options.terminal.size.columns !== this.#columns) {
        this.#resized();
        continue;
      }
      this.#isDrawn = true;
      await this.#options.terminal.write(this.#compose());
    }
    this.#drawing = undefined;
  }

  #compose(): string {
    const { size } = this.#options.terminal;
    const { columns, rows } = size;
    const { clusters, cursor } = this.#line.editor;
    if (this.#reading !== undefined) {
      return this.#signalled(this.#reading.draw(size, this.#screen));
    }
    const hints = this.#hints(columns, Math.floor(rows / 3));
    const most = Math.max(1, rows - 1);
    const prompt = promptRow(this.#model, columns);
    const maxRows = most - hints.length;
    const input = layOut({ prompt, clusters, cursor, columns, maxRows });
    const [lines, uncovering] = [this.#lines, this.#uncovering];
    this.#lines = [];
    this.#uncovering = "";
    const area = { hints, input, maxRows: most };
    const room = Math.max(0, rows - hints.length - input.rows.length);
    const again = this.#isWiped && room > 0 ? this.#shown.slice(-room) : [];
    const wipe = this.#isWiped ? this.#screen.wipe() : "";
    this.#isWiped = false;
    this.#shown = [...this.#shown, ...lines].slice(-SHOWN_LINES);
    const drawn = this.#screen.render([...again, ...lines], area);
    return this.#signalled(uncovering + wipe + drawn);
  }

  #signalled(text: string): string {
    const signals = this.#signals;
    this.#signals = "";
    return signals + text;
  }

  /** Draws everything again, where others have written on the screen. */
  #redraw(): void {
    this.#isWiped = true;
    this.changed();
  }

  /** Gives the terminal to whoever the program was started from. */
  async #suspend(): Promise<void> {
    const { terminal } = this.#options;
    if (!terminal.canSuspend) {
      return this.#model.out.note(NOT_SUSPENDED);
    }
    this.#suspended = Promise.withResolvers();
    await this.#drawing;
    if (this.#isEnding) return;
    terminal.suspend(`${this.#screen.clear()}${SUSPENDED}\r\n`);
  }

  /** The process goes on, or the person; the screen holds what others wrote meanwhile. */
  #continued(): void {
    if (this.#suspended === undefined) return this.#redraw();
    this.#suspended.resolve();
    this.#suspended = undefined;
    this.changed();
  }

  #leaving(columns: number): string[] {
    const count = counted(unsentCount(this.#model), "message");
    const why = `waiting for ${count} to be sent; `;
    return fitTwo(why, "Ctrl+C again leaves at once", columns);
  }

  #hints(columns: number, most: number): Row[] {
    const { palette } = this.#model;
    const texts = [
      ...hintsOf(this.#model),
      ...(this.#isPatient ? this.#leaving(columns) : []),
      ...this.#line.hints,
    ];
    return texts.slice(Math.max(0, texts.length - most)).map((text) => {
      const line = cleanLine(text.replace(/\s+/g, " "));
      const fitting = fitText(line, columns - 1);
      const cells = cellsOfText(fitting);
      return { text: palette.style("dim", fitting), cells };
    });
  }
}
