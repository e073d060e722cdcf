/** The whole terminal client on a terminal and a server of the test's own. */
import { App } from "../../src/terminal/app.ts";
import {
  type ClientMemory,
  readMemory,
} from "../../src/terminal/model/memory.ts";
import {
  COLOR_PALETTE,
  PLAIN_PALETTE,
} from "../../src/terminal/screen/palette.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { FakeClient } from "./_fake_client.ts";
import { XtermTerminal } from "./_xterm.ts";

interface SessionOptions {
  color?: "on" | "off";
  memory?: unknown;
  /** Whether the terminal answers nothing. */
  isDeaf?: boolean;
}

export class Session implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly client = new FakeClient();
  readonly terminal: XtermTerminal;
  memory: ClientMemory;
  readonly done: Promise<void>;

  private constructor(
    columns: number,
    rows: number,
    options: SessionOptions,
  ) {
    this.memory = readMemory(options.memory ?? {});
    this.terminal = new XtermTerminal(columns, rows);
    // deno-lint-ignore no-this-alias
    const self = this;
    this.terminal.isDeaf = options.isDeaf ?? false;
    const app = new App({
      client: this.client,
      terminal: this.terminal,
      clock: this.clock,
      palette: options.color === "on" ? COLOR_PALETTE : PLAIN_PALETTE,
      address: "test:5000",
      memory: {
        get memory() {
          return self.memory;
        },
        change: (edit) => {
          this.memory = edit(this.memory);
          return Promise.resolve();
        },
      },
    });
    this.done = app.run();
    this.done.catch(() => {});
  }

  /** A person who has just entered the lobby, alone. */
  static async open(
    columns = 60,
    rows = 20,
    options: SessionOptions = {},
  ): Promise<Session> {
    const session = new Session(columns, rows, options);
    session.client.connect(true);
    await session.settle();
    return session;
  }

  /** Types, and waits until all of it is drawn. */
  async type(text: string): Promise<void> {
    this.terminal.type(text);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) {
      await eventLoopTurn();
      await new Promise<void>((resolve) =>
        this.terminal.xterm.write("", resolve)
      );
    }
  }

  /** What stands on the screen, without times and empty lines; what was wrapped is whole again. */
  shown(): string[] {
    const rows = this.terminal.lines.map((line) => line.trimEnd())
      .filter((line) => line !== "");
    return rows.flatMap((row, at) => {
      const isBegin = !this.#goesOn(rows[at - 1], row);
      if (!isBegin) return [];
      let end = at + 1;
      while (this.#goesOn(rows[end - 1], rows[end])) end++;
      const [first = "", ...rest] = rows.slice(at, end);
      const whole = [first, ...rest.map((one) => one.trimStart())].join(" ");
      return [whole.replace(/^\[\d\d:\d\d\] /, "")];
    });
  }

  /** Whether a row is the rest of the one before, which had no place for its first word. */
  #goesOn(before: string | undefined, row: string | undefined): boolean {
    const [, indent = "", word = ""] = /^( *)(\S*)/.exec(row ?? "") ?? [];
    if (before === undefined || indent.length < 2) return false;
    return before.length + 1 + word.length > this.terminal.xterm.cols;
  }

  /** The last rows of the screen, as many as are asked for. */
  last(count: number): string[] {
    return this.terminal.rows.slice(-count).map((row) => row.trimEnd());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    this.terminal.input.end();
    await this.done.catch(() => {});
    await this.settle();
    this.terminal.xterm.dispose();
    // The terminal works off some of its tasks when there is nothing else to do: they end with it.
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}
