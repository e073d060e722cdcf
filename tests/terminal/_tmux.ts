/** The real program in a real terminal: a pane of tmux, of which the screen can be read. */
import { delay, SYSTEM_CLOCK } from "../../src/base/clock.ts";
import { within } from "../e2e/_scenario.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** Whoever looks without a pause takes the processor from the program that is looked at. */
const LOOK_MS = 20;

/** Rows above the screen that a pane keeps. */
const HISTORY_ROWS = 20_000;

/** Whether there is a tmux; without one such tests are skipped. */
export async function hasTmux(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("tmux", { args: ["-V"] })
      .output();
    return success;
  } catch {
    return false;
  }
}

/** The words of a shell that run the program. */
function program(): string {
  const executable = Deno.env.get("CONFAB_PROGRAM");
  if (executable) return `'${executable}'`;
  const allow =
    "--allow-net --allow-read --allow-write --allow-env --allow-sys";
  return `'${Deno.execPath()}' run --no-prompt ${allow} '${ROOT}main.ts'`;
}

/** A pane in which a shell runs the program and then waits. */
export class Pane implements AsyncDisposable {
  readonly #socket = `confab-test-${crypto.randomUUID()}`;

  private constructor() {}

  /**
   * Runs `confab` with these arguments. The pane shows `before MODES` and `after STATUS MODES`
   * when it has ended: what `stty` says of the terminal.
   */
  static async open(
    args: string,
    env: Readonly<Record<string, string>>,
    size: { columns: number; rows: number } = { columns: 60, rows: 20 },
  ): Promise<Pane> {
    const script = `trap : INT; stty -g > "$CONFAB_DATA.before"; ` +
      `${program()} ${args}; echo "after $?"; ` +
      `stty -g > "$CONFAB_DATA.after"; echo ended; cat`;
    return await Pane.run(script, env, size);
  }

  /** Runs a script of the shell. */
  static async run(
    script: string,
    env: Readonly<Record<string, string>>,
    size: { columns: number; rows: number },
  ): Promise<Pane> {
    const pane = new Pane();
    const variables = Object.entries(env).map(([name, value]) =>
      `${name}='${value}'`
    ).join(" ");
    await pane.#tmux(
      ...["start-server", ";"],
      ...["set-option", "-g", "history-limit", String(HISTORY_ROWS), ";"],
      "new-session",
      "-d",
      "-x",
      String(size.columns),
      "-y",
      String(size.rows),
      `env ${variables} sh -c '${script.replaceAll("'", "'\\''")}'`,
    );
    return pane;
  }

  /** Types text, as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `M-1`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  async #shellPid(): Promise<number> {
    return Number(await this.#tmux("display", "-p", "#{pane_pid}"));
  }

  async paste(text: string): Promise<void> {
    await this.#tmux("set-buffer", "--", text);
    await this.#tmux("paste-buffer", "-p", "-r");
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(
      "resize-window",
      "-x",
      String(columns),
      "-y",
      String(rows),
    );
  }

  /** The rows of the screen and the scrollback, without empty ones at the end. */
  async rows(): Promise<string[]> {
    return await this.#captured("-S", "-");
  }

  /** As {@linkcode rows}, what the terminal itself has broken whole again. */
  async lines(): Promise<string[]> {
    return await this.#captured("-J", "-S", "-");
  }

  /** The rows of the screen, and so many above it. */
  async screen(above = 0): Promise<string[]> {
    return await this.#captured("-S", String(-above));
  }

  async #captured(...how: string[]): Promise<string[]> {
    const text = await this.#tmux("capture-pane", "-p", ...how);
    return text.trimEnd().split("\n").map((row) => row.trimEnd());
  }

  /** The id of the process that runs in the pane's shell. */
  async childPid(): Promise<number> {
    const args = ["-P", String(await this.#shellPid())];
    const { stdout } = await new Deno.Command("pgrep", { args }).output();
    return Number(new TextDecoder().decode(stdout).trim().split("\n")[0]);
  }

  /** The rows, as soon as they are as wanted; fails, with what is there, when they never are. */
  async until(
    isWanted: (rows: readonly string[]) => boolean,
    what: string,
  ): Promise<string[]> {
    let rows: string[] = [];
    let isOver = false;
    const look = async () => {
      while (true) {
        rows = await this.rows();
        if (isOver || isWanted(rows)) return rows;
        await delay(SYSTEM_CLOCK, LOOK_MS);
      }
    };
    try {
      return await within(look(), () => `${what} in\n${rows.join("\n")}`);
    } finally {
      isOver = true;
    }
  }

  /** As {@linkcode until}, for a last row. */
  last(row: string): Promise<string[]> {
    return this.until((rows) => rows.at(-1) === row, `the last row ${row}`);
  }

  /** Closes the window, as somebody does with a terminal that something still runs in. */
  async close(): Promise<void> {
    await this.#tmux("kill-server");
  }

  /** Ends the program at once: what it remembers at its own end would come after the test's. */
  async [Symbol.asyncDispose](): Promise<void> {
    const pids = await Promise.all([this.#shellPid(), this.childPid()])
      .catch(() => []);
    // Without a window there is nothing left to ask.
    for (const pid of pids.filter((pid) => pid > 0)) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has ended, as the terminal went with its shell.
      }
    }
    // With its only pane the server may have ended.
    await this.#tmux("kill-server").catch(() => {});
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout, stderr, success } = await new Deno.Command("tmux", {
      args: ["-u", "-L", this.#socket, "-f", "/dev/null", ...args],
      env: { LC_ALL: "C.UTF-8" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  }
}
