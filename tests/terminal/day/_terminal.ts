/** Somebody at a terminal, on a line of their own, and what the script knows of where they are. */
import { delay, SYSTEM_CLOCK } from "../../../src/base/clock.ts";
import { Relay } from "../../e2e/_relay.ts";
import { within } from "../../e2e/_scenario.ts";
import { Pane } from "../_tmux.ts";
import { between, type Ledger, type Line, tokenIn } from "./_ledger.ts";

/** How long nobody looks at a screen that was not as wanted: looking costs a process. */
const LOOK_MS = 25;
/** What was said last stands in so many rows above the screen. */
const ABOVE_ROWS = 200;
/** Above the prompt while something is under way. */
const UNDER_WAY =
  /^(sending: |waits for |\d+ more wait|\/\S+ .*: what you type)/;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalOptions {
  readonly id: string;
  readonly port: number;
  readonly delayMs: number;
  /** A directory of their own. */
  readonly data: string;
  readonly size: Size;
  readonly ledger: Ledger;
  /** What somebody is called today. */
  readonly nameOf: (id: string) => string;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export class Terminal implements AsyncDisposable {
  readonly id: string;
  readonly relay: Relay;
  /** The room, or `@` and the other's id. */
  place = "lobby";
  /** All that are open. */
  readonly places = new Set(["lobby"]);
  /** What was printed by each run of the program that has ended. */
  readonly runs: string[][] = [];
  readonly #options: TerminalOptions;
  /** What was entered and was not seen to be said, by token: its place. */
  readonly #unseen = new Map<string, string>();
  #pane: Pane | undefined;
  #size: Size;

  constructor(options: TerminalOptions) {
    this.id = options.id;
    this.relay = new Relay(options.port, options.delayMs);
    this.#options = options;
    this.#size = options.size;
  }

  get pane(): Pane {
    if (this.#pane === undefined) throw new Error(`${this.id} is not here`);
    return this.#pane;
  }

  get isHere(): boolean {
    return this.#pane !== undefined;
  }

  get name(): string {
    return this.#options.nameOf(this.id);
  }

  get data(): string {
    return this.#options.data;
  }

  /** What the prompt calls a place. */
  labelOf(place: string): string {
    return place.startsWith("@")
      ? `@${this.#options.nameOf(place.slice(1))}`
      : place;
  }

  // ---- The program ----

  /** Starts the program, in which all is as it was, with this in the line. */
  async start(draft = ""): Promise<void> {
    const { relay, data, name } = this;
    this.#pane = await Pane.open(
      `join ${relay.address} --trust-new --name ${name}`,
      { CONFAB_DATA: data, NO_COLOR: "1" },
      this.#size,
    );
    await this.prompt(draft);
    // The terminal marks its pastes: lines that come at once are typed.
    await this.pane.paste("x");
    await this.prompt(`${draft}x`);
    await this.pane.press("BSpace");
    await this.prompt(draft);
  }

  /** The program is ended, or has: what it printed is kept. */
  async end(how: "killed" | "ended"): Promise<string[]> {
    const { pane } = this;
    if (how === "ended") {
      await this.until((rows) => rows.at(-1) === "ended", "the end");
    }
    const rows = await pane.lines();
    this.#unseen.clear();
    const printed = rows.slice(0, how === "killed" ? -1 : -2);
    while (/ typing…$/.test(printed.at(-1) ?? "")) printed.pop();
    this.runs.push(printed);
    await pane[Symbol.asyncDispose]();
    this.#pane = undefined;
    return rows;
  }

  async signal(signal: Deno.Signal): Promise<void> {
    Deno.kill(await this.pane.childPid(), signal);
  }

  async resize(size: Size): Promise<void> {
    this.#size = size;
    await this.pane.resize(size.columns, size.rows);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pane?.[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
  }

  // ---- What is entered ----

  /** The place of the ledger that is meant by one of this person. */
  meant(place = this.place): string {
    return place.startsWith("@") ? between(this.id, place.slice(1)) : place;
  }

  /** Notes a line that is being entered for a place. */
  note(text: string, place = this.place, kind?: "action"): Line {
    const { ledger } = this.#options;
    const line = ledger.add(this.id, this.meant(place), text, kind);
    this.#unseen.set(line.token, line.place);
    return line;
  }

  /** Enters a line as it is. */
  async enter(line: string): Promise<void> {
    await this.pane.press(line, "Enter");
  }

  /** Says something in the place that is shown, or will be. */
  async say(text: string, place = this.place): Promise<void> {
    this.note(text, place);
    await this.enter(text);
  }

  async act(text: string): Promise<void> {
    this.note(text, this.place, "action");
    await this.enter(`/me ${text}`);
  }

  /** Goes to another place, where this is in the line; what is being typed here stays. */
  async go(place: string, draft = ""): Promise<void> {
    if (place !== this.place) {
      await this.pane.press("M-g");
      await this.until(
        (rows) => rows.at(-1)!.endsWith("› /go"),
        "the way to another place",
      );
      await this.enter(this.labelOf(place));
      this.place = place;
    }
    await this.prompt(draft);
  }

  // ---- What is shown ----

  /** Waits for a screen, with so many rows above it; fails, with what is there, when it never comes. */
  async until(
    isWanted: (rows: readonly string[]) => boolean,
    what: string,
    above = 0,
  ): Promise<string[]> {
    let rows: string[] = [];
    let isOver = false;
    const { pane } = this;
    const look = async () => {
      rows = await pane.screen(above);
      while (!isOver && !isWanted(rows)) {
        await delay(SYSTEM_CLOCK, LOOK_MS);
        rows = await pane.screen(above);
      }
      return rows;
    };
    const why = () => `${what} of ${this.id} in\n${rows.join("\n")}`;
    return await within(look(), why).finally(() => isOver = true);
  }

  /** Waits for a row that holds this. */
  row(part: string | RegExp): Promise<string[]> {
    const isIt = (row: string) =>
      typeof part === "string" ? row.includes(part) : part.test(row);
    return this.until((rows) => rows.some(isIt), `the row ${part}`);
  }

  /** Waits until what was entered here stands in the chat, and nothing is in the line. */
  async settled(): Promise<void> {
    const isSeen = (rows: readonly string[]) => {
      for (const row of rows) {
        if (/^\[\d\d:\d\d\]/.test(row)) this.#unseen.delete(tokenIn(row) ?? "");
      }
      return ![...this.#unseen.values()].includes(this.meant());
    };
    await this.until(isSeen, "what was entered", ABOVE_ROWS);
    await this.prompt();
    this.#unseen.clear();
  }

  /** Waits for the prompt of the place with this behind it, nothing being under way. */
  prompt(draft = "", mark = ""): Promise<string[]> {
    const place = escaped(this.labelOf(this.place));
    const state = mark === "" ? "" : ` \\(${mark}\\)`;
    const end = draft === "" ? "" : ` ${escaped(draft)}`;
    const wanted = new RegExp(`^(\\[[^\\]]+\\] )?${place}${state} ›${end}$`);
    return this.until(
      (rows) =>
        wanted.test(rows.at(-1)!) &&
        !rows.slice(-6).some((row) => UNDER_WAY.test(row)),
      `the prompt ${wanted}`,
    );
  }
}
