import { assertEquals } from "@std/assert";
import headless from "@xterm/headless";
import { StatusBoard } from "../../src/cli/status_board.ts";
import { screenDisplay } from "../../src/cli/status_display.ts";
import type { ConnectionsMessage, Status } from "../../src/wire/watched.ts";
import { SOURCE } from "../server/monitor/_source.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("a status that is watched on a terminal");

/** A terminal with a line of before, and a display on it. */
class Stage {
  readonly #xterm;
  readonly board = new StatusBoard("chat.example");
  readonly warned: string[] = [];
  readonly display;
  #written: Promise<void> = Promise.resolve();

  constructor(columns: number, rows: number) {
    const xterm = this.#xterm = new headless.Terminal({
      ...{ cols: columns, rows, scrollback: 100, convertEol: true },
      allowProposedApi: true,
    });
    const write = (text: string) => {
      this.#written = new Promise((resolve) => xterm.write(text, resolve));
    };
    write("before\n");
    this.display = screenDisplay({
      board: this.board,
      output: {
        write,
        warn: (text) => this.warned.push(text),
        surface: () => ({
          columns: xterm.cols,
          rows: xterm.rows,
          charts: "on",
        }),
      },
      fingerprint: undefined,
    });
  }

  says(...messages: (Status | ConnectionsMessage)[]): void {
    for (const message of messages) {
      this.board.take(message);
      this.display.show(message);
    }
  }

  resize(columns: number, rows: number): void {
    this.#xterm.resize(columns, rows);
  }

  /** What is there to see, with what is scrolled away, without blank rows at the end. */
  async rows(): Promise<string[]> {
    await this.#written;
    const { active } = this.#xterm.buffer;
    const rows = Array.from(
      { length: active.length },
      (_, row) =>
        active.getLine(row)!.translateToString(true, 0, this.#xterm.cols)
          .trimEnd(),
    );
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }
}

function status(people: number): Status {
  const numbers = { ...SOURCE.numbers(), people };
  return {
    ...{ type: "status", at: 1_700_000_060_250, numbers },
    server: { ...SOURCE.server(), name: "den" },
  };
}

function connections(count: number): ConnectionsMessage {
  const one = { address: "127.0.0.1", dialect: "json", since: 0, rooms: [] };
  return {
    type: "connections",
    connections: Array.from({ length: count }, (_, n) => ({
      ...{ id: `1/${n}`, ...one, idleMs: 0, queuedBytes: 0 },
    })),
    more: 0,
  };
}

test("is drawn over, and leaves nothing of what was longer before", async () => {
  const stage = new Stage(80, 50);
  stage.says(connections(9), status(12), connections(2), status(13));
  const lines = stage.board.lines({ columns: 80, charts: "on" }, undefined);
  assertEquals(await stage.rows(), [...lines, "", "Ctrl+C ends"]);
  assertEquals(lines.filter((line) => /^1\/\d/.test(line)).length, 2);
});

test("is cut off where the window ends, and never scrolls it", async () => {
  const stage = new Stage(80, 10);
  for (let people = 1; people <= 3; people++) {
    stage.says(connections(20), status(people));
  }
  const lines = stage.board.lines({ columns: 80, charts: "on" }, undefined);
  assertEquals(await stage.rows(), [...lines.slice(0, 9), "Ctrl+C ends"]);
  stage.resize(30, 6);
  stage.says(status(4));
  const narrow = stage.board.lines({ columns: 30, charts: "on" }, undefined);
  assertEquals(await stage.rows(), [...narrow.slice(0, 5), "Ctrl+C ends"]);
});

test("says in its last row that there is no connection", async () => {
  const stage = new Stage(80, 12);
  stage.says(status(1));
  stage.display.cut("the server stops: a new disk", 2_000);
  const why = "the server stops: a new disk; trying again in 2 seconds";
  assertEquals((await stage.rows()).at(-1), why);
});

test("gives the terminal back as it was, with what was shown last and what there is to tell", async () => {
  const stage = new Stage(80, 30);
  stage.says(status(1), status(2));
  stage.display.note("the server will show another key");
  assertEquals(stage.warned, []);
  stage.display.end();
  const lines = stage.board.lines({ columns: 80, charts: "on" }, undefined);
  assertEquals(await stage.rows(), ["before", ...lines]);
  assertEquals(stage.warned, ["the server will show another key"]);
});
