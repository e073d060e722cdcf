/** Of the random run: what 1,000 people do, sensibly and not, from a seed. */
import { readClientObject } from "../../src/wire/client.ts";
import type { Checker } from "./random_check.ts";
import type { Line } from "./random_model.ts";
import { Moderators } from "./random_moderators.ts";
import { type Dice, PEOPLE, roomName, somebodysName } from "./random_people.ts";
import { type ConnectionId, connectionId } from "../../src/chat/input.ts";
import type { Act } from "./random_turns.ts";
import { type Sent, Words } from "./random_words.ts";

type Habit = (line: Line) => Sent[];

/** A seat at which a person sits: one with a key has up to three connections. */
interface Seat {
  readonly key: string | undefined;
  readonly address: string;
  readonly most: number;
  lines: ConnectionId[];
}

const OTHER: [string, string][] = [
  ["help", ""],
  ["help", "kick"],
  ["who", ""],
  ["rooms", ""],
  ["part", ""],
  ["find", "said"],
  ["tell", "ann1 psst"],
  ["nick", "ann2"],
  ["frobnicate", "now"],
  ["join", "two rooms"],
  ["join", ""],
  ["join", "+"],
  ["join", "@ann1"],
  ["kick", ""],
  ["msg", ""],
  ["msg", "nobody-is-called-so hello"],
  ["name", "guest-7"],
  ["name", "a b"],
  ["history", "9999"],
  ["search", ""],
  ["op", "nobody-is-called-so"],
  ["help", "/kcik"],
  ["LIST", " "],
];

export class Inputs {
  readonly #dice: Dice;
  readonly #checker: Checker;
  readonly #seats: readonly Seat[];
  readonly #words: Words;
  readonly #moderators: Moderators;
  #lastLine = 0;
  readonly #acts: readonly (readonly [weight: number, habit: Habit])[];
  readonly #weight: number;

  constructor(dice: Dice, checker: Checker) {
    this.#dice = dice;
    this.#checker = checker;
    this.#words = new Words(dice, checker.model);
    this.#moderators = new Moderators(dice, checker.model, this.#words);
    this.#seats = PEOPLE.map((person) => ({ ...person, lines: [] }));
    this.#acts = this.#table();
    this.#weight = this.#acts.reduce((sum, [weight]) => sum + weight, 0);
  }

