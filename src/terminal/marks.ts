/** How far each room was read: told to the server so that no other device announces it again, and remembered for the next start. */
import { READ_INTERVAL_MS } from "../base/limits.ts";
import type { Context } from "./context.ts";
import type { View } from "./view.ts";

/** How long a mark may wait before it is written to the disk. */
const SAVE_AFTER_MS = 5_000;

export class Marks {
  readonly #context: Context;
  readonly #toTell = new Set<View>();
  readonly #toSave = new Map<string, number>();
  #cancelTelling: (() => void) | undefined;
  #cancelSaving: (() => void) | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The person has seen a message of a room. */
  read(view: View, seq: number): void {
    if (seq <= (view.read ?? 0)) return;
    view.read = seq;
    this.#toTell.add(view);
    this.keep(view);
    const { clock } = this.#context;
    this.#cancelTelling ??= clock.after(READ_INTERVAL_MS, () => this.#tell());
  }

  /** Remembers how far a room was read. */
  keep(view: View): void {
    if (view.read === undefined) return;
    this.#toSave.set(view.name, view.read);
    const { clock } = this.#context;
    this.#cancelSaving ??= clock.after(SAVE_AFTER_MS, () => this.#save());
  }

  /** It is over: what waits is done now. */
  end(): void {
    if (this.#cancelTelling !== undefined) this.#tell();
    if (this.#cancelSaving !== undefined) this.#save();
  }

  #tell(): void {
    this.#cancelTelling?.();
    this.#cancelTelling = undefined;
    const { client } = this.#context;
    for (const { name, read = 0, isPrivate } of this.#toTell) {
      if (isPrivate || client.rooms.includes(name)) {
        client.tell({ type: "read", room: name, seq: read });
      }
    }
    this.#toTell.clear();
  }

  #save(): void {
    this.#cancelSaving?.();
    this.#cancelSaving = undefined;
    const marks = Object.fromEntries(this.#toSave);
    this.#toSave.clear();
    this.#context.rememberServer((server) => {
      // The rooms that were read last are the last ones of the list.
      const others = Object.entries(server.read).filter(([room]) =>
        !Object.hasOwn(marks, room)
      );
      return { ...server, read: { ...Object.fromEntries(others), ...marks } };
    });
  }
}
