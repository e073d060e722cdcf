/**
 * Of the random run: that everyone who comes or goes is told of once, or in large rooms counted.
 */
import type { Effect } from "../../src/chat/effects.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { Human, Place } from "./random_model.ts";
import { violated } from "./random_names.ts";

/** In larger rooms nobody is told who comes and goes. */
export const CROWD = 200;
const PRESENCE_MS = 1_000;

export type Announcement = Extract<Effect, { kind: "announce" }>["message"];
export type Left = Extract<Announcement, { type: "left" }>;

export class PresenceBook {
  readonly #clock: Clock;
  /** `joined` that were said before their `enter`; `left` that must be said. */
  readonly #coming: string[] = [];
  readonly #leaving: { human: Human; place: Place; reason: string }[] = [];
  /** Since when people came and went unsaid in large rooms; when that was last told. */
  readonly #crowded = new Map<Place, number>();
  readonly #toldAt = new WeakMap<Place, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether somebody's `left` is awaited. */
  get isLeaving(): boolean {
    return this.#leaving.length > 0;
  }

  /** `joined` is said. */
  joined(room: string, name: string): void {
    this.#coming.push(`${room} ${name}`);
  }

  /** Somebody has come. */
  came({ name }: Human, place: Place): void {
    if (place.people.size > CROWD) return this.#note(place);
    const said = this.#coming.indexOf(`${place.key} ${name}`);
    if (said < 0) violated(`${name} entered ${place.key} without joined`);
    this.#coming.splice(said, 1);
  }

  /** Somebody goes. */
  goes(human: Human, place: Place, reason: string): void {
    if (place.people.size > CROWD) this.#note(place);
    else this.#leaving.push({ human, place, reason });
  }

  /** `left` is said. */
  left(room: string, { name, key, reason }: Left): void {
    const next = this.#leaving.shift() ??
      violated(`left ${room} is said of ${name}, who did not leave`);
    if (
      next.place.key !== room || next.human.name !== name ||
      next.human.key !== key || next.reason !== reason
    ) violated(`left ${room} ${reason} is said of ${name}, it was another`);
  }

  /** `presence` is said. */
  counted(place: Place, count: number): void {
    const now = this.#clock.monotonic();
    if (!this.#crowded.delete(place)) {
      violated(`presence of ${place.key}, where nobody came or went unsaid`);
    }
    if (count !== place.people.size) violated(`presence of ${place.key}`);
    if (now < (this.#toldAt.get(place) ?? -Infinity) + PRESENCE_MS) {
      violated(`presence of ${place.key} twice in a second`);
    }
    this.#toldAt.set(place, now);
  }

  /** Nobody is in a room any more. */
  vanished(place: Place): void {
    this.#crowded.delete(place);
  }

  /** The hub has had its time to tell of the large rooms. */
  afterTick(): void {
    for (const [place, since] of this.#crowded) {
      if (this.#clock.monotonic() < since + PRESENCE_MS) continue;
      violated(`presence of ${place.key} was not told for a second`);
    }
  }

  /** An input was handled: nothing is said of nobody, and nobody came or went unsaid. */
  balance(): void {
    for (const coming of this.#coming) {
      violated(`joined ${coming} is said, and nobody entered`);
    }
    for (const { human, place } of this.#leaving) {
      violated(`${human.name} left ${place.key} without left`);
    }
  }

  #note(place: Place): void {
    const since = this.#crowded.get(place) ?? this.#clock.monotonic();
    this.#crowded.set(place, since);
  }
}
