/**
 * Of the random run: who is where and who hears what, told from the effects that the hub gives and
 * from the contract. What does not agree breaks the run.
 */
import type { Effect } from "../../src/chat/effects.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { ConnectionId } from "../../src/chat/input.ts";
import type { Users } from "../../src/wire/server.ts";
import { fold, Names, violated } from "./random_names.ts";
import { type Announcement, PresenceBook } from "./random_presence.ts";
import { type Asker, Rules } from "./random_rules.ts";

const GRACE_MS = 15_000;
const AWAY_KEPT_MS = 7 * 24 * 3_600_000;

export interface Human {
  readonly id: string;
  readonly key: string | undefined;
  name: string | undefined;
  readonly lines: Set<Line>;
  readonly places: Set<Place>;
}

/** A connection. */
export interface Line {
  readonly id: ConnectionId;
  readonly address: string;
  readonly human: Human;
  isReady: boolean;
  /** Rooms that it hears, in the order it entered them; the current one. */
  readonly places: Set<Place>;
  current: Place | undefined;
  readonly talks: Set<string>;
}

/** A room with people in it. */
export interface Place {
  readonly key: string;
  readonly name: string;
  readonly people: Map<Human, { lines: Set<Line>; leavesAt?: number }>;
}

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

export class Model {
  readonly clock: Clock;
  readonly rules: Rules;
  readonly names: Names<Human>;
  readonly humans = new Map<string, Human>();
  readonly lines = new Map<ConnectionId, Line>();
  readonly places = new Map<string, Place>();
  /** All connections that were ever opened. */
  readonly opened = new Set<ConnectionId>();
  /** Rooms whose people changed since they were last looked at, and people who may be gone. */
  readonly touched = new Set<string>();
  readonly #fading = new Set<Human>();
  /** Who was cut, in that order. */
  #lingering: { readonly human: Human; readonly place: Place }[] = [];
  #presence: PresenceBook;

  /** Why people are away, and when they said so; of those with keys also while they are not here. */
  readonly #away = new Map<string, { text: string; at: number }>();
  readonly #lastSeen = new Map<string, { address: string; at: number }>();

  constructor(clock: Clock, admins: readonly string[]) {
    this.clock = clock;
    this.names = new Names(clock, (key) => this.humans.has(key));
    this.rules = new Rules({
      admins,
      now: () => clock.wall(),
      heldAt: (key, at) => this.names.heldAt(key, at),
    });
    this.#presence = new PresenceBook(clock);
  }

  /** Where somebody is or, who is gone for less than an hour, was. */
  addressesOf(human: Human | undefined, key: string | undefined): string[] {
    const lines = [...human?.lines ?? []];
    if (lines.length > 0) return lines.map(({ address }) => address);
    const last = this.#lastSeen.get(key ?? "");
    const isFresh = last !== undefined &&
      last.at + 3_600_000 > this.clock.wall();
    return isFresh ? [last.address] : [];
  }

  awayOf({ id }: Human): string | undefined {
    return this.#away.get(id)?.text;
  }

  /** Somebody is away, or with an empty text back. */
  setAway({ id }: Human, text: string): void {
    if (text === "") this.#away.delete(id);
    else this.#away.set(id, { text, at: this.clock.wall() });
  }

  /** Somebody comes who was not here. */
  comes(human: Human): void {
    const away = this.#away.get(human.id);
    if (away === undefined || away.at + AWAY_KEPT_MS > this.clock.wall()) {
      return;
    }
    this.#away.delete(human.id);
  }

  asker({ id, address, human }: Line): Asker {
    return { line: id, address, key: human.key };
  }

  open(id: ConnectionId, address: string, key: string | undefined): void {
    const humanId = key ?? `guest ${id}`;
    let human = this.humans.get(humanId);
    if (human === undefined) {
      human = {
        id: humanId,
        key,
        name: undefined,
        lines: new Set(),
        places: new Set(),
      };
      this.humans.set(humanId, human);
    }
    const line: Line = {
      id,
      address,
      human,
      isReady: false,
      places: new Set(),
      current: undefined,
      talks: new Set(),
    };
    human.lines.add(line);
    this.lines.set(id, line);
    this.opened.add(id);
  }

