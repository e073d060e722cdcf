/**
 * Of the random run: those who keep rooms, those who would like to, and those who come back though
 * they were thrown out.
 */
import type { Human, Line, Model, Place } from "./random_model.ts";
import { type Dice } from "./random_people.ts";
import type { Sent, Words } from "./random_words.ts";

const COMMANDS = [
  "kick",
  "ban",
  "ban",
  "unban",
  "mute",
  "unmute",
  "op",
  "op",
  "deop",
  "lock",
  "unlock",
  "unlock",
  "invite",
  "topic",
];

export class Moderators {
  readonly #dice: Dice;
  readonly #model: Model;
  readonly #words: Words;

  constructor(dice: Dice, model: Model, words: Words) {
    this.#dice = dice;
    this.#model = model;
    this.#words = words;
  }

  /**
   * Mostly somebody who may does something to a room, and those who were thrown out try to come
   * back.
   */
  next(): [Line, Sent][] {
    const dice = this.#dice;
    const { places, rules } = this.#model;
    const place = dice.pick([...places.values()]);
    if (place === undefined) return [];
    const might = [...place.people].filter(([human, { lines }]) =>
      lines.size > 0 &&
      (dice.chance(0.02) || rules.rankOf(human.key, place.key) > 0)
    );
    const [, presence] = dice.pick(might) ?? [];
    if (presence === undefined) return [];
    const line = dice.pick([...presence.lines]);
    const there = this.#words.command("join", `+${place.name}`);
    const name = dice.pick(COMMANDS);
    const target = this.#target(name, place);
    return [
      ...(line.current === place ? [] : [[line, there] satisfies [Line, Sent]]),
      [line, this.#command(name, place, target)],
      ...(/^(kick|ban|unban|invite)$/.test(name)
        ? this.#comeBack(target, place)
        : []),
    ];
  }

  /** What anybody tries where it is. */
  attempt(place: Place | undefined): Sent {
    const name = this.#dice.pick(COMMANDS);
    return this.#command(name, place, this.#words.anyName());
  }

  /** Always with an id, so that it shows whether it was done. */
  #command(name: string, place: Place | undefined, target: string): Sent {
    const dice = this.#dice;
    // The lobby is not locked often: else few would be let in.
    if (name === "lock" && place?.key === "lobby" && dice.chance(0.8)) {
      name = "unlock";
    }
    const args = name.endsWith("lock")
      ? ""
      : name === "topic"
      ? `topic ${dice.below(9)}`
      : target;
    return { ...this.#words.command(name, args), ...this.#words.always() };
  }

  /** Mostly one on whom the command has an effect. */
  #target(command: string, place: Place): string {
    const dice = this.#dice;
    const { humans, rules } = this.#model;
    const { bans, muted, operators } = rules.get(place.key);
    const named = (ids: Iterable<string>) =>
      Array.from(ids, (id) => humans.get(id)?.name ?? "nobody-is-called-so");
    const fit = command === "unban"
      ? bans.map(({ name }) => name)
      : command === "unmute"
      ? named(muted)
      : command === "deop"
      ? named(operators)
      : command === "invite"
      ? [this.#words.anyName()]
      : Array.from(place.people.keys(), ({ name }) => name!);
    return dice.chance(0.15) || fit.length === 0
      ? this.#words.anyName()
      : dice.pick(fit);
  }

  #comeBack(target: string, place: Place): [Line, Sent][] {
    const human: Human | undefined = this.#model.names.find(target);
    const words = this.#words;
    return [...human?.lines ?? []].filter(({ isReady }) => isReady).flatMap(
      (line): [Line, Sent][] => [
        [line, words.command("join", `+${place.name}`)],
        [line, { type: "history", room: place.name, ...words.always() }],
        [line, words.command("search", "said")],
        [line, { ...words.chat("back again"), room: place.name }],
      ],
    );
  }
}
