/** Of the random run: messages as they are on the wire. */
import type { Model } from "./random_model.ts";
import { type Dice, somebodysName } from "./random_people.ts";

export type Sent = Record<string, unknown>;

export class Words {
  readonly #dice: Dice;
  readonly #model: Model;
  #lastId = 0;

  constructor(dice: Dice, model: Model) {
    this.#dice = dice;
    this.#model = model;
  }

  /** An id that was never used; sometimes none. */
  id(): { id?: string } {
    return this.#dice.chance(0.8) ? this.always() : {};
  }

  always(): { id: string } {
    return { id: `i${++this.#lastId}` };
  }

  chat(txt: string): Sent {
    return { type: "chat", txt, ...this.id() };
  }

  command(name: string, args: string): Sent {
    return { type: "command", name, args, ...this.id() };
  }

  /** Of somebody who is here, of somebody who may not be, or of nobody. */
  anyName(): string {
    if (this.#dice.chance(0.3)) return somebodysName(this.#dice);
    const human = this.#dice.pick([...this.#model.humans.values()]);
    return human?.name ?? "nobody-is-called-so";
  }
}
