/** What the terminal client needs of a terminal: the process's own, or one in a test. */
import type { Reflow } from "./screen/screen.ts";

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalEvents {
  readonly onResize: () => void;
  /** The process is told to end, or the terminal is gone. */
  readonly onStop: () => void;
}

export interface Terminal {
  /** As it is at this moment. */
  readonly size: WindowSize;
  /** What it does with rows that are too wide for a window made narrower, where that is known. */
  readonly reflow: Reflow;
  /** Bytes as they are typed; ends with the terminal. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Takes over: keys come one by one, nothing is echoed. */
  open(events: TerminalEvents): void;
  /** Resolves when the text is written. */
  write(text: string): Promise<void>;
  /** Writes a last text at once, and gives the terminal back as it was; again is harmless. */
  close(lastText: string): void;
}
