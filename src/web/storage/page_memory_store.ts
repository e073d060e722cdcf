/** Keeps what the page remembers in the browser's database; the tabs of a browser share it. */
import {
  type PageMemory,
  type PageMemoryKeeper,
  readPageMemory,
} from "../model/page_memory.ts";
import type { Values } from "./database.ts";

const NAME = "memory";
/** Tabs tell each other here that something has changed. */
const CHANNEL = "confab memory";

type Edit = (memory: PageMemory) => PageMemory;

export class PageMemoryStore implements PageMemoryKeeper {
  readonly #values: Values;
  readonly #channel = new BroadcastChannel(CHANNEL);
  #memory: PageMemory;
  /** What is not stored yet, in order. */
  #waiting: Edit[] = [];
  #writing = Promise.resolve();
  #onChange = () => {};

  private constructor(values: Values, memory: PageMemory) {
    this.#values = values;
    this.#memory = memory;
    this.#channel.addEventListener("message", () => void this.#refresh());
  }

  static async open(values: Values): Promise<PageMemoryStore> {
    const memory = readPageMemory(await values.get(NAME));
    return new PageMemoryStore(values, memory);
  }

  get memory(): PageMemory {
    return this.#memory;
  }

  change(edit: Edit): void {
    this.#memory = edit(this.#memory);
    this.#waiting.push(edit);
    if (this.#waiting.length > 1) return;
    this.#writing = this.#writing.then(() => this.#write());
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    // What comes of it is not heard of any more; if the page stays, all is stored once more.
    this.#values.set(NAME, this.#memory).catch(() => {});
  }

  onChange(callback: () => void): void {
    this.#onChange = callback;
  }

  async #write(): Promise<void> {
    const edits = this.#waiting;
    try {
      // What is changed until the transaction begins is stored with it.
      await this.#values.change(NAME, (before) => {
        const memory = apply(edits, readPageMemory(before));
        this.#waiting = [];
        this.#memory = memory;
        return memory;
      });
      this.#channel.postMessage("changed");
    } catch {
      this.#waiting = [];
    }
  }

  async #refresh(): Promise<void> {
    const stored = await this.#values.get(NAME).catch(() => undefined);
    if (stored === undefined) return;
    this.#memory = apply(this.#waiting, readPageMemory(stored));
    this.#onChange();
  }
}

function apply(edits: readonly Edit[], memory: PageMemory): PageMemory {
  return edits.reduce((before, edit) => edit(before), memory);
}
