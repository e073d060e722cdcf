/** Target: whatever a server sends, on the screen of a terminal. */
import { RoomState } from "../../src/client/room_state.ts";
import { enterLine } from "../../src/terminal/commands/commands.ts";
import { completionsOf } from "../../src/terminal/commands/completions.ts";
import type { ChatOptions } from "../../src/terminal/model/chat_host.ts";
import { ChatModel } from "../../src/terminal/model/chat_model.ts";
import { handle, takeEvent } from "../../src/terminal/model/event_handlers.ts";
import { go } from "../../src/terminal/model/going.ts";
import { readMemory } from "../../src/terminal/model/memory.ts";
import { hintsOf } from "../../src/terminal/model/hints.ts";
import { promptOf } from "../../src/terminal/model/prompt.ts";
import { Reading } from "../../src/terminal/reader/reading.ts";
import {
  cellsOfText,
  clustersOf,
  mostCells,
} from "../../src/terminal/screen/cells.ts";
import { COLOR_PALETTE } from "../../src/terminal/screen/palette.ts";
import { promptRow } from "../../src/terminal/screen/prompt_line.ts";
import { Screen } from "../../src/terminal/screen/screen.ts";
import {
  readServerMessage,
  type ServerMessage,
} from "../../src/wire/server.ts";
import { join, utf8 } from "../_chunks.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import type { Dice } from "../chat/random_people.ts";
import { FULL, MINIMAL } from "../wire/_server_messages.ts";
import { ensure, ensureHarmless, textOf } from "./_checks.ts";
import type { Target } from "./_fuzz.ts";

const LINE_FEED = 0x0a;
const VIEWS_MAX = 200;
// deno-lint-ignore no-control-regex
const STYLES = /\x1b\[[\d;]*m/g;
/** A bell, and a notification of OSC 9. */
// deno-lint-ignore no-control-regex
const SIGNAL = /^\x07?(?:\x1b\]9;(.*)\x07)?$/su;

