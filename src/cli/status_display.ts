/** How `confab status` shows what comes: as JSON, once, line by line, or over and over in place. */
import { fitText } from "../terminal/screen/cells.ts";
import { renderCut } from "../text/render.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { StatusBoard, Surface } from "./status_board.ts";

export interface Display {
  /** The server has said something of itself, which the board has. */
  show(message: ServerMessage): void;
  /** There is no connection. */
  cut(reason: string, retryInMs: number): void;
  /** Something that the person is to be told. */
  note(text: string): void;
  /** All is over. */
  end(): void;
}

/** Where a display writes, and what it knows of that. */
export interface Output {
  /** @throws {Deno.errors.BrokenPipe} when nobody reads any more. */
  write(text: string): void;
  warn(text: string): void;
  surface(): Surface & { readonly rows: number };
}

interface Shown {
  readonly board: StatusBoard;
  readonly output: Output;
  /** Of the key that the server has proven. */
  readonly fingerprint: string | undefined;
}

const ALTERNATE_SCREEN = "\x1b[?1049h\x1b[?25l";
const ORDINARY_SCREEN = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const TO_LINE_END = "\x1b[K";
const TO_SCREEN_END = "\x1b[J";

/** Each message as it came, an object a line. */
export function jsonDisplay({ output }: Shown): Display {
  return {
    show: (message) => output.write(`${JSON.stringify(message)}\n`),
    ...warned(output),
    end: () => {},
  };
}

/** All of it, when that is over. */
export function onceDisplay({ board, output, fingerprint }: Shown): Display {
  return {
    show: () => {},
    ...warned(output),
    end() {
      const lines = board.lines(output.surface(), fingerprint);
      output.write(lines.map((line) => `${line}\n`).join(""));
    },
  };
}

/** A line a second. */
export function lineDisplay({ board, output }: Shown): Display {
  return {
    show: ({ type }) => {
      if (type === "status") output.write(`${board.summary()}\n`);
      else {output.write(
          board.table(output.surface().columns).map((line) => `${line}\n`).join(
            "",
          ),
        );}
    },
    ...warned(output),
    end: () => {},
  };
}

/** On a screen of its own; what was shown last stays on the ordinary one. */
export function screenDisplay(
  { board, output, fingerprint }: Shown,
): Display {
  const notes: string[] = [];
  let isOpen = false;
  const draw = (last: string) => {
    const { rows, ...surface } = output.surface();
    const lines = board.lines(surface, fingerprint);
    // Where not all fits, the end is cut off; the last row says how it is.
    const shown = lines.slice(0, Math.max(rows - 1, 0));
    const gap = shown.length < rows - 1 ? [""] : [];
    const frame = [...shown, ...gap, fitText(last, surface.columns - 1)]
      .map((line) => `${line}${TO_LINE_END}`).join("\r\n");
    output.write(`${isOpen ? "" : ALTERNATE_SCREEN}${HOME}${frame}`);
    output.write(TO_SCREEN_END);
    isOpen = true;
  };
  return {
    show({ type }) {
      if (type === "status") draw("Ctrl+C ends");
    },
    cut: (reason, retryInMs) => draw(renderCut(reason, retryInMs)),
    note: (text) => void notes.push(text),
    end() {
      if (isOpen) output.write(ORDINARY_SCREEN);
      const { rows: _, ...surface } = output.surface();
      const lines = board.lines(surface, fingerprint);
      output.write(lines.map((line) => `${line}\n`).join(""));
      for (const text of notes) output.warn(text);
    },
  };
}

function warned(output: Output): Pick<Display, "cut" | "note"> {
  return {
    cut: (reason, retryInMs) => output.warn(renderCut(reason, retryInMs)),
    note: (text) => output.warn(text),
  };
}
