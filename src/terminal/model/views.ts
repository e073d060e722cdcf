/** The rooms and conversations, in the order they were opened, and the one that is shown. */
import { foldName } from "../../wire/names.ts";
import { View } from "./view.ts";

/** More are not kept open: a stranger who changes names must not fill the memory. */
const VIEWS = 200;

export class Views {
  /** Where one's words go. */
  current: View | undefined;
  #views: View[] = [];
  readonly #readOf: (name: string) => number | undefined;

  /** `readOf` says up to where a room was read in former sessions. */
  constructor(readOf: (name: string) => number | undefined) {
    this.#readOf = readOf;
  }

  get all(): readonly View[] {
    return this.#views;
  }

  find(name: string): View | undefined {
    const key = foldName(name);
    return this.#views.find((view) => foldName(view.name) === key);
  }

  /** The view of a room or `@name`, opened when there is none. */
  open(name: string): View {
    const known = this.find(name);
    if (known !== undefined) return known;
    const view = new View(name, this.#readOf(name));
    this.#views.push(view);
    if (this.#views.length > VIEWS) this.#dropOne(view);
    return view;
  }

  close(view: View): void {
    this.#views = this.#views.filter((one) => one !== view);
    if (this.current === view) this.current = this.#views.at(-1);
  }

  /** From 1. */
  numberOf(view: View): number {
    return this.#views.indexOf(view) + 1;
  }

  /** The next (1) or the one before (-1), in a circle. */
  step(by: 1 | -1): View | undefined {
    const { length } = this.#views;
    const at = this.#views.findIndex((one) => one === this.current);
    return this.#views[(Math.max(0, at) + by + length) % length];
  }

  /** The next with news; one that calls for the person comes first. */
  nextWithNews(): View | undefined {
    const at = this.#views.findIndex((one) => one === this.current) + 1;
    const around = [...this.#views.slice(at), ...this.#views.slice(0, at)]
      .filter((view) => view !== this.current);
    return around.find((view) => view.isCalling) ??
      around.find((view) => view.unread > 0);
  }

  /** Everyone who is known to be somewhere here, or to be talked with. */
  people(): string[] {
    const names = new Set<string>();
    for (const view of [this.current, ...this.#views]) {
      for (const name of view?.people ?? []) names.add(name);
      if (view?.isPrivate) names.add(view.other);
    }
    return [...names];
  }

  /** Drops the oldest conversation, or else room: it comes back when something is said there. */
  #dropOne(kept: View): void {
    const others = this.#views.filter((view) =>
      view !== this.current && view !== kept
    );
    const oldest = others.find((view) => view.isPrivate) ?? others[0];
    if (oldest !== undefined) this.close(oldest);
  }
}