  /** What somebody does next: one input, or some that belong together. */
  next(): Act[] {
    const dice = this.#dice;
    const { model } = this.#checker;
    if (dice.chance(0.02)) return [{ kind: "tick" }];
    const lost = dice.chance(0.5)
      ? this.#checker.answers.lost.pop()
      : undefined;
    if (lost !== undefined && model.lines.has(lost.line.id)) {
      const { line: { id }, message } = lost;
      return [{ kind: "message", id, message }];
    }
    const seat = dice.pick(this.#seats);
    seat.lines = seat.lines.filter((id) =>
      !model.opened.has(id) || model.lines.has(id)
    );
    const wants = seat.lines.length < seat.most &&
      dice.chance(seat.lines.length === 0 ? 0.6 : 0.05);
    if (wants) return this.#arrive(seat);
    if (seat.lines.length === 0) return [];
    const line = model.lines.get(dice.pick(seat.lines));
    if (line === undefined) return [];
    if (dice.chance(0.025)) {
      const how = dice.chance(0.7) ? "cut" : "closed";
      return [{ kind: "close", id: line.id, how }];
    }
    if (!line.isReady) return [this.#said(line.id, this.#hello())];
    let left = dice.below(this.#weight);
    for (const [weight, act] of this.#acts) {
      left -= weight;
      if (left < 0) return act(line).map((one) => this.#said(line.id, one));
    }
    return [];
  }

  /** Somebody moderates. */
  moderation(): Act[] {
    return this.#moderators.next().map(([line, sent]) =>
      this.#said(line.id, sent)
    );
  }

  #arrive(seat: Seat): Act[] {
    const id = connectionId("1", ++this.#lastLine);
    seat.lines.push(id);
    const { key, address } = seat;
    const isLocal = address.startsWith("127.");
    const peer = {
      ...(key === undefined ? {} : { key }),
      address,
      ip: address,
      isLocal,
    };
    const inputs: Act[] = [{ kind: "open", id, peer }];
    if (this.#dice.chance(0.03)) {
      inputs.push(this.#said(id, this.#words.chat("early")));
    }
    if (this.#dice.chance(0.95)) inputs.push(this.#said(id, this.#hello()));
    if (this.#dice.chance(0.3)) {
      inputs.push(this.#said(id, this.#words.chat("hello")));
    }
    return inputs;
  }

  #hello(): Sent {
    const dice = this.#dice;
    const count = dice.chance(0.2) ? dice.below(4) : 0;
    const rooms = Array.from({ length: count }, () => [
      dice.chance(0.3) ? `@${this.#words.anyName()}` : roomName(dice),
      { seq: dice.below(40) },
    ]);
    return {
      type: "hello",
      ...(dice.chance(0.5) ? { name: somebodysName(dice) } : {}),
      ...(dice.chance(0.2) ? { suggest: somebodysName(dice) } : {}),
      ...(dice.chance(0.5) ? { room: roomName(dice) } : {}),
      ...(dice.chance(0.05) ? { room: "" } : {}),
      ...(count > 0 ? { resume: Object.fromEntries(rooms) } : {}),
    };
  }

  #table(): (readonly [number, Habit])[] {
    const dice = this.#dice;
    const command =
      (name: string, args: () => string = () => ""): Habit => () => [
        this.#words.command(name, args()),
      ];
    const to = () => this.#words.anyName();
    return [
      [24, () => [this.#words.chat(`said ${dice.below(1_000)}`)]],
      [5, () => [{ ...this.#words.chat("there"), room: roomName(dice) }]],
      [
        3,
        () => [
          this.#words.chat(dice.pick(["//slashed", "/me waves", "/users"])),
        ],
      ],
      [4, (line) => this.#again(line)],
      [8, () => [{ ...this.#words.chat("psst"), to: to() }]],
      [3, command("msg", () => `${to()} psst`)],
      [3, command("me", () => "waves")],
      [7, command("join", () => roomName(dice))],
      [8, command("join", () => `+${roomName(dice)}`)],
      [4, command("leave")],
      [1, command("users")],
      [1, command("list")],
      [4, command("name", () => somebodysName(dice))],
      [2, command("whois", to)],
      [2, command("away", () => dice.pick(["", "lunch"]))],
      [1, command("topic", () => dice.pick(["", "news"]))],
      [2, command("history", () => dice.pick(["", "7"]))],
      [1, command("search", () => "said")],
      [1, command("search", () => `in:${this.#where()} said`)],
      [2, command("search", () => `in:all ${this.#before()}said`)],
      [1, command("ops")],
      [2, command("bans")],
      [1, command("mutes")],
      [4, (line) => [this.#moderators.attempt(line.current)]],
      [
        3,
        () => [this.#history(dice.chance(0.5) ? roomName(dice) : `@${to()}`)],
      ],
      [3, (line) => this.#typing(line)],
      [1, () => [{ type: "typing", to: to() }]],
      [4, () => [this.#read()]],
      [1, () => [this.#watch()]],
      [1, () => [{ type: "bye" }]],
      [1, command("quit")],
      [3, () => [this.#words.command(...dice.pick(OTHER))]],
      [1, () => [this.#hello()]],
    ];
  }

  #said(id: ConnectionId, message: Sent): Act {
    return { kind: "message", id, message: readClientObject(message) };
  }

  /** A message is sent again, as it was or with other words. */
  #again(line: Line): Sent[] {
    const acked = this.#checker.answers.lastOf(line.human.id);
    if (acked === undefined) return [];
    const { message } = acked;
    return message.type === "chat" && this.#dice.chance(0.3)
      ? [{ ...message, txt: "other words" }]
      : [message];
  }

  /** Twice, and the second time the room is written otherwise. */
  #typing({ current }: Line): Sent[] {
    const room = current?.name ?? roomName(this.#dice);
    return [{ type: "typing", room }, {
      type: "typing",
      room: room.toUpperCase(),
    }];
  }

  #where(): string {
    return this.#dice.chance(0.5)
      ? `#${roomName(this.#dice)}`
      : `@${this.#words.anyName()}`;
  }

  /** Mostly from the end on, else before what was said somewhere. */
  #before(): string {
    const room = this.#where().replace("#", "");
    return this.#dice.chance(0.7)
      ? ""
      : `before:${room}:${this.#dice.below(40)} `;
  }

  #history(room: string): Sent {
    return { type: "history", room, before: 9, limit: 9, ...this.#words.id() };
  }

  #watch(): Sent {
    const what = this.#dice.chance(0.7) ? ["log"] : [];
    return { type: "watch", what, ...this.#words.id() };
  }

  #read(): Sent {
    const dice = this.#dice;
    const room = dice.chance(0.5)
      ? roomName(dice)
      : `@${this.#words.anyName()}`;
    return { type: "read", room, seq: dice.below(60) };
  }
}
