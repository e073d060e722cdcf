/** How far each place was read: told to the server for one's other devices, and remembered. */
import type { Clock } from "../base/clock.ts";
import { READ_INTERVAL_MS } from "../base/limits.ts";
import type { Client } from "../client/client.ts";

/** How long a mark may wait before it is written to the disk. */
const SAVE_AFTER_MS = 5_000;

/** A room or `@name` of a client. */
export interface Readable {
  readonly name: string;
  readonly isPrivate: boolean;
  /** Up to this seq it was read. */
  read: number | undefined;
}

export interface ReadMarksOptions {
  readonly client: Pick<Client, "rooms" | "tell">;
  readonly clock: Clock;
  /** Remembers how far places were read, by their names. */
  readonly save: (read: Readonly<Record<string, number>>) => void;
}

export class ReadMarks {
  readonly #options: ReadMarksOptions;
  readonly #toTell = new Set<Readable>();
  readonly #toSave = new Set<Readable>();
  #cancelTelling = () => {};
  #cancelSaving = () => {};

  constructor(options: ReadMarksOptions) {
    this.#options = options;
  }

  /** The person has seen the messages of a place up to a seq. */
  read(view: Readable, seq: number): void {
    if (seq <= (view.read ?? 0)) return;
    view.read = seq;
    if (this.#toTell.size === 0) {
      const { clock } = this.#options;
      this.#cancelTelling = clock.after(READ_INTERVAL_MS, () => this.#tell());
    }
    this.#toTell.add(view);
    this.keep(view);
  }

  keep(view: Readable): void {
    if (this.#toSave.size === 0) {
      const { clock } = this.#options;
      this.#cancelSaving = clock.after(SAVE_AFTER_MS, () => this.#save());
    }
    this.#toSave.add(view);
  }

  /** Does what waits now: it is over, or may be in a moment. */
  flush(): void {
    this.#cancelTelling();
    this.#cancelSaving();
    this.#tell();
    if (this.#toSave.size > 0) this.#save();
  }

  #tell(): void {
    const { client } = this.#options;
    for (const { name, read = 0, isPrivate } of this.#toTell) {
      if (isPrivate || client.rooms.includes(name)) {
        client.tell({ type: "read", room: name, seq: read });
      }
    }
    this.#toTell.clear();
  }

  #save(): void {
    const marks = [...this.#toSave].flatMap(({ name, read }) =>
      read === undefined ? [] : [[name, read]]
    );
    this.#toSave.clear();
    this.#options.save(Object.fromEntries(marks));
  }
}
