/** The chat as one person has it before them: the places, what waits there, what is printed. */
import type { Clock } from "../../base/clock.ts";
import type { Request, RequestOptions } from "../../client/client.ts";
import { isIgnored } from "../../memory/ignored.ts";
import { type Author, KnownKeys } from "../../memory/known_keys.ts";
import { wordsIn } from "../../memory/mention.ts";
import { ReadMarks } from "../../memory/read_marks.ts";
import {
  readOf,
  type ServerMemory,
  type Shown,
  standingOf,
  withRead,
} from "../../memory/server_memory.ts";
import { foldName } from "../../wire/fold.ts";
import type { HelpRow, Said, ServerMessage } from "../../wire/server.ts";
import {
  COLOR_PALETTES,
  type Ground,
  type Palette,
} from "../screen/palette.ts";
import {
  type AuthorMark,
  Printer,
  type PrinterOptions,
} from "../screen/printer.ts";
import type { ChatClient, ChatHost, ChatOptions } from "./chat_host.ts";
import { Comings } from "./comings.ts";
import { Lag } from "./lag.ts";
import type { ClientMemory } from "./memory.ts";
import { Moves } from "./moves.ts";
import { Places } from "./places.ts";
import { Remembered } from "./remembered.ts";
import { Replies } from "./replies.ts";
import { RoomNames } from "./room_names.ts";
import { Showing } from "./showing.ts";
import type { Outgoing, View } from "./view.ts";
import { Views } from "./views.ts";

export class ChatModel {
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly clock: Clock;
  readonly views: Views;
  readonly readMarks: ReadMarks;
  readonly out: Printer;
  /** What is on its way to where it leads. */
  readonly moves = new Moves();
  /** What was said and has no ack yet, in order. */
  readonly outgoing = new Set<Outgoing>();
  readonly showing: Showing;
  readonly places: Places;
  readonly replies: Replies;
  readonly remembered: Remembered;
  /** Rows that were printed so far. */
  printed = 0;
  readonly comings: Comings;
  /** What is behind the text, as far as it is known. */
  ground: Ground;
  connection: "online" | "offline" = "online";
  /** Where the server says that one is, in the order of events; empty where one is nowhere. */
  here = "";
  /** How long the server has not answered. */
  readonly lag: Lag;
  /** What one said of oneself with `/away`. */
  away: string | undefined;
  /** One's own key, `SHA256:…`. */
  key: string | undefined;
  readonly known = new KnownKeys();
  /** Conversations that were not replayed, by folded name: up to where each was read. */
  readonly talks = new Map<string, number>();
  /** People whose changed key was shouted about. */
  readonly alarmed = new Set<string>();
  /** Keys that were shown to be compared, by folded name. */
  readonly compared = new Map<string, string>();
  /** After a cut, until it was said that one is back: cancels the wait for what was missed. */
  cancelBack: (() => void) | undefined;
  /** Whether it is being looked whether whoever types has stopped. */
  isTypingWatched = false;
  /** Whether it was shown, since it was last asked for, that the person put somebody out of a room. */
  sawPutOut = false;
  /** What was said of who put the person out, until the notice of it; empty for nothing. */
  putOut = "";
  /** When the server was told last that the person is typing, in monotonic milliseconds. */
  typedAt = -Infinity;
  /** The server's commands: for Tab. */
  serverCommands: readonly HelpRow[] = [];
  readonly roomNames: RoomNames;
  readonly #palette: Palette;

