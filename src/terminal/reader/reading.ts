/** Reads the history of a place: keys go to the reader, pages come from the server, rows are drawn. */
import { delay } from "../../base/clock.ts";
import { ConfabError, describeError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import { HISTORY_PAGE_MESSAGES } from "../../base/limits.ts";
import type { Stored } from "../../wire/server.ts";
import type { Key } from "../input/keys.ts";
import type { ChatModel } from "../model/chat_model.ts";
import type { Covering } from "../model/showing.ts";
import type { View } from "../model/view.ts";
import {
  OTHER_SCREEN_OFF,
  OTHER_SCREEN_ON,
  type WindowSize,
} from "../process_terminal.ts";
import {
  ERASE_BELOW,
  ERASE_ROW,
  HOME,
  type Screen,
  WRAP_OFF,
  WRAP_ON,
} from "../screen/screen.ts";
import { EntryMaker } from "./entries.ts";
import type { Page, Want } from "./loaded.ts";
import { Reader } from "./reader.ts";

export interface ReadingOptions {
  readonly model: ChatModel;
  /** A room, or `@` and a name. */
  readonly place: string;
  /** The seq that it opens at; else before the end. */
  readonly at?: number | undefined;
  readonly size: WindowSize;
  /** Whether too much of the chat waits behind it. */
  readonly isFull: () => boolean;
}

/** Without a connection, and where the server does not say when, it is asked again after this. */
const RETRY_MS = 1_000;
const CURSOR_OFF = "\x1b[?25l";
const CURSOR_ON = "\x1b[?25h";
/** Below everything: rows may have moved where they cannot be seen. */
const LAST_ROW = "\x1b[9999;1H\r\n";

export class Reading implements Covering {
  readonly #options: ReadingOptions;
  readonly #view: View | undefined;
  readonly #reader: Reader;
  readonly #entries: EntryMaker;
  readonly #over = new AbortController();
  #isDrawn = false;
  /** The window has had another size since. */
  #isResized = false;
  #isLoading = false;
  /** It is asked no more until the person goes on. */
  #isRefused = false;
  /** How the loading goes, where that must be said. */
  #state = "";

  /** Covers the chat from now on. */
  constructor(options: ReadingOptions) {
    const { model, place, at, size } = options;
    this.#options = options;
    this.#view = model.views.find(place);
    this.#entries = new EntryMaker(model);
    this.#reader = new Reader({
      palette: model.palette,
      indent: this.#entries.indent,
      read: this.#view?.read,
      at,
      size,
    });
    model.showing.covering = this;
  }

  get isFull(): boolean {
    return this.#options.isFull();
  }

  /** A conversation goes by the name that the other has by now. */
  get #place(): string {
    return this.#view?.name ?? this.#options.place;
  }

  /** Takes a key; `types` when it ends the reading and counts for the chat. */
  press(key: Key): "stays" | "leaves" | "types" {
    const isTaken = key.kind === "text"
      ? this.#reader.type(key.text)
      : key.kind === "key" && this.#reader.press(key.name);
    if (isTaken) {
      this.#isRefused = false;
      void this.#load();
      return "stays";
    }
    if (key.kind === "text") return key.text === "q" ? "leaves" : "types";
    if (key.kind === "paste") return "types";
    if (key.kind !== "key") return "stays";
    if (key.name.startsWith("alt+")) return "types";
    return key.name === "escape" || key.name === "ctrl+c" ? "leaves" : "stays";
  }

  hear(
    view: View,
    messages: readonly Stored[],
    how: "live" | "replayed",
  ): void {
    if (view !== this.#view) return;
    for (const message of messages) {
      if (message.type === "deleted") {
        this.#reader.replace(this.#entries.gone(message.target, message.at));
      }
      const entry = this.#entries.of(message, how);
      if (entry !== undefined) this.#reader.hear(entry);
    }
    this.#options.model.host.changed();
  }

  /** What draws it. */
  draw(size: WindowSize, screen: Screen): string {
    const { model, size: { columns, rows: height } } = this.#options;
    const begin = this.#isDrawn
      ? ""
      : screen.clear() + OTHER_SCREEN_ON + CURSOR_OFF;
    this.#isDrawn = true;
    this.#isResized ||= size.columns !== columns || size.rows !== height;
    this.#reader.resize(size);
    void this.#load();
    const rows = this.#reader.rows(this.#place, this.#stateNow)
      .slice(-size.rows);
    const { seen } = this.#reader;
    if (this.#view !== undefined && seen !== undefined) {
      model.readMarks.read(this.#view, seen);
    }
    const text = rows.map((row, at) =>
      (at === rows.length - 1 ? ERASE_BELOW : ERASE_ROW) + row
    );
    return `${begin}${HOME}${WRAP_OFF}${text.join("\r\n")}${WRAP_ON}`;
  }

  /** It is over; what brings the chat back to the screen. */
  end(): string {
    this.#over.abort();
    if (!this.#isDrawn) return "";
    return CURSOR_ON + OTHER_SCREEN_OFF + (this.#isResized ? LAST_ROW : "");
  }

  get #stateNow(): string {
    return this.#options.model.connection === "offline"
      ? "no connection: it goes on when there is one"
      : this.#state;
  }

  // ---- Loading ----

  /** Loads what is wanted, page by page. */
  async #load(): Promise<void> {
    if (this.#isLoading || this.#isRefused) return;
    this.#isLoading = true;
    for (let want; (want = this.#reader.wants) !== undefined;) {
      const page = await this.#ask(want);
      this.#isRefused = page === undefined;
      if (page === undefined || this.#over.signal.aborted) break;
      this.#say("");
      this.#reader.take(want, page);
    }
    this.#isLoading = false;
  }

  #say(state: string): void {
    this.#state = state;
    if (!this.#over.signal.aborted) this.#options.model.host.changed();
  }

  /** Asks until there is an answer; `undefined` where there will be none, and then it is said. */
  async #ask(want: Want): Promise<Page | undefined> {
    const { model } = this.#options;
    const { before, after } = want;
    for (;;) {
      this.#say("loading…");
      try {
        const answer = await model.ask({
          type: "history",
          room: this.#place,
          limit: HISTORY_PAGE_MESSAGES,
          ...given({ before, after }),
        });
        if (answer.type !== "history") return undefined;
        const { more, skipped, messages } = answer;
        const entries = messages.flatMap((message) =>
          this.#entries.of(message, "replayed") ?? []
        );
        return { entries, more, ...given({ skipped }) };
      } catch (error) {
        const pauseMs = this.#pauseOf(error);
        if (pauseMs === undefined) return undefined;
        await delay(model.clock, pauseMs, this.#over.signal);
        if (this.#over.signal.aborted) return undefined;
      }
    }
  }

  /** How long to wait before it is asked again; `undefined` when that is of no use. */
  #pauseOf(error: unknown): number | undefined {
    const code = error instanceof ConfabError ? error.code : "";
    if (code === "closed") {
      this.#say("no answer: it is asked again");
      return RETRY_MS;
    }
    if (code === "rate-limited") {
      const { cause } = error as ConfabError;
      const { retryAfterMs = RETRY_MS } = Object(cause);
      const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
      this.#say(`the server wants a pause: it goes on in ${seconds} s`);
      return retryAfterMs;
    }
    this.#say(`not loaded: ${describeError(error)}`);
    return undefined;
  }
}
