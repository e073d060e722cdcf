/** The chat as one person has it before them: the places, and what is done in them. No DOM. */
import { batch, computed, signal } from "@preact/signals-core";
import type { Clock } from "../../base/clock.ts";
import { describeError } from "../../base/errors.ts";
import type { Client, Request } from "../../client/client.ts";
import { isIgnored } from "../../memory/ignored.ts";
import { type Author, KnownKeys } from "../../memory/known_keys.ts";
import { isMention } from "../../memory/mention.ts";
import { ReadMarks } from "../../memory/read_marks.ts";
import {
  readOf,
  type Shown,
  standingOf,
  type Verified,
  withRead,
} from "../../memory/server_memory.ts";
import { foldName } from "../../wire/fold.ts";
import type {
  HelpRow,
  Said,
  ServerMessage,
  Stored,
} from "../../wire/server.ts";
import type { PageDialog } from "./dialogs.ts";
import { type AuthorMark, isSaid, keyOfSeq, type StoredLine } from "./line.ts";
import { draftOf, type PageMemoryKeeper, withDraft } from "./page_memory.ts";
import { Patience } from "../../base/patience.ts";
import { Place } from "./place.ts";
import type { Settings } from "./settings.ts";
import { ReadAloud } from "./read_aloud.ts";

/** What the chat needs of the client. */
export type ChatClient =
  & Pick<Client, "name" | "current" | "rooms" | "waiting">
  & Pick<Client, "request" | "tell" | "close" | typeof Symbol.asyncIterator>
  & {
    /** Tries at once to connect, where a client can. */
    hasten?(): void;
  };

/** Where the chat makes itself heard. */
export interface ChatHost {
  /** Something was said that the person does not look at, or is called by. */
  heard(
    place: Place,
    message: Said,
    kind: "call" | "other",
    author: AuthorMark,
  ): void;
  /** Whether the page is looked at. */
  isLookedAt(): boolean;
  /** Says something to who cannot see the screen. */
  say(text: string): void;
  /** Shows what there is to be done about one's key in this browser. */
  showKey?(): void;
}

export interface ChatOptions {
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly memory: PageMemoryKeeper;
  readonly clock: Clock;
  /** The fingerprint of the key that the client shows, `SHA256:…`. */
  readonly key?: string;
}

export type Room = Extract<ServerMessage, { type: "rooms" }>["rooms"][number];

/** Somebody who has written while one was not here. */
export interface Caller {
  readonly name: string;
  readonly key: string;
  /** Up to here it was read, on any device. */
  readonly read: number;
  readonly unread: number;
}

export type Connection = "online" | "offline" | "ended";

/** More are not kept open: a stranger who changes names must not fill the memory. */
const PLACES = 200;
/** So soon after somebody else has written nobody replies to them. */
const SUDDEN_MS = 3_000;
/** How long a draft may wait before it is remembered. */
const DRAFT_SAVED_MS = 250;
/** More that is new is not seen at once: whoever comes begins where it was left off. */
const SEEN_AT_ONCE = 10;
/** How long the end is looked at until nothing there is marked as new any more. */
const NEW_SHOWN_MS = 60_000;

