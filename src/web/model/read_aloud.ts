/** What is said in the place before one, for who hears the page: each once, and no flood. */
import { signal } from "@preact/signals-core";
import type { Clock } from "../../base/clock.ts";
import { markedName, type SaidLine } from "./line.ts";

export interface Utterance {
  readonly key: number;
  readonly text: string;
}

/** What comes within this time is told at once. */
const TOGETHER_MS = 1_000;
/** More messages at once are counted, not read. */
const READ = 3;
/** Utterances that stay in the page. */
const KEPT = 5;
/** Of a message so much is read. */
const TEXT_CHARS = 500;

export class ReadAloud {
  readonly utterances = signal<readonly Utterance[]>([]);
  readonly #clock: Clock;
  #waiting: string[] = [];
  #more = 0;
  #count = 0;
  #cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hear({ message: { from, txt, action }, author }: SaidLine): void {
    if (this.#waiting.length === 0) {
      this.#cancel = this.#clock.after(TOGETHER_MS, () => this.#tell());
    }
    if (this.#waiting.length === READ) this.#more++;
    else {
      const text = txt.slice(0, TEXT_CHARS);
      const who = markedName(from, author);
      this.#waiting.push(action ? `${who} ${text}` : `${who}: ${text}`);
    }
  }

  /** Another place is before one. */
  clear(): void {
    this.#cancel();
    this.#waiting = [];
    this.#more = 0;
    this.utterances.value = [];
  }

  #tell(): void {
    const count = this.#waiting.length + this.#more;
    const texts = this.#more > 0 ? [`${count} new messages`] : this.#waiting;
    const told = texts.map((text) => ({ key: ++this.#count, text }));
    this.utterances.value = [...this.utterances.peek(), ...told].slice(-KEPT);
    this.#waiting = [];
    this.#more = 0;
  }
}