  enter(line: Line, effect: Of<"enter">, head: number): void {
    const { room: key } = effect;
    const { human } = line;
    const refusal = this.rules.refusalOf(this.asker(line), key);
    if (refusal !== undefined && !this.rules.isUnsure(line.id, key)) {
      violated(`${human.name} entered ${key}, which is ${refusal} to it`);
    }
    if (effect.start.head !== head) {
      violated(`${key} begins at ${effect.start.head}, its head is ${head}`);
    }
    if (!this.rules.has(key)) this.rules.make(key, human.key);
    let place = this.places.get(key);
    if (place === undefined) {
      place = { key, name: effect.name, people: new Map() };
      this.places.set(key, place);
    }
    if (place.name !== effect.name || fold(place.name) !== key) {
      violated(`${key} is called ${effect.name}, and ${place.name}`);
    }
    if (line.places.has(place)) violated(`${human.name} entered ${key} again`);
    this.#arrive(human, place);
    const presence = place.people.get(human)!;
    delete presence.leavesAt;
    presence.lines.add(line);
    line.places.add(place);
    line.current ??= place;
    const users = effect.first[0] as Users;
    if ((users.count ?? users.users.length) !== place.people.size) {
      violated(`${key} has ${place.people.size} people, not what users says`);
    }
  }

  #arrive(human: Human, place: Place): void {
    if (place.people.has(human)) return;
    place.people.set(human, { lines: new Set() });
    human.places.add(place);
    this.touched.add(place.key);
    this.#presence.came(human, place);
  }

  /** A connection hears a room no longer; one that was cut may come back. */
  exit(
    line: Line,
    { room: key, head }: Of<"exit">,
    actualHead: number,
    reason: string,
  ): void {
    const place = this.places.get(key);
    if (place === undefined || !line.places.delete(place)) {
      violated(`${line.human.name} left ${key} and was not there`);
    }
    if (head !== actualHead) violated(`${key} ends at ${head}`);
    if (line.current === place) line.current = [...line.places].at(-1);
    const presence = place.people.get(line.human)!;
    presence.lines.delete(line);
    if (presence.lines.size > 0) return;
    if (reason !== "cut" || line.human.key === undefined) {
      return this.depart(line.human, place, reason);
    }
    presence.leavesAt = this.clock.monotonic() + GRACE_MS;
    this.#lingering.push({ human: line.human, place });
  }

  /** A person is in a room no more; the room must hear it soon. */
  depart(human: Human, place: Place, reason: string): void {
    this.#presence.goes(human, place, reason);
    place.people.delete(human);
    human.places.delete(place);
    this.touched.add(place.key);
    this.#fading.add(human);
    if (place.people.size > 0) return;
    this.places.delete(place.key);
    this.#presence.vanished(place);
  }

  announced(room: string, message: Announcement): void {
    const place = this.places.get(room);
    if (message.type === "joined") this.#presence.joined(room, message.name);
    else if (message.type === "presence") {
      if (place === undefined) violated(`presence of ${room}`);
      this.#presence.counted(place, message.count);
    } else if (message.type === "left") {
      const human = this.names.find(message.name);
      if (
        !this.#presence.isLeaving && message.reason === "kicked" &&
        human !== undefined && place?.people.get(human)?.lines.size === 0
      ) this.depart(human, place, "kicked"); // Who was cut has no connection to leave.
      this.#presence.left(room, message);
    }
  }

  /** Time goes by: who did not come back has left. */
  beforeTick(): void {
    const now = this.clock.monotonic();
    this.#lingering = this.#lingering.filter(({ human, place }) => {
      const leavesAt = place.people.get(human)?.leavesAt;
      if (leavesAt !== undefined && leavesAt > now) return true;
      if (leavesAt !== undefined) this.depart(human, place, "cut");
      return false;
    });
  }

  afterTick(): void {
    this.#presence.afterTick();
  }

  end(line: Line): void {
    if (line.places.size > 0) violated(`${line.id} ended and is in rooms`);
    this.lines.delete(line.id);
    line.human.lines.delete(line);
    const { key, lines } = line.human;
    if (key !== undefined && lines.size === 0 && line.isReady) {
      const { address } = line;
      this.#lastSeen.set(key, { address, at: this.clock.wall() });
    }
    this.#fading.add(line.human);
  }

  /** An input was handled: people without connections and rooms are gone. */
  sweep(): void {
    this.#presence.balance();
    for (const human of this.#fading) {
      if (human.lines.size > 0 || human.places.size > 0) continue;
      this.names.gone(human);
      this.humans.delete(human.id);
    }
    this.#fading.clear();
  }

  /** The server starts again: nobody is here. */
  restart(): void {
    this.humans.clear();
    this.lines.clear();
    this.places.clear();
    this.names.clear();
    this.#lingering = [];
    this.#presence = new PresenceBook(this.clock);
  }
}
