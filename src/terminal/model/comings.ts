/** People who come and go in the room that is shown: those of a moment are told together. */
import type { Clock } from "../../base/clock.ts";
import {
  type Coming,
  COMINGS_FOLDED,
  describeComings,
  withComing,
} from "../../text/comings.ts";
import type { MessageOf } from "../../wire/server.ts";
import type { Settings } from "./settings.ts";

type Told = MessageOf<"joined"> | MessageOf<"left">;

export interface ComingsOptions {
  readonly clock: Pick<Clock, "after">;
  readonly how: () => Settings["comings"];
  /** Says it, with when it happened, in milliseconds UTC. */
  readonly tell: (what: Told | string, at: number) => void;
}

/** Of one moment. */
const MOMENT_MS = 2_000;

export class Comings {
  readonly #options: ComingsOptions;
  #comings: readonly Coming[] = [];
  /** What the first of them was, word for word, while it is the only one. */
  #only: Told | undefined;
  #at = 0;
  #cancel = () => {};

  constructor(options: ComingsOptions) {
    this.#options = options;
  }

  /** Somebody came or went. Who was made to go is told alone: others should see by whom. */
  take(message: Told): void {
    const { clock, how, tell } = this.#options;
    if (how() === "off") return;
    const isMade = message.type === "left" && message.reason === "kicked";
    if (how() === "on" || isMade) {
      this.tell();
      return tell(message, message.at);
    }
    if (this.#comings.length === 0) {
      this.#only = message;
      this.#at = message.at;
      this.#cancel = clock.after(MOMENT_MS, () => this.tell());
    } else this.#only = undefined;
    const is = message.type;
    const { name } = message;
    this.#comings = withComing(this.#comings, { name, is, why: "" });
    if (this.#comings.length >= COMINGS_FOLDED) this.tell();
  }

  /** Tells what was gathered, if there is something: something else is to be told after it. */
  tell(): void {
    if (this.#comings.length === 0) return;
    const told = this.#only ?? describeComings(this.#comings);
    this.#cancel();
    this.#comings = [];
    this.#only = undefined;
    this.#options.tell(told, this.#at);
  }
}
