/** Of the random run: the dice, and who and what there is. */

/** Numbers from a seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1, without it. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.roll() * end);
  }

  chance(probability: number): boolean {
    return this.roll() < probability;
  }

  /** One of some things; nothing when there are none. */
  pick<T>(things: readonly T[]): T {
    return things[this.below(things.length)]!;
  }
}

/** What these fold to is often the same: upper and lower case, ß and SS; or looks so. */
const FORENAMES = "ann Bob EVE bob B0b straße STRASSE иван".split(" ");
const ROOMS = ["r", "R", "zürich", "ZÜRICH", "gasse", "Gaße", "план"];

/** A name of one's choice; others choose it, too. */
export function somebodysName(dice: Dice): string {
  return `${dice.pick(FORENAMES)}${dice.below(100)}`;
}

/** Mostly one of a few rooms; now and then one that nobody was in, or that cannot be. */
export function roomName(dice: Dice): string {
  if (dice.chance(0.1)) return "lobby";
  if (dice.chance(0.02)) return dice.pick(["LOBBY", "no/room", "...", "a b"]);
  const number = Math.floor(60 * dice.roll() ** 3);
  return `${dice.pick(ROOMS)}${number}`;
}

/** Fingerprints of the first people are those of the administrators. */
export const ADMINS = [0, 1, 2].map(fingerprintOf);

function fingerprintOf(index: number): string {
  return `SHA256:${`${index}`.padStart(4, "0")}${"x".repeat(39)}`;
}

/** 1,000 people: 700 with keys, and 300 guests, some of them from the same machine or network. */
export const PEOPLE = Array.from({ length: 1_000 }, (_, index) => {
  const address = index % 4 === 0 ? "127.0.0.1" : `10.0.0.${index % 151}`;
  return index < 700
    ? { key: fingerprintOf(index), address, most: 1 + index % 3 }
    : { key: undefined, address, most: 1 };
});