export class Chat {
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly clock: Clock;
  readonly keeper: PageMemoryKeeper;
  readonly readMarks: ReadMarks;
  readonly ownKey: string | undefined;
  readonly known = new KnownKeys();
  readonly connection = signal<Connection>("online");
  /** Why there is no connection, for a person. */
  readonly reason = signal("");
  /** When the next try is, in milliseconds UTC. */
  readonly retryAt = signal<number | undefined>(undefined);
  readonly name = signal("");
  /** One's own key, `SHA256:…`. */
  readonly key = signal<string | undefined>(undefined);
  readonly serverName = signal("");
  readonly serverVersion = signal("");
  readonly places = signal<readonly Place[]>([]);
  readonly current = signal<Place | undefined>(undefined);
  /** Where one types, and is answered, while one is in no room. */
  readonly nowhere = new Place("", undefined);
  /** What lies over the chat. */
  readonly overlay = signal<"switcher" | "keys" | undefined>(undefined);
  /** Whether one searches in what was said. */
  readonly searching = signal(false);
  readonly settings = signal<Settings>(undefined as unknown as Settings);
  readonly ignored = signal<readonly string[]>([]);
  /** The server's commands, as `/help` names them. */
  readonly commands = signal<readonly HelpRow[]>([]);
  /** The rooms that the server listed last. */
  readonly rooms = signal<readonly Room[]>([]);
  /** Conversations that wait on the server and were not replayed, with how much is unread. */
  readonly callers = signal<readonly Caller[]>([]);
  /** People whose fingerprints were compared. */
  readonly verified = signal<readonly Verified[]>([]);
  /** What one has said about being away. */
  readonly away = signal<string | undefined>(undefined);
  /** Somebody who is looked at: what is known of them, and what can be done. */
  readonly card = signal<Shown | undefined>(undefined);
  /** What lies over the page. */
  readonly dialog = signal<PageDialog | undefined>(undefined);
  /** Unread messages that are meant for the person, and whether there are others. */
  readonly calls = computed(() =>
    this.places.value.reduce(
      (sum, place) =>
        sum + (place.isPrivate ? place.unread.value : place.mentions.value),
      0,
    )
  );
  readonly hasNews = computed(() =>
    this.places.value.some(({ unread }) => unread.value > 0)
  );
  /** Whether one is an administrator of this server; `undefined` until it is known. */
  readonly isAdmin = signal<boolean | undefined>(undefined);
  /** Whether the monitor is before one, in the place of the chat. */
  readonly isMonitorOpen = signal(false);
  /** What the administrator watches of the server; a monitor takes it. */
  onWatched: ((message: ServerMessage) => void) | undefined;
  /** Keys that were shown to be compared, by folded name. */
  readonly compared = new Map<string, string>();
  /** People whose changed key was shouted about. */
  readonly alarmed = new Set<string>();
  /** When the server was told last that the person is typing, in monotonic milliseconds. */
  typedAt = -Infinity;
  /** Who said something privately last. */
  lastPrivate: string | undefined;
  /** Until then, in monotonic milliseconds, who replies may have meant the one before. */
  replyAfter = -Infinity;
  isTypingWatched = false;
  /** Whether the command that is under way has put somebody out before one. */
  hasPutOut = false;
  /** How a notice begins that says again why one was put out of a room. */
  putOut = "";
  /** Where something is being typed that is not remembered yet. */
  #draftPlace: Place | undefined;
  /** What is said in the current place, for who hears the page. */
  readonly aloud: ReadAloud;
  /** For what one may ask often. */
  readonly patience: Patience;
  #cancelDraft = () => {};
  #cancelNew = () => {};

  constructor(options: ChatOptions) {
    const { client, host, clock, memory } = options;
    this.client = client;
    this.host = host;
    this.clock = clock;
    this.keeper = memory;
    this.ownKey = options.key;
    this.aloud = new ReadAloud(clock);
    this.patience = new Patience(clock);
    this.#learn();
    memory.onChange(() => this.#learn());
    this.readMarks = new ReadMarks({
      client,
      clock,
      save: (read) =>
        memory.change((before) => ({ ...before, ...withRead(before, read) })),
    });
  }

  /** Asks the server; the answer comes when all that was heard before it has been taken. */
  ask(request: Request): Promise<ServerMessage> {
    return this.client.request(request, { settles: "after-events" });
  }

  // ---- What is remembered ----

  #learn(): void {
    const { settings, ignored, verified } = this.keeper.memory;
    this.settings.value = settings;
    this.ignored.value = ignored;
    this.verified.value = verified;
    for (const place of this.places.peek()) this.#learnDraft(place);
  }

  set<Name extends keyof Settings>(name: Name, value: Settings[Name]): void {
    this.keeper.change((memory) => ({
      ...memory,
      settings: { ...memory.settings, [name]: value },
    }));
    this.#learn();
  }

  setIgnored(ignored: readonly string[]): void {
    this.keeper.change((memory) => ({ ...memory, ignored }));
    this.#learn();
  }

