/** A room or conversation as a person sees it: what waits to be shown, who is there, who types. */
import type { User } from "../../wire/server.ts";
import { SeqTrack } from "./seq_track.ts";
import { ViewLog } from "./view_log.ts";
import { type Item, WaitingList } from "./waiting.ts";

/** How long somebody counts as typing. */
const TYPING_SHOWN_MS = 6_000;
const TYPING_SHOWN = 3;
/** People remembered of a room. */
const PEOPLE = 2_000;

/** A `/join` or `/leave` that was entered, and what has become of it. */
export interface Order {
  readonly line: string;
  state: "waiting" | "arrived" | "refused";
  /** Where it led. */
  view: View | undefined;
}

/** For whom what is being typed is meant. */
export interface Meant {
  readonly view: View | undefined;
  /** What that was called then, and how often its person may have been another. */
  readonly name: string;
  readonly changes: number;
  /** The move that was under way. */
  readonly order: Order | undefined;
}

/** Something that was said and has no ack yet. */
export interface Outgoing {
  readonly view: View;
  readonly txt: string;
  readonly action?: true;
  /** It was put on a connection: it may have been said, whatever comes. */
  isOnWire: boolean;
}

export class View {
  /** The room, or `@` and the name of the other person. */
  name: string;
  /** Up to here it was read, on any device; `undefined` in a room where one never was. */
  read: number | undefined;
  topic = "";
  /** What was said last of whether the other person of a conversation is here. */
  presence = "";
  /** What was being typed here when the person went elsewhere. */
  draft = "";
  /** For whom that was meant. */
  draftMeant: Meant | undefined;
  /** What was being typed here when this room was lost: it comes back with the room. */
  kept = "";
  /** Why one is not in this room any more, in a word; it stays for what was typed here. */
  gone: string | undefined;
  /** Grows when the other person of a conversation may be another than before. */
  changes = 0;
  /** Whether its people were shown. */
  arePeopleShown = false;
  /** By name, as the server said it last. */
  readonly people = new Map<string, User>();
  /** Which of its messages have come. */
  readonly track = new SeqTrack();
  /** Messages of one's own whose ack was not taken yet. */
  unacked = 0;
  /** What was shown here, or is known otherwise. */
  readonly log = new ViewLog();
  /** Seq of the first of what was shown last without a gap; `undefined` when nothing was. */
  oldest: number | undefined;
  /** Its last messages were asked for: there may be none. */
  isFetched = false;
  readonly #waiting = new WaitingList();
  #mentions = 0;
  /** Whose key the other person of a conversation has shown last; a guest has none. */
  #author: { readonly key: string | undefined } | undefined;
  /** Whose key is behind that name now. */
  #holder: { readonly key: string | undefined } | undefined;
  readonly #typing = new Map<string, number>();

  constructor(name: string, read: number | undefined) {
    this.name = name;
    this.read = read;
  }

  get isPrivate(): boolean {
    return this.name.startsWith("@");
  }

  get other(): string {
    return this.name.slice(1);
  }

  get state(): "open" | "gone" {
    return this.gone === undefined ? "open" : "gone";
  }

  /** Where what is said here goes. */
  get place(): { to: string } | { room: string } {
    return this.isPrivate ? { to: this.other } : { room: this.name };
  }

  get unread(): number {
    return this.#waiting.unread(this.read);
  }

  /** How much of what is new is meant for the person here. */
  get calls(): number {
    return this.isPrivate ? this.unread : Math.min(this.#mentions, this.unread);
  }

  /** Whether anything is. */
  get isCalling(): boolean {
    return this.calls > 0;
  }

  /** Notes the key of the other person; whether who wrote here before had another. */
  isAnother(key: string | undefined): boolean {
    const before = this.#author;
    this.#author = { key };
    this.heldBy(key);
    return before !== undefined && before.key !== key;
  }

  /** Whoever has this key has the name of the other person now. */
  heldBy(key: string | undefined): void {
    if (this.#holder !== undefined && this.#holder.key !== key) this.changes++;
    this.#holder = { key };
  }

  /** One is in this room again. */
  reopen(): void {
    if (this.gone !== undefined) this.arePeopleShown = false;
    this.gone = undefined;
  }

  /** Keeps a message, or a gap, for when the person comes here. */
  keep(item: Item, about: "mention" | "other"): void {
    const isNew = "message" in item && item.news === "new";
    if (about === "mention" && isNew) this.#mentions++;
    this.#waiting.keep(item, this.read);
  }

  /** A message was deleted: it is not shown any more. */
  erase(seq: number): void {
    this.#waiting.erase(seq);
    this.log.erase(seq);
  }

  /** What waits; it is shown now. */
  take(): ReturnType<WaitingList["take"]> {
    this.#mentions = 0;
    return this.#waiting.take();
  }

  /** It was read up to a seq, on another device. */
  readTo(seq: number): void {
    this.read = Math.max(this.read ?? 0, seq);
    if (this.#waiting.readTo(seq)) this.#mentions = 0;
  }

  setPeople(users: readonly User[]): void {
    this.people.clear();
    for (const user of users) this.meet(user);
  }

  meet(user: User): void {
    if (this.people.size < PEOPLE) this.people.set(user.name, user);
  }

  part(name: string): void {
    this.people.delete(name);
    this.#typing.delete(name);
  }

  rename(from: string, name: string): void {
    const user = this.people.get(from);
    if (user !== undefined) this.people.set(name, { ...user, name });
    this.part(from);
    if (this.name !== `@${from}`) return;
    this.name = `@${name}`;
    this.changes++;
  }

  /** Somebody types; `now` in monotonic milliseconds. */
  typing(name: string, now: number): void {
    if (this.#typing.size < PEOPLE) {
      this.#typing.set(name, now + TYPING_SHOWN_MS);
    }
  }

  typed(name: string): void {
    this.#typing.delete(name);
  }

  /** `bob is typing`, or nothing. */
  typingText(now: number): string {
    for (const [name, until] of this.#typing) {
      if (until <= now) this.#typing.delete(name);
    }
    const names = [...this.#typing.keys()];
    if (names.length === 0) return "";
    if (names.length > TYPING_SHOWN) return `${names.length} people are typing`;
    return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing`;
  }
}
