/** A terminal as a person sees it: what is written can be read back, with its scrollback. */
import headless from "@xterm/headless";
import type { Terminal as Xterm } from "@xterm/headless";
import type {
  Terminal,
  TerminalEvents,
  WindowSize,
} from "../../src/terminal/process_terminal.ts";
import { EventQueue } from "../../src/client/event_queue.ts";

const encoder = new TextEncoder();

export class XtermTerminal implements Terminal {
  readonly xterm: Xterm;
  readonly reflow = "unknown";
  readonly tellsGround = true;
  readonly input = new EventQueue<Uint8Array>({
    events: 1_000,
    bytes: Infinity,
  });
  /** All that was written, in order. */
  written = "";
  isOpen = false;
  isSuspended = false;
  /** Such a terminal answers nothing. */
  isDeaf = false;
  #events: TerminalEvents | undefined;

  constructor(columns: number, rows: number) {
    this.xterm = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: 100_000,
      allowProposedApi: true,
    });
    // Answers of the terminal come as its input.
    this.xterm.onData((text: string) => this.isDeaf || this.type(text));
  }

  get size(): WindowSize {
    return { columns: this.xterm.cols, rows: this.xterm.rows };
  }

  open(events: TerminalEvents): void {
    this.#events = events;
    this.isOpen = true;
  }

  write(text: string): Promise<void> {
    this.written += text;
    return new Promise((resolve) => this.xterm.write(text, resolve));
  }

  canSuspend = true;

  suspend(text: string): void {
    this.isSuspended = true;
    void this.write(text);
  }

  resume(): void {
    this.isSuspended = false;
    this.#events?.onContinue();
  }

  close(lastText: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    void this.write(lastText);
  }

  // ---- The person in front of it ----

  type(text: string): void {
    this.input.push(encoder.encode(text));
  }

  /** Changes the window. */
  resize(columns: number, rows: number): void {
    this.xterm.resize(columns, rows);
    this.#events?.onResize();
  }

  stop(): void {
    this.#events?.onStop();
  }

  /** All rows there are, from the first that scrolled away, each as wide as it was filled. */
  get rows(): string[] {
    const { active } = this.xterm.buffer;
    const length = active.baseY + active.cursorY + 1;
    const rows = Array.from(
      { length: Math.max(length, active.length) },
      (_, y) => active.getLine(y)?.translateToString(true) ?? "",
    );
    while (rows.at(-1) === "" && rows.length > length) rows.pop();
    return rows;
  }

  /** Rows with those that the terminal wrapped joined again. */
  get lines(): string[] {
    const { active } = this.xterm.buffer;
    const lines: string[] = [];
    this.rows.forEach((row, y) => {
      const isMore = active.getLine(y)?.isWrapped ?? false;
      if (isMore && lines.length > 0) {
        const before = active.getLine(y - 1)!.translateToString(false);
        lines[lines.length - 1] = lines.at(-1)!.padEnd(before.length) + row;
      } else lines.push(row);
    });
    return lines;
  }

  /** Where the cursor is: its row among all {@linkcode rows}, and what stands left of it. */
  get cursor(): { row: number; before: string } {
    const { active } = this.xterm.buffer;
    const row = active.baseY + active.cursorY;
    const line = active.getLine(row);
    return {
      row,
      before: line?.translateToString(false, 0, active.cursorX) ?? "",
    };
  }
}
