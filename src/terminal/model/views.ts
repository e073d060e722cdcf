/** The rooms and conversations, in the order they were opened, and the one that is shown. */
import { foldName } from "../../wire/fold.ts";
import type { User } from "../../wire/server.ts";
import { View } from "./view.ts";

/** More are not kept open: a stranger who changes names must not fill the memory. */
const VIEWS = 200;

export class Views {
  /** Where one's words go. */
  current: View | undefined;
  /** Where they went before that. */
  before: View | undefined;
  all: readonly View[] = [];
  readonly #readOf: (name: string) => number | undefined;

  /** Another place is open, or one is not any more. */
  #changed: (dropped?: View) => void = () => {};

  /** `readOf` says up to where a room was read in former sessions. */
  constructor(readOf: (name: string) => number | undefined) {
    this.#readOf = readOf;
  }

  /** Calls back when a place was opened or closed; with one that had to make way for another. */
  watch(changed: (dropped?: View) => void): void {
    this.#changed = changed;
  }

  find(name: string): View | undefined {
    const key = foldName(name);
    return this.all.find((view) => foldName(view.name) === key);
  }

  /** The view of a room or `@name`, opened when there is none. */
  open(name: string): View {
    const known = this.find(name);
    if (known !== undefined) return known;
    const view = new View(name, this.#readOf(name));
    this.all = [...this.all, view];
    if (this.all.length > VIEWS) this.#dropOne(view);
    this.#changed();
    return view;
  }

  /** Takes a view out of the list; where one is then is for others to say. */
  close(view: View): void {
    this.all = this.all.filter((one) => one !== view);
    if (this.before === view) this.before = undefined;
    this.#changed();
  }

  /** From 1. */
  numberOf(view: View): number {
    return this.all.indexOf(view) + 1;
  }

  /** The next (1) or the one before (-1), in a circle. */
  step(by: 1 | -1): View | undefined {
    const { length } = this.all;
    const at = this.all.findIndex((one) => one === this.current);
    return this.all[(Math.max(0, at) + by + length) % length];
  }

  /** The next with news; one that calls for the person comes first. */
  nextWithNews(): View | undefined {
    const at = this.all.findIndex((one) => one === this.current) + 1;
    const around = [...this.all.slice(at), ...this.all.slice(0, at)]
      .filter((view) => view !== this.current && view.unread > 0);
    return around.find((view) => view.isCalling) ?? around[0];
  }

  /** Everyone who is known to be somewhere here, or to be talked with. */
  people(): string[] {
    const names = new Set<string>();
    for (const view of [this.current, ...this.all]) {
      for (const name of view?.people.keys() ?? []) names.add(name);
      if (view?.isPrivate) names.add(view.other);
    }
    return [...names];
  }

  /** Somebody who is in one of the rooms here; as it is in one that says `away`, if any does. */
  userOf(name: string): User | undefined {
    const users = this.all.flatMap(({ people }) => people.get(name) ?? []);
    return users.find(({ away }) => away !== undefined) ?? users[0];
  }

  /** The places that a number, or the beginning of a name, means; a whole name means one. */
  meant(text: string): View[] {
    const numbered = /^\d{1,4}$/.test(text)
      ? this.all[Number(text) - 1]
      : undefined;
    if (numbered !== undefined) return [numbered];
    const isRoom = text.startsWith("#");
    const wanted = foldName(isRoom ? text.slice(1) : text);
    const among = this.all.filter((view) => !isRoom || !view.isPrivate);
    const named = among.find(({ name }) => foldName(name) === wanted) ??
      among.find((view) => view.isPrivate && foldName(view.other) === wanted);
    if (named !== undefined) return [named];
    return among.filter((view) =>
      foldName(view.name).startsWith(wanted) ||
      (view.isPrivate && foldName(view.other).startsWith(wanted))
    );
  }

  /** Whether somebody types anywhere; `now` in monotonic milliseconds. */
  isTyping(now: number): boolean {
    return this.all.some((view) => view.typingText(now) !== "");
  }

  /**
   * Drops the oldest conversation, or else room, where nothing is being typed if there is such: it
   * comes back when something is said there.
   */
  #dropOne(kept: View): void {
    const others = this.all.filter((view) =>
      view !== this.current && view !== kept
    );
    const idle = others.filter(({ draft }) => draft === "");
    const oldest = idle.find((view) => view.isPrivate) ?? idle[0] ?? others[0];
    if (oldest === undefined) return;
    this.close(oldest);
    this.#changed(oldest);
  }
}
