/** The chat as one person has it before them: the places, what waits there, what is printed. */
import type { Clock } from "../../base/clock.ts";
import type { Client, Request, RequestOptions } from "../../client/client.ts";
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
import { Printer, type PrinterOptions } from "../screen/printer.ts";
import { rosterOf, shortRoster } from "../screen/roster.ts";
import { Lag } from "./lag.ts";
import {
  type ClientMemory,
  type MemoryKeeper,
  serverMemory,
  sessionId,
  sessionMemory,
  withServer,
  withSession,
} from "./memory.ts";
import { Comings } from "./comings.ts";
import { Moves } from "./moves.ts";
import { Places } from "./places.ts";
import { RoomNames } from "./room_names.ts";
import { type Covering, Showing } from "./showing.ts";
import type { Meant, Outgoing, View, Waiting } from "./view.ts";
import { Views } from "./views.ts";

/** What the chat needs of the client. */
export type ChatClient =
  & Pick<Client, "name" | "current" | "rooms" | "waiting" | "pingedAt">
  & Pick<Client, "request" | "tell" | "close" | typeof Symbol.asyncIterator>;

/** Where the chat shows itself. */
export interface ChatHost {
  print(rows: readonly string[]): void;
  /** How wide a row may be; `Infinity` where nothing says so. */
  columns(): number;
  /** Sends something that takes no place on the screen: a bell, a notification. */
  signal(sequence: string): void;
  /** Something about the prompt or the hints is different. */
  changed(): void;
  /** The person goes from one place to another. */
  moved(from: View | undefined, to: View | undefined, how: Going): void;
  /** What is being typed. */
  typed(): string;
  /** What was entered for a place and could not be carried out comes back to be typed. */
  giveBack(view: View | undefined, text: string, meant: Meant): void;
  /** The person wants to leave, once what was said is sent. */
  leave(): void;
  /** Rows of the window. */
  rows(): number;
  /** Opens the history of a place at a seq, else before its end; not where there is no screen. */
  read?(place: string, at?: number): void;
}

/**
 * How one comes to a place: `chosen`, each place keeps what was being typed there; `followed` (where
 * a `/join` or `/leave` led), what is being typed goes along.
 */
export type Going = "chosen" | "followed";

export interface ChatOptions {
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly memory: MemoryKeeper;
  readonly clock: Clock;
  /** That of a terminal with colors stands for all of them. */
  readonly palette: Palette;
  /** What the environment says of the terminal. */
  readonly ground?: Ground | undefined;
  /** The server's address, under which things are remembered. */
  readonly address: string;
  /** The fingerprint of one's own key, under which it is remembered where one was. */
  readonly person?: string;
  /** The room that the person has asked for, instead of the last one. */
  readonly room?: string | undefined;
}

