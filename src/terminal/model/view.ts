/** A room or conversation as a person sees it: what waits to be shown, who is there, who types. */
import type { Said } from "../../wire/server.ts";
import type { AuthorMark } from "../screen/printer.ts";

/** Messages that wait to be shown; of more, the oldest are dropped and counted. */
const WAITING_MESSAGES = 500;
/** So are those of a room that says more than this while it is not looked at. */
const WAITING_CHARS = 200_000;
/** How long somebody counts as typing. */
const TYPING_SHOWN_MS = 6_000;
const TYPING_SHOWN = 3;
/** People remembered of a room, for Tab. */
const PEOPLE = 2_000;

/** A message that waits, whether it counts as new, and whether it is of whom it seems to be. */
export interface Waiting {
  readonly message: Said;
  readonly news: "new" | "known";
  readonly author: AuthorMark;
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
  /** Whether its people were shown. */
  isEntered = false;
  readonly people = new Set<string>();
  #waiting: Waiting[] = [];
  #waitingChars = 0;
  #dropped = 0;
  #mentions = 0;
  /** Whose key the other person of a conversation has shown last; a guest has none. */
  #author: { readonly key: string | undefined } | undefined;
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

  /** Where what is said here goes. */
  get place(): { to: string } | { room: string } {
    return this.isPrivate ? { to: this.other } : { room: this.name };
  }

  get unread(): number {
    return this.#waiting.filter(({ news }) => news === "new").length +
      this.#dropped;
  }

  /** Whether something new is meant for the person here. */
  get isCalling(): boolean {
    return this.unread > 0 && (this.isPrivate || this.#mentions > 0);
  }

  /** Notes the key of the other person; whether who wrote here before had another. */
  isAnother(key: string | undefined): boolean {
    const before = this.#author;
    this.#author = { key };
    return before !== undefined && before.key !== key;
  }

  /** Keeps a message for when the person comes here. */
  keep(waiting: Waiting, about: "mention" | "other"): void {
    if (about === "mention" && waiting.news === "new") this.#mentions++;
    this.#waiting.push(waiting);
    this.#waitingChars += waiting.message.txt.length;
    while (
      this.#waiting.length > WAITING_MESSAGES ||
      (this.#waitingChars > WAITING_CHARS && this.#waiting.length > 1)
    ) {
      const { message, news } = this.#waiting.shift()!;
      this.#waitingChars -= message.txt.length;
      if (news === "new") this.#dropped++;
    }
  }

  /** A message was deleted: it is not shown any more. */
  erase(seq: number): void {
    const at = this.#waiting.findIndex(({ message }) => message.seq === seq);
    const [erased] = at < 0 ? [] : this.#waiting.splice(at, 1);
    this.#waitingChars -= erased?.message.txt.length ?? 0;
  }

  /** What waits; it is shown now. */
  take(): { waiting: readonly Waiting[]; dropped: number } {
    const taken = { waiting: this.#waiting, dropped: this.#dropped };
    this.#waiting = [];
    this.#waitingChars = this.#dropped = this.#mentions = 0;
    return taken;
  }

  /** It was read up to a seq, on another device. */
  readTo(seq: number): void {
    this.read = Math.max(this.read ?? 0, seq);
    this.#waiting = this.#waiting.map((one) =>
      one.message.seq <= seq ? { ...one, news: "known" } : one
    );
    if (this.#waiting.every(({ message }) => message.seq <= seq)) {
      this.#mentions = 0;
    }
    if ((this.#waiting[0]?.message.seq ?? seq) <= seq) this.#dropped = 0;
  }

  setPeople(names: readonly string[]): void {
    this.people.clear();
    for (const name of names) this.meet(name);
  }

  meet(name: string): void {
    if (this.people.size < PEOPLE) this.people.add(name);
  }

  part(name: string): void {
    this.people.delete(name);
    this.#typing.delete(name);
  }

  rename(from: string, name: string): void {
    if (this.people.has(from)) this.people.add(name);
    this.part(from);
    if (this.name === `@${from}`) this.name = `@${name}`;
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
