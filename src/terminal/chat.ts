/** The chat behind the screen: events of the client go in, lines that the person enters go in, and what is to be seen goes to the host. */
import type { ClientEvent } from "../client/client.ts";
import { cleanText } from "../wire/text.ts";
import { Arrivals } from "./arrivals.ts";
import { Commands } from "./commands.ts";
import type { Completions } from "./completion.ts";
import { Context, type ContextOptions } from "./context.ts";
import { LOCAL_COMMANDS } from "./local_commands.ts";
import { Marks } from "./marks.ts";
import { faultLine } from "./message_lines.ts";
import { RoomLog } from "./room_log.ts";
import { Sayings } from "./sayings.ts";
import { choicesOf, SETTING_NAMES } from "./settings.ts";
import type { View } from "./view.ts";

/** How many of one's own messages without an answer are shown. */
const WAITING_SHOWN = 3;

export class Chat {
  readonly context: Context;
  readonly commands: Commands;
  readonly #marks: Marks;
  readonly #log: RoomLog;
  readonly #sayings: Sayings;
  readonly #arrivals: Arrivals;
  #rooms: readonly string[] = [];

  constructor(options: ContextOptions) {
    this.context = new Context(options);
    this.#marks = new Marks(this.context);
    this.#log = new RoomLog(this.context, this.#marks);
    this.#sayings = new Sayings(this.context, this.#log);
    const parts = {
      log: this.#log,
      sayings: this.#sayings,
      marks: this.#marks,
    };
    this.#arrivals = new Arrivals(this.context, parts);
    this.commands = new Commands(this, { ...parts, arrivals: this.#arrivals });
  }

  /** Something has happened. */
  take(event: ClientEvent): void {
    this.#arrivals.take(event);
    if (event.kind === "connected" && event.isFirst) this.commands.learn();
    if (event.kind === "message" && event.message.type === "rooms") {
      this.#rooms = event.message.rooms.map(({ name }) => name);
    }
  }

  /** It is over: what waits to be remembered is written. */
  end(): void {
    this.#marks.end();
  }

  /** Takes what the person entered; `false` when it was not taken and should stay where it was typed. */
  enter(line: string): boolean {
    const text = cleanText(line.toWellFormed());
    const { views } = this.context;
    if (text.trim() === "") return true;
    if (text === "exit" || text === "quit") {
      void this.leave();
      return true;
    }
    const command = /^\/([^/\s]\S*)\s*([^]*)$/.exec(text);
    if (command !== null) {
      const [, name, args] = command;
      this.commands.run(name!.toLowerCase(), args!.trimEnd());
      return true;
    }
    if (views.current === undefined) {
      this.context.fault("you are in no room: /join ROOM enters one");
      return false;
    }
    return this.#sayings.say(views.current, text);
  }

  /** The person is typing this. */
  typing(text: string): void {
    const { views, memory } = this.context;
    const isText = text.trim() !== "" && !/^\/[^/]/.test(text);
    if (isText && views.current && memory.settings.typing === "on") {
      this.#sayings.typing(views.current);
    }
  }

  /** What stands above the prompt, one line each: what waits to be sent, and who is typing. */
  hints(): string[] {
    const { waiting } = this.#sayings;
    const more = waiting.length - WAITING_SHOWN;
    const typing = this.context.views.current?.typingText(
      this.context.clock.monotonic(),
    );
    return [
      ...(more > 0 ? [`${more} more wait to be sent`] : []),
      ...waiting.slice(-WAITING_SHOWN).map((txt) =>
        `sending: ${txt.replaceAll("\n", " ")}`
      ),
      ...(typing ? [`${typing}…`] : []),
    ];
  }

  /** Lines about what was never sent, now that it is over. */
  unsent(): string[] {
    const { palette } = this.context;
    return this.#sayings.waiting.map((txt) =>
      faultLine(`not sent: ${txt}`, palette)
    );
  }

  /** Goes to a place. */
  go(view: View | undefined): void {
    if (view !== undefined && view !== this.context.views.current) {
      this.#log.open(view);
    }
  }

  /** Goes to the place of a name, which is opened when it is not there. */
  open(name: string): void {
    this.go(this.context.views.open(name));
  }

  sayTo(name: string, text: string): void {
    this.#sayings.say(this.context.views.open(name), text);
  }

  /** Says goodbye and ends. */
  async leave(): Promise<void> {
    await this.context.client.close();
  }

  /** What Tab offers. */
  get completions(): Completions {
    const { views } = this.context;
    return {
      commands: [
        ...LOCAL_COMMANDS.map(({ name }) => name),
        ...this.commands.ofServer.map(({ name }) => name),
      ],
      people: views.people(),
      rooms: [
        ...new Set([
          ...views.all.filter((view) => !view.isPrivate).map(({ name }) =>
            name
          ),
          ...this.#rooms,
        ]),
      ],
      settings: SETTING_NAMES,
      choicesOf,
    };
  }
}
