/** Keys of servers in the browser's database; a page has one server, by its address. */
import type { Pin, Pins } from "../../trust/judge.ts";
import { recordOf } from "../../memory/server_memory.ts";
import type { Values } from "./database.ts";

const NAME = "pins";

export class PinStore implements Pins {
  readonly #values: Values;
  #pins: ReadonlyMap<string, Pin>;

  private constructor(values: Values, pins: ReadonlyMap<string, Pin>) {
    this.#values = values;
    this.#pins = pins;
  }

  static async open(values: Values): Promise<PinStore> {
    return new PinStore(values, readPins(await values.get(NAME)));
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
    this.#pins = readPins(await this.#values.get(NAME));
  }

  /** Forgets a server: its next key is a first one. */
  async forget(address: string): Promise<void> {
    await this.#change((pins) => pins.delete(address));
  }

  async #change(edit: (pins: Map<string, Pin>) => void): Promise<void> {
    const stored = await this.#values.change(NAME, (before) => {
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