/** Who writes while another is being answered does not get what was meant for that one. */
const SUDDEN_MS = 3_000;

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
  /** Who said something privately last. */
  lastPrivate: string | undefined;
  /** From when on that is who a reply is meant for, in monotonic milliseconds. */
  replyAfter = -Infinity;
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
  /** When the server was told last that the person is typing, in monotonic milliseconds. */
  typedAt = -Infinity;
  /** The server's commands: for Tab. */
  serverCommands: readonly HelpRow[] = [];
  readonly roomNames: RoomNames;
  covering: Covering | undefined;
  /** What was printed behind that, and so is not seen yet. */
  readonly #unseen = new Map<View, number>();
  readonly #memory: MemoryKeeper;
  readonly #address: string;
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
    this.#memory = options.memory;
    this.#address = options.address;
    this.views = new Views((name) =>
      this.talks.get(foldName(name)) ?? readOf(this.server, name)
    );
    this.readMarks = new ReadMarks({
      client,
      clock,
      save: (read) => this.rememberServer((server) => withRead(server, read)),
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
    const id = sessionId(options.address, options.person ?? "");
    const session = sessionMemory(this.memory, id);
    this.places = new Places({
      ...{ views: this.views, clock, session, asked: options.room },
      typed: () => host.typed(),
      save: (edit) => this.remember((memory) => withSession(memory, id, edit)),
    });
    this.lastPrivate = session.lastPrivate?.name;
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

  /** For how many milliseconds the server has not answered. */
  get lagMs(): number {
    return this.lag.ms;
  }

  // ---- What is remembered ----

  get memory(): ClientMemory {
    return this.#memory.memory;
  }

  get server(): ServerMemory {
    return serverMemory(this.memory, this.#address);
  }

  /** Changes what is remembered; that it cannot be written is said. */
  remember(edit: (memory: ClientMemory) => ClientMemory): void {
    this.#memory.change(edit).catch((error) => this.out.fault(error.message));
  }

  rememberServer(edit: (server: ServerMemory) => ServerMemory): void {
    this.remember((memory) => withServer(memory, this.#address, edit));
  }

  // ---- What was said ----

  /** The place that a message belongs to. */
  viewOf(message: Said): View {
    if (message.type === "chat") return this.views.open(message.room);
    const isOwn = message.from === this.client.name;
    return this.views.open(`@${isOwn ? message.to : message.from}`);
  }

  /** Whether nothing is to be heard of somebody. */
  isIgnored(author: Author): boolean {
    return isIgnored(this.memory.ignored, author);
  }

  /** Whether somebody has the name of a person who was verified, and is another. */
  markOf(author: Author): Waiting["author"] {
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

  /** As {@linkcode Showing.add}. */
  add(...taken: Parameters<Showing["add"]>): void {
    this.showing.add(...taken);
  }

  /** What a place has up to a seq is printed: it is read, or will be when the chat is seen. */
  seen(view: View, seq: number): void {
    if (this.covering === undefined) return this.readMarks.read(view, seq);
    this.#unseen.set(view, Math.max(seq, this.#unseen.get(view) ?? 0));
  }

  /** The chat is seen again. */
  uncover(): void {
    this.covering = undefined;
    for (const [view, seq] of this.#unseen) this.readMarks.read(view, seq);
    this.#unseen.clear();
    const { current } = this.views;
    if (current !== undefined) this.showing.catchUp(current);
  }

  /** As {@linkcode Showing.page}. */
  showPage(title: string, messages: readonly Said[]): void {
    this.showing.page(title, messages);
  }

  /**
   * Somebody has said something privately: who was about to answer another must notice, if that is
   * just now (`live`).
   */
  spokeTo(message: Said, how: "live" | "replayed"): void {
    const { from } = message;
    const isOther = this.lastPrivate !== undefined && this.lastPrivate !== from;
    if (how === "live" && isOther) {
      this.replyAfter = this.clock.monotonic() + SUDDEN_MS;
    }
    this.places.spoke(message);
    this.lastPrivate = from;
  }

  // ---- Places ----

  /** Shows a place: its name and what waits there. */
  show(view: View | undefined, how: Going = "chosen"): void {
    const from = this.views.current;
    const isOther = from !== undefined && from !== view;
    if (isOther && this.views.all.includes(from)) this.views.before = from;
    this.views.current = view;
    this.host.moved(from, view, how);
    const isLeft = from !== view && from?.state === "gone";
    if (isLeft && from.draft + from.kept === "") this.views.close(from);
    this.places.moved();
    this.host.changed();
    if (view === undefined) return;
    const topic = view.topic === "" ? "" : `: ${view.topic}`;
    this.out.rule(`${this.views.numberOf(view)} ${view.name}${topic}`);
    this.showPeople(view);
    this.showing.open(view);
  }

  /** The person goes to a place; where a move that is under way leads, it leads alone. */
  go(view: View | undefined): void {
    if (view === undefined) return;
    this.moves.let();
    if (view !== this.views.current) this.show(view);
    this.host.changed();
  }

  /** Closes a place; whoever is there goes to where the server says that one is, or to another. */
  close(view: View): void {
    const { views } = this;
    views.close(view);
    if (view === views.current) {
      const rooms = views.all.filter((one) => !one.isPrivate);
      const next = rooms.find(({ name }) => name === this.here) ??
        rooms.at(-1) ?? views.all.at(-1);
      this.show(next, "followed");
    }
    this.host.changed();
  }

  /** What had to make way for others, with news in it, is named. */
  #placesChanged(dropped: View | undefined): void {
    this.places.moved();
    const { name = "", unread = 0 } = dropped ?? {};
    if (unread === 0) return;
    const how = dropped?.isPrivate
      ? `/query ${dropped.other}`
      : `/join +${name}`;
    this.out.note(
      `${name} is closed, too many places are open: ${unread} new there, ${how} and /history`,
    );
  }

  /** Says who is in a room, once. */
  showPeople(view: View): void {
    if (view.isEntered || view.isPrivate || view.people.size === 0) return;
    view.isEntered = true;
    const people = rosterOf(view.people.values(), this.standing);
    this.out.note(`in ${view.name}: ${shortRoster(people)}`);
  }

  /** Whether somebody was verified. */
  readonly standing = (user: Shown) => standingOf(user, this.server.verified);
}