  /** Changes who is verified; another tab may have done so, too. */
  changeVerified(
    edit: (before: readonly Verified[]) => readonly Verified[],
  ): void {
    this.keeper.change((memory) => ({
      ...memory,
      verified: edit(memory.verified),
    }));
    this.#learn();
  }

  /** What is being typed in a place; it is remembered a moment later. */
  setDraft(place: Place, draft: string): void {
    if (place.draft.peek() === draft) return;
    if (place !== this.#draftPlace) this.keepDraft();
    place.draft.value = draft;
    this.#draftPlace = place;
    if (draft === "") return this.keepDraft();
    this.#cancelDraft();
    this.#cancelDraft = this.clock.after(
      DRAFT_SAVED_MS,
      () => this.keepDraft(),
    );
  }

  /** Remembers what is being typed, now. */
  keepDraft(): void {
    const place = this.#draftPlace;
    this.#cancelDraft();
    this.#draftPlace = undefined;
    if (place === undefined || place === this.nowhere) return;
    const draft = place.draft.peek();
    this.keeper.change((memory) => withDraft(memory, place.name, draft));
    // Of a very long one, less is kept.
    place.draftKept = draftOf(this.keeper.memory, place.name);
  }

  /** Another tab may have gone on with a draft; what is being typed here stays. */
  #learnDraft(place: Place): void {
    const kept = draftOf(this.keeper.memory, place.name);
    if (kept === place.draftKept) return;
    if (place.draft.peek() === place.draftKept) place.draft.value = kept;
    place.draftKept = kept;
  }

  // ---- Places ----

  find(name: string): Place | undefined {
    const key = foldName(name);
    return this.places.peek().find((place) => foldName(place.name) === key);
  }

  /** The name of the place where something was said. */
  placeNameOf(message: Said): string {
    if (message.type === "chat") return message.room;
    const { from, to } = message;
    return `@${from === this.name.peek() ? to : from}`;
  }

  /** The place of a room or `@name`, opened when there is none. */
  open(name: string): Place {
    const known = this.find(name);
    if (known !== undefined) return known;
    const { memory } = this.keeper;
    const place = new Place(name, readOf(memory, name));
    place.draft.value = place.draftKept = draftOf(memory, name);
    this.places.value = [...this.places.peek(), place];
    if (this.places.peek().length > PLACES) this.#dropOne(place);
    return place;
  }

  /** Shows a place. */
  go(place: Place | undefined): void {
    const before = this.current.peek();
    if (place === before) return;
    batch(() => {
      if (before !== undefined) {
        before.newAfter.value = undefined;
        before.live.trim();
      }
      this.#cancelNew();
      this.aloud.clear();
      this.current.value = place;
      if (place === undefined) return;
      place.live.keepAll();
      const unread = place.unread.peek();
      if (unread > 0) place.newAfter.value = place.read ?? 0;
      if (unread > SEEN_AT_ONCE) place.isAtEnd.value = false;
      this.look();
    });
    this.#rememberPlaces();
  }

  /** Whether the person has the end of a place before them. */
  isSeen(place: Place): boolean {
    return place === this.current.peek() && place.isAtEnd.peek() &&
      this.host.isLookedAt() && !this.isMonitorOpen.peek();
  }

  /** Where the person looks at the end of the current place, it is read. */
  look(): void {
    const place = this.current.peek();
    if (place === undefined || !this.isSeen(place)) return;
    this.#cancelNew();
    if (place.newAfter.peek() !== undefined) {
      this.#cancelNew = this.clock.after(NEW_SHOWN_MS, () => {
        if (this.isSeen(place)) place.newAfter.value = undefined;
      });
    }
    place.unread.value = 0;
    place.mentions.value = 0;
    this.readMarks.read(place, place.live.lastSeq ?? 0);
  }

  /** Closes a place; who is there goes to another. */
  close(place: Place): void {
    const all = this.places.peek();
    const at = all.indexOf(place);
    const rest = all.filter((one) => one !== place);
    this.places.value = rest;
    if (this.current.peek() === place) {
      this.go(rest[Math.min(at, rest.length - 1)]);
    }
    this.#rememberPlaces();
  }

  /**
   * Drops the oldest conversation, or else room: it comes back when something is said there. One in
   * which something waits or is being typed is the last to go.
   */
  #dropOne(kept: Place): void {
    const others = this.places.peek().filter((place) =>
      place !== kept && place !== this.current.peek()
    );
    const talks = others.filter(({ isPrivate }) => isPrivate);
    const oldest =
      talks.find(({ draft, live }) =>
        draft.peek() === "" && live.pending.length === 0
      ) ?? talks[0] ?? others[0];
    if (oldest !== undefined) this.close(oldest);
  }

  #rememberPlaces(): void {
    const names = (isPrivate: boolean) =>
      this.places.peek().filter((place) => place.isPrivate === isPrivate)
        .map(({ name }) => name);
    const [rooms, talks] = [names(false), names(true)];
    const current = this.current.peek()?.name;
    this.keeper.change(({ current: _, ...memory }) => ({
      ...{ ...memory, rooms, talks },
      ...current === undefined ? {} : { current },
    }));
  }

  // ---- What was said ----

  isIgnored(author: Author): boolean {
    return isIgnored(this.ignored.peek(), author);
  }

  /** Whether somebody has the name of a person who was verified, and is another. */
  markOf(author: Author): AuthorMark {
    const isChanged = author.is === "known" &&
      standingOf(author, this.verified.value) === "changed";
    return isChanged ? "impostor" : "other";
  }

  /** Whether a key is that of a person who was verified. */
  isVerified(name: string, key: string | undefined): boolean {
    const shown = { name, ...key === undefined ? {} : { key } };
    return standingOf(shown, this.verified.value) === "verified";
  }

  /** The lines of stored messages, without those of people who are ignored. */
  linesOf(
    place: Place,
    messages: readonly Stored[],
    how: "live" | "replayed" | "older",
  ): StoredLine[] {
    return messages.flatMap((message): StoredLine[] => {
      if (message.type === "gone") {
        const { seq, at } = message;
        return [{ kind: "gone", key: keyOfSeq(seq), seq, at }];
      }
      if (!isSaid(message)) return [];
      const { seq, at, from, txt } = message;
      const author = this.known.authorOf(
        message,
        how === "live" ? "live" : "replayed",
      );
      if (this.isIgnored(author)) return [];
      const isOwn = from === this.name.peek();
      return [{
        ...{ kind: "said", key: keyOfSeq(seq), seq, at, message, isOwn },
        author: how === "older"
          ? this.markOf(author)
          : this.#markIn(place, author, isOwn),
        isMention: !isOwn && isMention(txt, this.name.peek()),
      }];
    });
  }

  /** The same of who has written in a place; names change hands, and a conversation goes by one. */
  #markIn(place: Place, author: Author, isOwn: boolean): AuthorMark {
    const isAnother = place.isPrivate && !isOwn && place.isAnother(author.key);
    const mark = this.markOf(author);
    return isAnother && mark === "other" ? "another" : mark;
  }

  /** Somebody has said something privately: who was about to answer another must notice. */
  spokeTo(from: string): void {
    if (this.lastPrivate !== undefined && this.lastPrivate !== from) {
      this.replyAfter = this.clock.monotonic() + SUDDEN_MS;
    }
    this.lastPrivate = from;
  }

  // ---- What the page says itself ----

  note(text: string, place = this.current.peek() ?? this.nowhere): void {
    place.live.note(this.clock.wall(), text, "info");
    this.host.say(text);
  }

  fault(
    error: unknown,
    place = this.current.peek() ?? this.nowhere,
  ): void {
    const text = describeError(error);
    place.live.note(this.clock.wall(), text, "error");
    this.host.say(text);
  }

  alarm(text: string): void {
    const place = this.current.peek() ?? this.nowhere;
    place.live.note(this.clock.wall(), text, "alarm");
    this.host.say(text);
  }

  /** The page may be left: what waits to be remembered is written now. */
  keep(): void {
    this.keepDraft();
    this.readMarks.flush();
    this.keeper.flush();
  }

  /** It is over. */
  end(): void {
    this.keep();
    this.#cancelNew();
    this.aloud.clear();
  }
}
