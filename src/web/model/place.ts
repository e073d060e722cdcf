/** A room or a conversation as a person has it before them. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Author } from "../../memory/known_keys.ts";
import { InputHistory } from "../../memory/input_history.ts";
import type { User } from "../../wire/server.ts";
import type { Search } from "./search.ts";
import { Timeline } from "./timeline.ts";

/** How long somebody counts as typing. */
const TYPING_SHOWN_MS = 6_000;
/** People that are remembered of a room; of more, the server tells how many they are. */
const PEOPLE = 2_000;

/** The end, or a line by its key, so many pixels below the upper edge. */
export type Position = "end" | {
  readonly key: string;
  readonly offset: number;
};

export class Place {
  /** The room, or `@` and the name of the other person. */
  readonly title = signal("");
  readonly topic = signal("");
  /** Those who are there, as the server lists them; in a large room some of them. */
  readonly people = signal<readonly User[]>([]);
  /** The same by their names. */
  readonly byName: ReadonlySignal<ReadonlyMap<string, User>> = computed(() =>
    new Map(this.people.value.map((user) => [user.name, user]))
  );
  /** How many they are, where not all are listed. */
  readonly count = signal<number | undefined>(undefined);
  readonly unread = signal(0);
  readonly mentions = signal(0);
  /** What is being typed here. */
  readonly draft = signal("");
  /** The draft as it was remembered last, here or by another tab. */
  draftKept = "";
  /** Why what was entered here last was not taken. */
  readonly fault = signal("");
  /** What was sent from here, and which of it stands in the field again. */
  readonly history = new InputHistory();
  recalled = "";
  /** Who is typing. */
  readonly typists: ReadonlySignal<readonly string[]>;
  /** The journal's end, as it goes on. */
  readonly live = new Timeline();
  /** Somewhere else in the journal, where one has jumped to. */
  readonly detached = signal<Timeline | undefined>(undefined);
  /** Up to here it was read when the person came here: what follows is new. */
  readonly newAfter = signal<number | undefined>(undefined);
  /** A message that one has jumped to; another object each time. */
  readonly sought = signal<{ readonly seq: number } | undefined>(undefined);
  /** Whether the end is before one, as far as one has it at all. */
  readonly isAtEnd = signal(true);
  /** Where in what was said one was, when one went elsewhere. */
  position: Position = "end";
  /** What was looked for here last. */
  readonly search = signal<Search | undefined>(undefined);
  /** Whether one is in the room (a conversation is always open). */
  readonly isEntered = signal(true);
  /** Whether only those who are invited come in. */
  readonly isLocked = signal(false);
  /** What was said last of the other person's being elsewhere. */
  presence = "";
  /** Whether the server will be asked who is here. */
  isAsked = false;
  /** Whether the journal of a conversation was read. */
  isLoaded = false;
  /** Up to here it was read, on any device; `undefined` in a room where one never was. */
  read: number | undefined;
  /** Whose key the other person of a conversation has shown last; a guest has none. */
  #author: { readonly key: string | undefined } | undefined;
  readonly #typing = signal<ReadonlyMap<string, number>>(new Map());

  constructor(name: string, read: number | undefined) {
    this.title.value = name;
    this.read = read;
    this.typists = computed(() => [...this.#typing.value.keys()]);
  }

  get name(): string {
    return this.title.peek();
  }

  get isPrivate(): boolean {
    return this.name.startsWith("@");
  }

  /** The other person of a conversation. */
  get other(): string {
    return this.name.slice(1);
  }

  /** Where what is said here goes. */
  get target(): { to: string } | { room: string } {
    return this.isPrivate ? { to: this.other } : { room: this.name };
  }

  /** What is looked at. */
  get timeline(): Timeline {
    return this.detached.value ?? this.live;
  }

  /** Whether something new is meant for the person here. */
  get isCalling(): boolean {
    return this.unread.value > 0 && (this.isPrivate || this.mentions.value > 0);
  }

  /** Notes the key of the other person; whether who wrote here before had another. */
  isAnother(key: string | undefined): boolean {
    const before = this.#author;
    this.#author = { key };
    return before !== undefined && before.key !== key;
  }

  /** Whether the other person's name is another's by now; said once, as it may be meant. */
  isTaken({ key, is }: Author): boolean {
    return is === "known" && this.#author !== undefined && this.isAnother(key);
  }

  meet(user: User): void {
    const others = this.people.value.filter(({ name }) => name !== user.name);
    if (others.length < PEOPLE) this.people.value = [...others, user];
  }

  part(name: string): void {
    this.people.value = this.people.value.filter((one) => one.name !== name);
    this.typed(name);
  }

  rename(from: string, name: string): void {
    this.people.value = this.people.value.map((one) =>
      one.name === from ? { ...one, name } : one
    );
    this.typed(from);
    if (this.name === `@${from}`) this.title.value = `@${name}`;
  }

  /** Somebody types; `now` in monotonic milliseconds. */
  typing(name: string, now: number): void {
    const typing = new Map(this.#typing.value);
    if (typing.size >= PEOPLE) return;
    this.#typing.value = typing.set(name, now + TYPING_SHOWN_MS);
  }

  /** Somebody has said what was being typed, or is not there any more. */
  typed(name: string): void {
    if (!this.#typing.value.has(name)) return;
    const typing = new Map(this.#typing.value);
    typing.delete(name);
    this.#typing.value = typing;
  }

  /** Forgets who has stopped typing; whether somebody still types. */
  lookAtTyping(now: number): boolean {
    const typing = [...this.#typing.value].filter(([, until]) => until > now);
    if (typing.length < this.#typing.value.size) {
      this.#typing.value = new Map(typing);
    }
    return typing.length > 0;
  }
}
