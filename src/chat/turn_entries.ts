/** What is said and erased in the present turn, found without a walk through its effects. */
import { isText } from "../store/kinds.ts";
import type { Entry } from "../store/store.ts";
import type { Effect } from "./effects.ts";

export class TurnEntries {
  /** The effects that were taken in: so many, up to this one. */
  #count = 0;
  #last: Effect | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #erased = new Set<string>();
  readonly #texts = new Map<string, Entry[]>();
  readonly #erasedFrom = new Map<string, number>();

  /** Takes in what was added since; of effects that were taken back nothing stays. */
  update(effects: readonly Effect[]): void {
    if (effects[this.#count - 1] !== this.#last) this.clear();
    for (; this.#count < effects.length; this.#count++) {
      const effect = this.#last = effects[this.#count]!;
      if (effect.kind === "append") this.#take(effect);
    }
  }

  /** Forgets all: the turn is over. */
  clear(): void {
    this.#count = 0;
    this.#last = undefined;
    this.#entries.clear();
    this.#erased.clear();
    this.#texts.clear();
    this.#erasedFrom.clear();
  }

  entryAt(room: string, seq: number): Entry | undefined {
    return this.#entries.get(`${seq} ${room}`);
  }

  isErased({ room, seq }: Entry): boolean {
    return this.#erased.has(`${seq} ${room}`);
  }

  /** The last text of a person in a room that is not erased. */
  lastOf(room: string, person: string): Entry | undefined {
    const texts = this.#texts.get(`${person} ${room}`);
    return texts?.findLast((entry) => !this.isErased(entry));
  }

  /** The seq from which on all that a person said before in a room is erased, as far as is noted. */
  erasedFrom(room: string, person: string): number | undefined {
    return this.#erasedFrom.get(`${person} ${room}`);
  }

  noteErasedFrom(room: string, person: string, seq: number): void {
    this.#erasedFrom.set(`${person} ${room}`, seq);
  }

  #take({ entry, erases }: Extract<Effect, { kind: "append" }>): void {
    const { room, seq, person } = entry;
    this.#entries.set(`${seq} ${room}`, entry);
    if (erases !== undefined) this.#erased.add(`${erases} ${room}`);
    if (person === undefined || !isText(entry.kind)) return;
    const key = `${person} ${room}`;
    const texts = this.#texts.get(key);
    if (texts === undefined) this.#texts.set(key, [entry]);
    else texts.push(entry);
  }
}