  constructor(options: ChatOptions) {
    const { client, host, clock } = options;
    this.client = client;
    this.host = host;
    this.clock = clock;
    this.ground = options.ground ?? "either";
    this.#palette = options.palette;
    this.lag = new Lag(this);
    this.roomNames = new RoomNames(this);
    const { memory: keeper, address, person = "" } = options;
    const fault = (text: string) => this.out.fault(text);
    const remembered = this.remembered = new Remembered({
      ...{ keeper, address, person, fault },
    });
    this.views = new Views((name) =>
      this.talks.get(foldName(name)) ?? readOf(this.server, name)
    );
    this.readMarks = new ReadMarks({
      client,
      clock,
      save: (read) =>
        remembered.changeServer((server) => withRead(server, read)),
    });
    const print = (rows: readonly string[]) => {
      // What was gathered is older.
      this.comings.tell();
      this.printed += rows.length;
      host.print(rows);
    };
    const [columns, now] = [() => host.columns(), () => clock.wall()];
    this.out = this.printerTo({ print, columns, now });
    this.showing = new Showing(this);
    const { session } = remembered;
    this.replies = new Replies({
      clock,
      before: session.lastPrivate,
      changed: () => this.places.saveLater(),
    });
    this.places = new Places({
      ...{ views: this.views, clock, session, asked: options.room },
      typed: () => host.typed(),
      lastPrivate: () => this.replies.changed,
      save: (edit) => remembered.changeSession(edit),
    });
    this.views.watch((dropped) => this.#placesChanged(dropped));
    this.comings = new Comings({
      clock,
      how: () => this.memory.settings.comings,
      tell: (told, at) => this.out.happened(told, at),
    });
  }

  /** Of the terminal's ground, unless the person says another. */
  get palette(): Palette {
    const { palette } = this.memory.settings;
    if (this.#palette.color === "off") return this.#palette;
    return COLOR_PALETTES[palette === "auto" ? this.ground : palette];
  }

  /** What prints as the chat does, also elsewhere. */
  printerTo(
    there: Pick<PrinterOptions, "print" | "columns" | "now">,
  ): Printer {
    return new Printer({
      ...there,
      palette: () => this.palette,
      timestamps: () => this.memory.settings.timestamps,
      numbers: () => this.memory.settings.numbers,
      colors: () => this.memory.settings.colors,
      words: () => this.memory.highlights,
    });
  }

  /** Asks the server; the answer comes when all that was heard before it has been taken. */
  ask(
    request: Request,
    options: Omit<RequestOptions, "settles"> = {},
  ): Promise<ServerMessage> {
    const answer = this.client.request(request, {
      ...options,
      settles: "after-events",
    });
    this.lag.asked(answer);
    return answer;
  }

  /** The same for what the person does not wait for. */
  askUnwaited(request: Request): Promise<ServerMessage> {
    return this.client.request(request, { settles: "after-events" });
  }

  // ---- What is remembered ----

  get memory(): ClientMemory {
    return this.remembered.memory;
  }

  get server(): ServerMemory {
    return this.remembered.server;
  }

  // ---- What was said ----

  /** The place that a message belongs to: the room, or `@` and the other person. */
  placeOf(message: Said): string {
    if (message.type === "chat") return message.room;
    const isOwn = message.from === this.client.name;
    return `@${isOwn ? message.to : message.from}`;
  }

  /** Whether nothing is to be heard of somebody. */
  isIgnored(author: Author): boolean {
    return isIgnored(this.memory.ignored, author);
  }

  /** Whether somebody has the name of a person who was verified, and is another. */
  markOf(author: Author): AuthorMark {
    return author.is === "known" &&
        standingOf(author, this.server.verified) === "changed"
      ? "impostor"
      : "other";
  }

  /** Whether a message speaks to the person here, by the name or by a word to look out for. */
  aboutOf({ from, txt }: Said): "mention" | "other" {
    const { name } = this.client;
    const words = [name, ...this.memory.highlights];
    const isMention = from !== name && wordsIn(txt, words).length > 0;
    return isMention ? "mention" : "other";
  }

  // ---- Places ----

  /** What had to make way for others, with news in it, is named. */
  #placesChanged(dropped: View | undefined): void {
    this.places.saveSoon();
    const { name = "", unread = 0 } = dropped ?? {};
    if (unread === 0) return;
    const how = dropped?.isPrivate
      ? `/query ${dropped.other}`
      : `/join +${name}`;
    this.out.note(
      `${name} is closed, too many places are open: ${unread} new there, ${how} and /history`,
    );
  }

  /** Whether somebody was verified. */
  readonly standing = (user: Shown) => standingOf(user, this.server.verified);
}
