/**
 * What the terminal client needs of a terminal, and the terminal of the process: raw while the chat
 * is there, as it was when that has ended.
 */
import type { Reflow } from "./screen/screen.ts";
import { TypedAhead } from "./typed_ahead.ts";

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalEvents {
  readonly onResize: () => void;
  /** The process goes on after it was stopped, or the terminal was given back: it is taken again. */
  readonly onContinue: () => void;
  /** The process is told to end, or the terminal is gone. */
  readonly onStop: () => void;
}

export interface Terminal {
  /** As it is at this moment. */
  readonly size: WindowSize;
  /** What it does with rows that are too wide for a window made narrower, where that is known. */
  readonly reflow: Reflow;
  /** Whether it can be asked for what is behind its text (OSC 11). */
  readonly tellsGround: boolean;
  /** Bytes as they are typed; ends with the terminal. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Takes over: keys come one by one, nothing is echoed. */
  open(events: TerminalEvents): void;
  /** Resolves when the text is written. */
  write(text: string): Promise<void>;
  /** Whether the program can be stopped, and go on, as jobs of a shell are. */
  readonly canSuspend: boolean;
  /**
   * Writes a text at once, gives the terminal back as it was, until {@linkcode resume}, and stops.
   * Where that stops nothing, the terminal's own Ctrl+Z may: it reaches what runs the program, too.
   */
  suspend(text: string): void;
  /** Takes the terminal over again; also done when the process goes on. */
  resume(): void;
  /** Writes a last text at once, and gives the terminal back as it was; again is harmless. */
  close(lastText: string): void;
}

const PASTE_ON = "\x1b[?2004h";
/** Bracketed paste off, wrapping on, the cursor shown, no style. */
const AS_IT_WAS = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[m";
/** The other screen, which the reader has, and back to the one with the chat. */
export const OTHER_SCREEN_ON = "\x1b[?1049h";
export const OTHER_SCREEN_OFF = "\x1b[?1049l";
const DEFAULT_SIZE: WindowSize = { columns: 80, rows: 24 };
const encoder = new TextEncoder();
const READ_BYTES = 16_384;
const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

export class ProcessTerminal implements Terminal {
  readonly reflow: Reflow;
  readonly tellsGround: boolean;
  readonly input: AsyncIterable<Uint8Array>;
  #isOpen = false;
  #hasOtherScreen = false;
  /** `deno task` waits on when what it runs has stopped, and no shell would get the terminal. */
  readonly canSuspend = Deno.build.standalone && Deno.build.os !== "windows";
  #events: TerminalEvents = {
    onStop: () => {},
    onResize: () => {},
    onContinue: () => {},
  };
  readonly #stop = () => this.#events.onStop();
  readonly #resize = () => this.#events.onResize();
  readonly #continue = () => this.resume();
  /** Something went wrong that nobody caught: the message must find an ordinary terminal. */
  readonly #crash = () =>
    this.close(`${this.#hasOtherScreen ? OTHER_SCREEN_OFF : ""}\r\n`);

  constructor(
    env: (name: string) => string | undefined,
    typedAhead: "taken" | "dropped" = "taken",
  ) {
    this.input = readInput(typedAhead);
    this.reflow = neverReflows(env) ? "none" : "unknown";
    // The console of Linux shows questions that it does not know.
    this.tellsGround = env("TERM") !== "linux";
  }

  get size(): WindowSize {
    return windowSize();
  }

  open(events: TerminalEvents): void {
    this.#events = events;
    this.#isOpen = true;
    Deno.stdin.setRaw(true);
    this.#writeNow(PASTE_ON);
    this.#listen(Deno.addSignalListener, addEventListener);
  }

  async write(text: string): Promise<void> {
    const on = text.lastIndexOf(OTHER_SCREEN_ON);
    const off = text.lastIndexOf(OTHER_SCREEN_OFF);
    if (on !== off) this.#hasOtherScreen = on > off;
    let rest: Uint8Array = encoder.encode(text);
    try {
      while (rest.length > 0 && this.#isOpen) {
        rest = rest.subarray(await Deno.stdout.write(rest));
      }
    } catch {
      // The terminal is gone.
      this.#stop();
    }
  }

  suspend(text: string): void {
    if (!this.#isOpen) return;
    this.#giveBack(text);
    try {
      Deno.kill(Deno.pid, "SIGTSTP");
    } catch {
      // It may not: the person's next Ctrl+Z does it.
    }
  }

  resume(): void {
    if (!this.#isOpen) return;
    try {
      Deno.stdin.setRaw(true);
    } catch {
      // It is gone.
    }
    this.#writeNow(PASTE_ON);
    this.#events.onContinue();
  }

  close(lastText: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#giveBack(lastText);
    this.#listen(Deno.removeSignalListener, removeEventListener);
  }

  /** Begins to listen, or ends it, by the functions that do so. */
  #listen(
    onSignal: typeof Deno.addSignalListener,
    onEvent: (type: string, listener: () => void) => void,
  ): void {
    for (const signal of STOP_SIGNALS) onSignal(signal, this.#stop);
    if (Deno.build.os !== "windows") {
      onSignal("SIGWINCH", this.#resize);
      onSignal("SIGCONT", this.#continue);
    }
    onEvent("error", this.#crash);
    onEvent("unhandledrejection", this.#crash);
  }

  #giveBack(text: string): void {
    this.#writeNow(text + AS_IT_WAS);
    try {
      Deno.stdin.setRaw(false);
    } catch {
      // It is gone.
    }
  }

  #writeNow(text: string): void {
    let rest: Uint8Array = encoder.encode(text);
    try {
      while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
    } catch {
      // It is gone.
    }
  }
}

/** Of the terminal of the process. */
export function windowSize(): WindowSize {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : DEFAULT_SIZE;
  } catch {
    return DEFAULT_SIZE;
  }
}

async function* readInput(
  typedAhead: "taken" | "dropped",
): AsyncGenerator<Uint8Array> {
  const ahead = new TypedAhead(typedAhead);
  const buffer = new Uint8Array(READ_BYTES);
  for (;;) {
    // A terminal that is gone reads as an error on some systems.
    const count = await Deno.stdin.read(buffer).catch(() => null);
    if (count === null) return;
    const bytes = buffer.slice(0, count);
    if (!ahead.isDropped(bytes)) yield bytes;
  }
}

/** Terminals that cut long rows off, as they say; those in between (tmux) wrap them anew. */
function neverReflows(env: (name: string) => string | undefined): boolean {
  if (env("TMUX")) return false;
  return Boolean(env("XTERM_VERSION") || env("STY")) ||
    /^(st|linux|rxvt|screen)\b/.test(env("TERM") ?? "");
}