/** What writing over the whole window takes: its end, the cursor, erasing, wrapping, styles. */
// deno-lint-ignore no-control-regex
const DRAWING = /\x1b\[\??[\d;]*[HJKAhlm]/g;
const COLUMNS = 40;
const ROWS = 12;
/** Of all that is remembered, as it is written. */
const MEMORY_CHARS = 1_000_000;
/** What a person enters. */
const LINES = [
  ..."hi|/me waves|/msg bob hi|/query eve|/reply yes|/away lunch|/join dev"
    .split("|"),
  ..."/leave|/search tea|/more|/around 1|/history|/history 3|/windows".split(
    "|",
  ),
  ..."/users|/list|/whois bob|/ops|/help|/go lobby|/go|/1|/verify bob".split(
    "|",
  ),
];
const KEYS = ["pageup", "pagedown", "home", "end", "n", "escape"];

/** Somebody at a terminal, who has verified bob and ignores eve. */
class Reader {
  readonly #rooms = new RoomState();
  readonly #clock = new FakeClock();
  readonly #model: ChatModel;
  /** What was asked and has no answer yet. */
  readonly #asked: ((answer: ServerMessage) => void)[] = [];
  /** Over the chat, while a history is read. */
  #reading: Reading | undefined;
  readonly #screen = new Screen();
  readonly #memory: () => unknown;

  constructor() {
    const rooms = this.#rooms;
    let memory = readMemory({
      settings: { bell: "all", notify: "osc9", numbers: "on" },
      highlights: ["tea", "a b"],
      ignored: ["eve"],
      servers: {
        "test:5000": {
          verified: [{ name: "bob", key: "SHA256:b", at: "2020-01-01" }],
        },
      },
    });
    this.#memory = () => memory;
    const client: Partial<ChatOptions["client"]> = {
      get name() {
        return rooms.name;
      },
      get current() {
        return rooms.current;
      },
      get rooms() {
        return rooms.rooms;
      },
      waiting: [],
      request: () => new Promise((resolve) => this.#asked.push(resolve)),
      tell: () => {},
    };
    this.#model = new ChatModel({
      client: client as ChatOptions["client"],
      clock: this.#clock,
      palette: COLOR_PALETTE,
      address: "test:5000",
      memory: {
        get memory() {
          return memory;
        },
        change: (edit) => Promise.resolve(void (memory = edit(memory))),
      },
      host: {
        print: (lines) => lines.forEach(ensureRow),
        signal: (sequence) => {
          const text = SIGNAL.exec(sequence);
          ensure(text !== null, `not a signal: ${JSON.stringify(sequence)}`);
          ensureHarmless(text![1] ?? "");
        },
        changed: () => {},
        moved: () => {},
        typed: () => "",
        giveBack: () => {},
        leave: () => {},
        rows: () => 24,
        columns: () => COLUMNS,
        read: (place, at) => this.#read(place, at),
      },
    });
  }

  /** Takes a message as the client core does. */
  take(payload: Uint8Array): void {
    const message = readServerMessage(payload);
    if (message === undefined || message.type === "bye") return;
    if (message.type === "welcome") {
      this.#rooms.welcome(message);
      const isFirst = this.#model.key === undefined;
      const event = { kind: "connected", welcome: message, isFirst } as const;
      return takeEvent(this.#model, event);
    }
    if (message.type === "history" && message.id === undefined) {
      const noted = this.#rooms.noteHistory(message);
      const event = { kind: "history", history: message, ...noted } as const;
      return takeEvent(this.#model, event);
    }
    this.#rooms.note(message);
    if (message.type === "unknown") return;
    if ("id" in message && message.id !== undefined) {
      // Whatever it answers; who has asked nothing is told anything all the same.
      const answer = this.#asked.shift();
      if (answer === undefined) handle(this.#model, message);
      else answer(message);
    } else takeEvent(this.#model, { kind: "message", message });
  }

  /** Goes elsewhere, and looks at all that there is to see. */
  look(dice: Dice): void {
    const { views } = this.#model;
    ensure(views.all.length <= VIEWS_MAX, "too many places are open");
    go(this.#model, dice.chance(0.5) ? views.step(1) : views.nextWithNews());
    const columns = 2 + dice.below(100);
    const { palette } = this.#model;
    ensureLine(promptRow(promptOf(this.#model), palette, columns).text);
    hintsOf(this.#model).forEach(ensureLine);
    completionsOf(this.#model).people.forEach(ensureLine);
    this.#clock.advance(dice.below(10_000));
    this.#look(dice);
    const { length } = JSON.stringify(this.#memory());
    ensure(length < MEMORY_CHARS, `${length} characters are remembered`);
  }

  /** Enters something, or reads what was said before. */
  async act(dice: Dice): Promise<void> {
    const { views } = this.#model;
    if (this.#reading === undefined) enterLine(this.#model, dice.pick(LINES));
    if (dice.chance(0.2)) this.#read(views.current?.name ?? "lobby");
    await eventLoopTurn();
  }

  #read(place: string, at?: number): void {
    const size = { columns: COLUMNS, rows: ROWS };
    const model = this.#model;
    const isFull = () => false;
    this.#reading ??= new Reading({ model, place, at, size, isFull });
  }

  #look(dice: Dice): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const rows = reading.draw({ columns: COLUMNS, rows: ROWS }, this.#screen)
      .replace(DRAWING, "").replace(/^\r(?!\n)/, "").split("\r\n");
    ensure(rows.length <= ROWS, "more rows than the window has");
    for (const row of rows) {
      ensureLine(row);
      ensure(cellsOfText(row) <= COLUMNS, "a row of the reader is too wide");
    }
    if (reading.press({ kind: "key", name: dice.pick(KEYS) }) === "stays") {
      return;
    }
    reading.end();
    this.#reading = undefined;
    this.#model.showing.uncover();
  }
}

function ensureLine(line: string): void {
  const text = line.replace(STYLES, "");
  ensure(!text.includes("\n"), "a line is two");
  ensureHarmless(text);
}

/** What of a row is beyond the window holds no blank: there it would look like a line of its own. */
function ensureRow(row: string): void {
  ensureLine(row);
  const text = row.replace(STYLES, "");
  let cells = 0;
  const beyond = clustersOf(text).filter((cluster) =>
    (cells += mostCells(cluster)) > COLUMNS
  );
  const isOne = text.includes("\t") || !/\s/.test(beyond.join(""));
  ensure(isOne, `two words: ${JSON.stringify(text)}`);
}

function* linesOf(input: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < input.length;) {
    const end = input.indexOf(LINE_FEED, from);
    const to = end < 0 ? input.length : end;
    yield input.subarray(from, to);
    from = to + 1;
  }
}

const MESSAGES = [...MINIMAL, ...FULL].map((message) =>
  utf8(`${JSON.stringify(message)}\n`)
);

/** A word that is no line of bob's, with a blank that is none at first sight. */
const FORGED = utf8(JSON.stringify({
  ...{ type: "chat", room: "lobby", from: "eva", seq: 9, at: 0 },
  txt: `${"x".repeat(60)} \u0323[12:03] \u0323bob: \ufe00hi`,
}));

export const TERMINAL_TARGETS: readonly Target[] = [{
  name: "messages on a terminal",
  inputs: 1_500,
  seeds: [join(MESSAGES), join(MESSAGES.toReversed()), ...MESSAGES, FORGED],
  words: [
    ...["bob", "ann", "eve", "lobby", "@bob", "SHA256:b", '"id":"1",', "\\n"],
    ...[" ", "\u00a0", " \ufe00", "\u3164", "\t", "[red]", "x".repeat(45)],
    ...MESSAGES.map(textOf),
  ].map(utf8),
  async check(input, dice) {
    const reader = new Reader();
    for (const line of linesOf(input)) {
      if (dice.chance(0.3)) await reader.act(dice);
      reader.take(line);
      if (dice.chance(0.3)) reader.look(dice);
    }
    await eventLoopTurn();
    reader.look(dice);
  },
}];
