/** Target: whatever a server sends, on the screen of a terminal. */
import { RoomState } from "../../src/client/room_state.ts";
import { completionsOf } from "../../src/terminal/commands/completions.ts";
import type { ChatOptions } from "../../src/terminal/model/chat_host.ts";
import { ChatModel } from "../../src/terminal/model/chat_model.ts";
import { handle, takeEvent } from "../../src/terminal/model/event_handlers.ts";
import { go } from "../../src/terminal/model/going.ts";
import { readMemory } from "../../src/terminal/model/memory.ts";
import { hintsOf } from "../../src/terminal/model/hints.ts";
import { promptOf } from "../../src/terminal/model/prompt.ts";
import { COLOR_PALETTE } from "../../src/terminal/screen/palette.ts";
import { promptRow } from "../../src/terminal/screen/prompt_line.ts";
import { readServerMessage } from "../../src/wire/server.ts";
import { join, utf8 } from "../_chunks.ts";
import { FakeClock } from "../_fake_clock.ts";
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

/** Somebody at a terminal, who has verified bob and ignores eve. */
class Reader {
  readonly #rooms = new RoomState();
  readonly #clock = new FakeClock();
  readonly #model: ChatModel;

  constructor() {
    const rooms = this.#rooms;
    let memory = readMemory({
      settings: { bell: "all", notify: "osc9", numbers: "on" },
      ignored: ["eve"],
      servers: {
        "test:5000": {
          verified: [{ name: "bob", key: "SHA256:b", at: "2020-01-01" }],
        },
      },
    });
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
      request: () => new Promise<never>(() => {}),
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
        print: (lines) => lines.forEach(ensureLine),
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
        columns: () => 80,
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
      handle(this.#model, message);
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
  }
}

function ensureLine(line: string): void {
  const text = line.replace(STYLES, "");
  ensure(!text.includes("\n"), "a line is two");
  ensureHarmless(text);
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

export const TERMINAL_TARGETS: readonly Target[] = [{
  name: "messages on a terminal",
  inputs: 1_500,
  seeds: [join(MESSAGES), join(MESSAGES.toReversed()), ...MESSAGES],
  words: [
    ...["bob", "ann", "eve", "lobby", "@bob", "SHA256:b", '"id":"1",', "\\n"],
    ...MESSAGES.map(textOf),
  ].map(utf8),
  check(input, dice) {
    const reader = new Reader();
    for (const line of linesOf(input)) {
      reader.take(line);
      if (dice.chance(0.3)) reader.look(dice);
    }
    reader.look(dice);
  },
}];
