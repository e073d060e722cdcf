/** Keys of servers in the browser's database; a page has one server, by its address. */
import type { Pin, Pins } from "../../trust/judge.ts";
import { recordOf } from "../../memory/server_memory.ts";
import type { Database } from "./database.ts";

const NAME = "pins";

export class PinStore implements Pins {
  readonly #database: Database;
  #pins: ReadonlyMap<string, Pin>;

  private constructor(database: Database, pins: ReadonlyMap<string, Pin>) {
    this.#database = database;
    this.#pins = pins;
  }

  static async open(database: Database): Promise<PinStore> {
    return new PinStore(database, readPins(await database.get(NAME)));
  }

  lookup(address: string): Pin | undefined {
    return this.#pins.get(address);
  }

  async pin(address: string, fingerprint: string, now: Date): Promise<void> {
    await this.#change((pins) =>
      pins.set(address, { address, fingerprint, firstSeen: now })
    );
  }

  async announce(
    address: string,
    fingerprint: string,
    next: string | undefined,
  ): Promise<boolean> {
    let isNews = false;
    await this.#change((pins) => {
      const pin = pins.get(address);
      if (pin?.fingerprint !== fingerprint || pin.next === next) return;
      isNews = true;
      const { next: _, ...rest } = pin;
      pins.set(address, next === undefined ? rest : { ...rest, next });
    });
    return isNews;
  }

  async refresh(): Promise<void> {
    this.#pins = readPins(await this.#database.get(NAME));
  }

  /** Forgets a server: its next key is a first one. */
  async forget(address: string): Promise<void> {
    await this.#change((pins) => pins.delete(address));
  }

  async #change(edit: (pins: Map<string, Pin>) => void): Promise<void> {
    const stored = await this.#database.change(NAME, (before) => {
      const pins = readPins(before);
      edit(pins);
      return Object.fromEntries(pins);
    });
    this.#pins = readPins(stored);
  }
}

function readPins(value: unknown): Map<string, Pin> {
  return new Map(Object.entries(recordOf(value) as Record<string, Pin>));
}
